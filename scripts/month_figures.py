"""The figures of docs/retraining.md: a table and a chart, from the months that were played."""

import json
from calendar import month_name
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parents[1] / "docs" / "retraining.md"
COLOURS = {"frozen": "#d95f02", "retrained": "#1f78b4", "refitted": "#7570b3"}
BEGIN, END = "<!-- figures of scripts/months.py -->", "<!-- end of figures -->"


class Month(NamedTuple):
    """How the models did on a month's flights, and what `compare` then said.

    Attributes:
        month: Its number.
        rows: How many flights.
        frozen: Score of the model of January to March.
        retrained: Score of the project's model.
        refitted: Score of the same settings, fitted on all rows before the month.
        low: Of the 95 % interval of retrained minus frozen.
        high: Of the same.
        verdict: Of `compare` with the month before.
    """

    month: int
    rows: int
    frozen: float
    retrained: float
    refitted: float
    low: float
    high: float
    verdict: str


def describe(months: list[Month]) -> str:
    """Compose the table and the chart as GitHub-flavoured Markdown."""
    lines = [
        "| judged on | flights | frozen in March | retrained | difference (95 % interval) "
        "| refitted on all rows | then `compare` with the month before |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in months:
        lines.append(
            f"| {month_name[each.month]} | {each.rows:,} | {each.frozen:.3f} "
            f"| {each.retrained:.3f} | {each.retrained - each.frozen:+.3f} "
            f"({each.low:+.3f} to {each.high:+.3f}) | {each.refitted:.3f} | {each.verdict} |"
        )
    return "\n".join([*lines, "", draw(months)])


def draw(months: list[Month]) -> str:
    """Compose the chart: Mermaid, which GitHub draws."""
    names = ", ".join(month_name[each.month][:3] for each in months)
    lines = [", ".join(f"{getattr(each, name):.3f}" for each in months) for name in COLOURS]
    theme = {"themeVariables": {"xyChart": {"plotColorPalette": ", ".join(COLOURS.values())}}}
    return "\n".join(
        [
            "```mermaid",
            f"%%{{init: {json.dumps(theme)}}}%%",
            "xychart-beta",
            f"    x-axis [{names}]",
            '    y-axis "ROC AUC" 0.55 --> 0.8',
            *(f"    line [{line}]" for line in lines),
            "```",
            "",
            "Orange: frozen in March, blue: retrained each month, violet: refitted on all rows.",
        ]
    )


def update_docs(figures: str) -> None:
    """Replace the figures of docs/retraining.md."""
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"
    DOCS.write_text(text, encoding="utf-8", newline="\n")
