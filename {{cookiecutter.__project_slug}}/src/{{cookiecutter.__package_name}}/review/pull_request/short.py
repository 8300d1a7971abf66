"""Markdown that stays short, whatever the data: a pull request's comment has a limit of bytes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ...common.numbers import show_change
from ..markdown import escape, table

Item = TypeVar("Item")


def shorten(text: object, max_bytes: int = 100) -> str:
    """Escape text from settings or data; what then takes more bytes of UTF-8 is cut off."""
    # A character takes at least a byte, so that the loop is short for the longest text.
    shown = str(text)[: max_bytes + 1]
    escaped = escape(shown)
    while len(escaped.encode()) > max_bytes:
        shown = shown[: len(shown) * 9 // 10]
        escaped = escape(shown) + "…"
    return escaped


def name_some(texts: Sequence[object], limit: int = 3) -> str:
    """Name the first few, and say how many more there are."""
    named = ", ".join(shorten(text, 60) for text in texts[:limit])
    return named + (f" and {len(texts) - limit:,} more" if len(texts) > limit else "")


def cut_table(
    head: Sequence[str],
    items: Sequence[Item],
    row_of: Callable[[Item], Sequence[str]],
    max_bytes: int,
    left_out: str,
) -> str:
    """Compose a table of as many rows, from the first, as fit.

    Args:
        head: The columns' titles.
        items: What the rows are about.
        row_of: Gives the cells of an item's row, in Markdown.
        max_bytes: Of all rows, in UTF-8.
        left_out: What is said after the number of rows that were left out.
    """
    shown: list[Sequence[str]] = []
    for item in items:
        row = row_of(item)
        max_bytes -= len(" | ".join(row).encode()) + len("|  |\n")
        if max_bytes < 0:
            break
        shown.append(row)
    rest = len(items) - len(shown)
    return table(head, shown) + (f"\n\n{rest:,} {left_out}" if rest else "")


def fold(summary: str, *parts: str) -> str:
    """Hide Markdown behind a line that opens it; the line itself must be our own plain text."""
    # GitHub reads Markdown inside HTML after a blank line only.
    return "\n\n".join([f"<details>\n<summary>{summary}</summary>", *parts, "</details>"])


def change(difference: float | None, low: float | None, high: float | None) -> str:
    """Show a difference with its direction and its 95 % interval."""
    if difference is None:
        return "-"
    arrow = "↑" if difference > 0 else "↓" if difference < 0 else "="
    interval = (
        "" if low is None or high is None else f" ({show_change(low)} to {show_change(high)})"
    )
    return f"{arrow} {show_change(difference)}{interval}"
