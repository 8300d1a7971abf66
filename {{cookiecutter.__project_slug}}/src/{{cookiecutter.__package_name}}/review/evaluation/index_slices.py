"""The parts of reports/index.html that look at some rows only: slices, and fairness by group."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...common.numbers import show, show_interval, show_share
from ...common.settings import is_loss
from ..page.rank_charts import draw_slices, name_slice
from ..page.shell import Section, bullets, chart, charts, fold, paragraph, table

Content = Mapping[str, Any]
Record = Mapping[str, Any]
# Of a column, in its chart; the table has all.
MAX_SLICES = 15
NOTE = (
    "In the charts each dot is the score on a part of the test rows, and the bar what chance could "
    "make of it. Where the bar does not reach the orange line, more than chance is at work."
)
RATES = {
    "selection_rate": "taken for yes",
    "true_positive_rate": "found, of yes rows",
    "false_positive_rate": "false alarms, of no rows",
}


def describe_slices(metrics: Content, details: Content) -> list[Section]:
    """Show the primary metric on parts of the test rows, and name the worst."""
    slices, name = details["slices"], details["primary_metric"]
    if not slices:
        return []
    whole = metrics["test"][name]
    worst = [
        f"{name_slice(each)}: {name} {show(each['value'])} "
        f"({show_interval(each['low'], each['high'])}) on {each['rows']:,} rows"
        for each in details["worst_slices"]
    ]
    rows = [
        [name_slice(each), f"{each['rows']:,}"]
        + [show(each[key]) for key in ("value", "low", "high", "linear")]
        for each in slices
    ]
    head = ["slice", "rows", name, "low", "high", f"{name} of the linear baseline"]
    parts = [
        paragraph(f"On all test rows {name} is {show(whole)}. The worst slices:"),
        bullets(worst),
        paragraph(NOTE),
        charts(*_draw_by_column(slices, whole, name)),
        fold(f"All {len(rows)} slices as a table", table(head, rows)),
    ]
    return [Section("Where it is weak", parts)]


def describe_fairness(details: Content) -> list[Section]:
    """Compare the groups of sensitive columns."""
    parts = []
    for found in details["fairness"]:
        rows = [
            [str(g["group"]), f"{g['rows']:,}", *(show_share(g[rate]) for rate in RATES)]
            for g in found["groups"]
        ]
        rows.append(["lowest / highest", "", *(show(found["ratio"][rate]) for rate in RATES)])
        apart = [show_share(found["difference"][rate]) for rate in RATES]
        rows.append(["highest - lowest", "", *apart])
        head = [found["column"], "rows", *RATES.values()]
        parts.append(table(head, rows, f"rates by {found['column']}"))
    note = (
        "The same rates for all groups, a ratio of 1, are even treatment by that measure. A ratio "
        "below 0.8 is often taken as a reason to look closer; small groups differ by chance."
    )
    return [Section("Groups that must not matter", [*parts, paragraph(note)])] if parts else []


def _draw_by_column(slices: Sequence[Record], whole: float, metric: str) -> list[str]:
    """Draw a chart for each column, all over the same span of the metric."""
    by_column: dict[str, list[Record]] = {}
    for each in slices:
        by_column.setdefault(str(each["column"]), []).append(each)
    ends = [each[end] for each in slices for end in ("low", "value", "high")]
    known = [end for end in [*ends, whole] if end is not None]
    span = (min(known), max(known))
    figures = []
    for column, found in by_column.items():
        ranked = sorted(found, key=lambda s: s["value"], reverse=is_loss(metric))[:MAX_SLICES]
        title = f"By {column}" + (f", the worst {MAX_SLICES}" if len(found) > MAX_SLICES else "")
        shown = [each for each in found if each in ranked]
        figures.append(chart(title, draw_slices(shown, whole, metric, span)))
    return figures
