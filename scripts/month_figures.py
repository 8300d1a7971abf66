"""The figures of docs/retraining.md: a table and a chart, from the months that were played."""

from calendar import month_name
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parents[1] / "docs" / "retraining.md"
BEGIN, END = "<!-- figures of scripts/months.py -->", "<!-- end of figures -->"


class Month(NamedTuple):
    """How both models did on a month's flights, and what `compare` then said."""

    month: int
    rows: int
    frozen: float
    retrained: float
    low: float
    high: float
    verdict: str


def describe(months: list[Month]) -> str:
    """Compose the table and the chart as GitHub-flavoured Markdown."""
    lines = [
        "| judged on | flights | frozen in March | retrained | difference (95 % interval) "
        "| then `compare` with the month before |",
        "|---|---|---|---|---|---|",
    ]
    for each in months:
        lines.append(
            f"| {month_name[each.month]} | {each.rows:,} | {each.frozen:.3f} "
            f"| {each.retrained:.3f} | {each.retrained - each.frozen:+.3f} "
            f"({each.low:+.3f} to {each.high:+.3f}) | {each.verdict} |"
        )
    return "\n".join([*lines, "", draw(months)])


def draw(months: list[Month]) -> str:
    """Compose the chart: Mermaid, which GitHub draws."""
    names = ", ".join(month_name[each.month][:3] for each in months)
    frozen = ", ".join(f"{each.frozen:.3f}" for each in months)
    retrained = ", ".join(f"{each.retrained:.3f}" for each in months)
    return "\n".join(
        [
            "```mermaid",
            '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#d95f02, #1f78b4"}}}}%%',
            "xychart-beta",
            f"    x-axis [{names}]",
            '    y-axis "ROC AUC" 0.55 --> 0.8',
            f"    line [{frozen}]",
            f"    line [{retrained}]",
            "```",
            "",
            "Orange: frozen in March, blue: retrained each month.",
        ]
    )


def update_docs(figures: str) -> None:
    """Replace the figures of docs/retraining.md."""
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"
    DOCS.write_text(text, encoding="utf-8", newline="\n")
