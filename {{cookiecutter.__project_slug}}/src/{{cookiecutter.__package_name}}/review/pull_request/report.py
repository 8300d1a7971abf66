"""The report for a pull request, in GitHub-flavoured Markdown: the verdict first."""

from collections.abc import Mapping, Sequence

from ..results import Content
from .change import Change, Curves
from .change_tables import (
    changes,
    compared_scores,
    compared_value,
    worse_slices,
)
from .mermaid import draw_lines
from .reproducibility import Reproducibility
from .result_tables import confusion_table, criteria_table, own_scores, own_value
from .short import fold, shorten

# GitHub refuses a comment of more than 65,536 characters.
MAX_BYTES = 60_000
NOTE = "Learning curves are of each model's own validation rows; one that ends early goes on flat."
IN_WORDS = {
    "better": "better than that of {rev}",
    "same within noise": "as good as that of {rev}, within noise",
    "worse": "worse than that of {rev}",
    "not comparable": "not comparable with that of {rev}",
}


def write_pull_request(
    change: Change,
    reproducibility: Reproducibility,
    links: Mapping[str, str],
    notes: Sequence[str] = (),
) -> str:
    """Compose the report, of less than `MAX_BYTES` whatever the data.

    Args:
        change: From `read_change`.
        reproducibility: From `judge_reproducibility`.
        links: Addresses by what they show.
        notes: Of `reproduce`, in Markdown.
    """
    sections = [
        *_verdict(change),
        *notes,
        criteria_table(change.verdict),
        *_metrics(change),
        *_curves(change.curves),
        *confusion_table(change.confusion),
        *(_changes(change.comparison) if change.comparison else []),
        f"**Reproducibility: {reproducibility.word}** ({shorten(reproducibility.reason, 300)}).",
        _show_links(links),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def write_failure(failure: str, notes: Sequence[str], links: Mapping[str, str]) -> str:
    """Compose the report of a pipeline that did not run through: it has no results to show."""
    said = f"`dvc repro` failed: {shorten(failure, 2000)}"
    return "\n\n".join(["# The pipeline failed", said, *notes, _show_links(links)]) + "\n"


def _show_links(links: Mapping[str, str]) -> str:
    return " · ".join(f"[{name}](<{address}>)" for name, address in links.items())


def _verdict(change: Change) -> list[str]:
    verdict, comparison = change.verdict, change.comparison
    title = "The goal is met" if verdict["goal_met"] else "The goal is missed"
    statement = shorten(verdict["statement"], 1500)
    goal = f"> {statement} (owner: {shorten(verdict['owner'], 200)})"
    if comparison is None:
        nothing = (
            "Nothing was compared: `compare --base REV` sets this model beside an earlier one."
        )
        return [f"# {title}", goal, nothing]
    base = comparison["base"]
    words = IN_WORDS[comparison["verdict"]].format(rev=shorten(base["rev"], 100))
    blocked = "; ".join(shorten(text, 300) for text in comparison["blocked_by"][:10])
    return [
        f"# {title}, and the model is {words}",
        goal,
        f"{shorten(comparison['reason'], 800)} {_sure(comparison)}".strip(),
        f"**Blocked:** {blocked}." if comparison["blocks"] else "",
        f"Base: {shorten(base['commit'][:12])}. {shorten(base['note'], 500)}".strip(),
        "**The comparison is older than the results here: run `compare` again.**"
        if change.is_outdated
        else "",
    ]


def _sure(comparison: Content) -> str:
    """Say how likely the model is better, and how many rows would tell."""
    difference, needed, rows = (comparison[key] for key in ("difference", "needed_rows", "rows"))
    if difference is None:
        return ""
    # A thousand resamples can't tell one in a thousand from never.
    share = min(max(difference["probability_better"], 0.01), 0.99)
    words = {0.01: "at most 1%", 0.99: "at least 99%"}.get(share, f"{share:.0%}")
    sure = f"It is better with a probability of {words}."
    if needed is None or needed <= rows:
        return sure
    return (
        f"{sure} To find a difference of `review.min_difference` four times out of five, "
        f"{needed:,} test rows would be needed instead of {rows:,}."
    )


def _metrics(change: Change) -> list[str]:
    own = own_scores(change.metrics, change.details)
    if change.comparison is None or not change.comparison["scores"]:
        return ["## Metrics", own, *own_value(change.details)]
    return [
        "## Metrics against base",
        compared_scores(change.comparison),
        *compared_value(change.comparison),
        fold("All metrics of this model", own, *own_value(change.details)),
    ]


def _curves(curves: Curves) -> list[str]:
    roc, learning = (
        {name: curves[name][kind] for name in ("base", "now") if curves.get(name, {}).get(kind)}
        for kind in ("roc", "learning")
    )
    in_percent = {name: [[100 * x, y] for x, y in points] for name, points in roc.items()}
    labels = ("false positive rate in percent", "true positive rate")
    charts = [
        draw_lines("ROC curve, test part", *labels, in_percent, (0, 1)),
        draw_lines("Learning curve, validation part", "round", "metric of the goal", learning),
    ]
    drawn = [chart for chart in charts if chart]
    return [fold("ROC and learning curves", *drawn, NOTE)] if drawn else []


def _changes(comparison: Content) -> list[str]:
    return [
        "## Slices that got worse",
        *worse_slices(comparison),
        "## What changed",
        *changes(comparison),
    ]
