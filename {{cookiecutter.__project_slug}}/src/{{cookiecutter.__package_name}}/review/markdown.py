"""Markdown that text from settings or data can't break."""

from collections.abc import Iterable


def escape(text: object) -> str:
    """Make text from settings or data harmless in Markdown: no markup, mention or end of a cell."""
    escaped = str(text).replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")
    for mark in "\\`*_[]|!":
        escaped = escaped.replace(mark, f"\\{mark}")
    # GitHub looks for mentions and issues where backslashes are gone (github/markup#1168).
    return escaped.replace("@", "@<!-- -->").replace("#", "#<!-- -->")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Compose a table; the cells are Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
