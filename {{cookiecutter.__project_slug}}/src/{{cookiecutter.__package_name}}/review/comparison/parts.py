"""The parts of a comparison's page that set base and now side by side."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...common.numbers import show, show_change
from ...common.settings import is_loss
from ..page.curve_charts import draw_learning_curve, draw_roc
from ..page.rank_charts import name_slice
from ..page.shell import Section, chart, charts, fold, paragraph, table
from ..results import arrow
from .charts import draw_differences

Content = Mapping[str, Any]
# In the chart; the table has all.
MAX_SLICES = 15
CURVES = {
    "roc": ["false_positive_rate", "true_positive_rate"],
    "learning": ["step", "metric"],
}


def describe_scores(comparison: Content) -> list[Section]:
    """Show the metrics of both models on the same rows."""
    scores, value = comparison["scores"], comparison["value"]
    if not scores:
        return []
    rows = [[f"{name} {arrow(name)}", *_show_pair(pair)] for name, pair in scores.items()]
    if value is not None:
        rows.append(["value of 1,000 cases ↑", *_show_pair(value)])
    head = ["on the same rows", "base", "now", "difference", "95 % interval"]
    note = "↑ more is better, ↓ less is better. An interval that holds 0 may be chance alone."
    return [Section("Before and after", [table(head, rows), paragraph(note)])]


def describe_slices(comparison: Content) -> list[Section]:
    """Show where the change helps and where it hurts."""
    metric = comparison["metric"]
    sign = -1 if is_loss(metric) else 1
    slices = sorted(comparison["slices"], key=lambda each: sign * float(each["difference"]))
    if not slices:
        return []
    named = [{**each, "name": name_slice(each)} for each in slices]
    worse = [each["name"] for each in named if each["verdict"] == "worse"]
    said = f"Clearly worse: {'; '.join(worse)}." if worse else "No slice is clearly worse."
    rows = [
        [each["name"], f"{each['rows']:,}", *_show_pair(each), each["verdict"]] for each in named
    ]
    head = ["slice", "rows", "base", "now", "difference", "95 % interval", "verdict"]
    differences = draw_differences(named[:MAX_SLICES], f"difference of {metric}")
    parts = [
        paragraph(said),
        charts(chart("Slices, those that lost most first", differences)),
        fold(f"All {len(rows)} slices as a table", table(head, rows)),
    ]
    return [Section("Slices before and after", parts)]


def describe_curves(comparison: Content) -> list[Section]:
    """Draw the curves of both models over each other."""
    now, base = comparison["curves"]["now"], comparison["curves"]["base"]
    found = {
        kind: {
            name: pd.DataFrame(curves[kind], columns=names)
            for name, curves in (("now", now), ("base", base))
            if curves.get(kind)
        }
        for kind, names in CURVES.items()
    }
    figures = []
    if found["roc"]:
        figures.append(chart("ROC curves", draw_roc(found["roc"])))
    if found["learning"]:
        metric = comparison["metric"]
        reading = f"{metric} on the validation rows after each round of training."
        curve = draw_learning_curve(found["learning"], metric).properties(description=reading)
        figures.append(chart("Learning curves", curve))
    return [Section("Curves", [charts(*figures)])] if figures else []


def _show_pair(pair: Content) -> list[str]:
    return [
        show(pair["base"]),
        show(pair["now"]),
        show_change(pair["difference"]),
        f"{show_change(pair['low'])} to {show_change(pair['high'])}",
    ]
