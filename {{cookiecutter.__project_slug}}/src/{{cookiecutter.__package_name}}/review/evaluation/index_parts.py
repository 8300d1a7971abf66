"""The parts of reports/index.html that every task has, and the value of decisions."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...common.numbers import show, show_interval, show_limit
from ...common.settings import is_loss
from ..page.curve_charts import draw_value_by_threshold
from ..page.rank_charts import draw_scores, draw_value, name_slice
from ..page.shell import Section, bullets, chart, charts, fold, paragraph, table
from ..page.words import MEANINGS
from ..results import arrow
from ..verdict import Verdict, failed_criteria

Content = Mapping[str, Any]
WAYS = {
    "model": "the model decides",
    "linear": "a linear model decides",
    "never": "never yes",
    "always": "always yes",
}


def summarise(verdict: Verdict, metrics: Content, details: Content, counts: Content) -> Section:
    """Say the verdict in sentences, with the numbers that it rests on."""
    name, n = details["primary_metric"], details["rows"]["test"]
    span = " to ".join(counts["spans"].get("test", []))
    rows = f"{n:,} rows that the model has not seen" + (f", from {span}" if span else "")
    failed, total = failed_criteria(verdict), len(verdict["criteria"])
    if failed:
        first = f"{len(failed)} of {total} criteria fail on {rows}, so the model is not packaged:"
    else:
        first = f"{'All' if total > 1 else 'The'} {total} criteria hold on {rows}."
    value, interval = metrics["test"][name], details["interval"][name]
    baselines = details["baselines"]
    score = (
        f"{name} is {show(value)}; with other rows of the same kind it would lie between "
        f"{show(interval['low'])} and {show(interval['high'])} (95 % interval). A simple linear "
        f"model reaches {show(baselines['linear'][name])}, one that looks at nothing "
        f"{show(baselines['dummy'][name])}; {'lower' if is_loss(name) else 'higher'} is better."
    )
    score += _name_better(baselines["linear"][name], value, name)
    parts = [paragraph(first), *([bullets(failed)] if failed else []), paragraph(score)]
    parts += [paragraph(text) for text in (*_value_in_words(details), *_weakest(details))]
    return Section("In short", parts)


def describe_criteria(verdict: Verdict) -> Section:
    """List what the goal asks for and what came out."""
    rows = [
        [each["criterion"], show(each["value"]), "✓ yes" if each["passed"] else "✗ no"]
        for each in verdict["criteria"]
    ]
    return Section("What the goal asks for", [table(["criterion", "is", "met"], rows)])


def describe_value(details: Content, tables: Mapping[str, pd.DataFrame]) -> list[Section]:
    """Show what the decisions are worth, if params.yaml gives them a value."""
    decision = details["decision"]
    if decision is None or decision["per_1000"] is None:
        return []
    worth, threshold = decision["per_1000"], decision["threshold"]
    kinds = [
        [kind.replace("_", " "), show_limit(value)] for kind, value in decision["value"].items()
    ]
    figures = [chart("Value of 1,000 cases", draw_value(worth, decision["interval"]))]
    if "value" in tables:
        by_threshold = draw_value_by_threshold(tables["value"], threshold)
        figures.append(chart("Value by threshold", by_threshold))
    rule = (
        f"A row counts as yes from a probability of {threshold:.1%}, the threshold worth most on "
        f"the validation rows. That makes {decision['selection_rate']:.1%} of the test rows a yes."
    )
    if threshold > 1:
        rule = "It was worth most on the validation rows never to say yes, so no row counts as yes."
    rows = [[WAYS.get(way, way), show(value)] for way, value in worth.items()]
    parts = [
        paragraph(rule),
        table(["way to decide", "value of 1,000 cases"], rows),
        charts(*figures),
        fold("What a decision is worth", table(["decision", "value"], kinds)),
    ]
    return [Section("What it is worth", parts)]


def describe_metrics(metrics: Content, details: Content) -> Section:
    """Show each metric with its interval, on each part and beside the baselines."""
    test, interval, baselines = metrics["test"], details["interval"], details["baselines"]
    rows, scores = [], []
    for name, value in test.items():
        linear, dummy = baselines["linear"][name], baselines["dummy"][name]
        low, high = interval[name]["low"], interval[name]["high"]
        others = [metrics["validation"][name], metrics["train"][name], linear, dummy]
        label = f"{name} {arrow(name)}"
        rows.append([label, show(value), show_interval(low, high), *map(show, others)])
        scores.append(
            {"metric": name, "model": value, "low": low, "high": high}
            | {"linear": linear, "dummy": dummy}
        )
    head = ["", "test", "95 % interval", "validation", "train", "linear, test", "dummy, test"]
    figures = []
    for title, losses in (("Scores", False), ("Losses and errors", True)):
        chosen = [score for score in scores if is_loss(str(score["metric"])) == losses]
        if chosen:
            figures.append(chart(title, draw_scores(chosen, losses)))
    note = (
        "↑ more is better, ↓ less is better. The linear and the dummy baseline learn from the same "
        "rows and are judged on the same rows: where they score low as well, the rows are hard to "
        "predict. So never compare scores from different rows."
    )
    meanings = [f"{name}: {MEANINGS[name]}" for name in test if name in MEANINGS]
    parts = [table(head, rows), paragraph(note), fold("What the metrics mean", bullets(meanings))]
    return Section("Metrics", [*parts, charts(*figures)])


def describe_rows(counts: Content) -> Section:
    """Count the rows from delivery to the parts."""
    rows = [["delivered", f"{counts['delivered']:,}", f"files: {len(counts['by_file']):,}"]]
    for part, n in counts["parts"].items():
        rows.append([f"kept: {part}", f"{n:,}", " to ".join(counts["spans"].get(part, []))])
    rules = "; ".join(f"{rule}: {n:,}" for rule, n in counts["by_rule"].items())
    rows.append(["quarantined", f"{counts['quarantined']:,}", rules])
    rows.append(["duplicates", f"{counts['duplicates']:,}", ""])
    return Section("Rows", [table(["rows", "count", ""], rows)])


def _name_better(linear: float, model: float, metric: str) -> str:
    # The goal may be met all the same; its owner should know that less would do.
    if (linear < model) if is_loss(metric) else (linear > model):
        return " So on these rows the simple linear model does better than this one."
    return ""


def _value_in_words(details: Content) -> list[str]:
    decision = details["decision"]
    if decision is None or decision["per_1000"] is None:
        return []
    worth, interval = decision["per_1000"], decision["interval"]
    span = f" ({show_interval(interval['low'], interval['high'])})" if interval else ""
    others = [f"{show(value)} if {WAYS[way]}" for way, value in worth.items() if way != "model"]
    said = [f"1,000 cases are worth {show(worth['model'])}{span}; {', '.join(others)}."]
    best = max(worth, key=lambda way: float(worth[way]))
    if worth[best] > worth["model"]:
        said.append(f"So these cases are worth more if {WAYS[best]}.")
    return said


def _weakest(details: Content) -> list[str]:
    worst = [f"{name_slice(s)} ({show(s['value'])})" for s in details["worst_slices"]]
    return [f"It is weakest on {'; '.join(worst)}."] if worst else []
