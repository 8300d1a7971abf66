"""The report in Markdown: the verdict first, then the numbers behind it."""

from collections.abc import Mapping
from typing import Any

from .markdown import escape, table
from .verdict import Verdict, is_loss

Content = Mapping[str, Any]


def write_report(verdict: Verdict, metrics: Content, details: Content, counts: Content) -> str:
    """Compose the report.

    Args:
        verdict: From `judge`.
        metrics: The content of metrics.json.
        details: The content of details.json.
        counts: The content of the prepare stage's counts.json.

    Returns:
        GitHub-flavoured Markdown.
    """
    met = "The goal is met" if verdict["goal_met"] else "The goal is missed"
    sections = [
        f"# {met}",
        f"> {escape(verdict['statement'])} (owner: {escape(verdict['owner'])})",
        table(
            ["criterion", "value", "met"],
            [
                [c["criterion"], f"{c['value']:.3f}", "yes" if c["passed"] else "**no**"]
                for c in verdict["criteria"]
            ],
        ),
        "## Metrics",
        _metrics_table(metrics, details),
        "The intervals say how far chance could move the scores of this model, had other rows of "
        "the same kind been drawn for the test part (bootstrap of single rows). Dummy and linear "
        "baseline learn from the same rows and are judged on the same rows: where they "
        "score low as well, the rows are hard to predict. So two models can be compared on the "
        "same test rows only, never by scores from different months.",
        *_by_month(details),
        "## Rows",
        _rows_table(counts),
    ]
    return "\n\n".join(sections) + "\n"


def _metrics_table(metrics: Content, details: Content) -> str:
    others = [metrics["validation"], metrics["train"], details["linear"], details["dummy"]]
    rows = []
    for name, value in metrics["test"].items():
        interval = details["interval"][name]
        rows.append(
            [
                f"{name} {'↓' if is_loss(name) else '↑'}",
                f"**{value:.3f}** ({interval['low']:.3f} to {interval['high']:.3f})",
                *(f"{other[name]:.3f}" for other in others),
            ]
        )
    head = ["", "test (95 % interval)", "validation", "train", "linear, test", "dummy, test"]
    return table(head, rows)


def _by_month(details: Content) -> list[str]:
    if not details["by_month"]:
        return []
    name = details["primary_metric"]
    rows = [
        [month, f"{found['rows']:,}", f"{found['model']:.3f}", f"{found['linear']:.3f}"]
        for month, found in details["by_month"].items()
    ]
    head = ["month of the test part (UTC)", "rows", name, f"{name} of the linear baseline"]
    note = "Months with fewer than 100 rows in the test part are left out."
    return ["## By month", table(head, rows), note]


def _rows_table(counts: Content) -> str:
    rows = [["delivered", f"{counts['delivered']:,}", f"{len(counts['by_file'])} files"]]
    for part, n in counts["parts"].items():
        rows.append([f"kept: {part}", f"{n:,}", " to ".join(counts["spans"].get(part, []))])
    rules = "; ".join(f"{escape(rule)}: {n:,}" for rule, n in counts["by_rule"].items())
    rows.append(["quarantined", f"{counts['quarantined']:,}", rules])
    rows.append(["duplicates", f"{counts['duplicates']:,}", ""])
    return table(["rows", "count", ""], rows)
