"""Markdown that text from settings or data can't break."""

import re
from collections.abc import Iterable

# What ends a line, can't be seen, turns the text around it, or is half a character.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
# GitHub looks for mentions, issues, emoji and links when backslashes are gone: github/markup#1168.
LINKED = re.compile(r"[@#]|:(?=//|[\w+\\-]+:)|(?<=www)(?=\.)|(?<=GH)(?=-\d)", re.IGNORECASE)
# At its start, text could be an item of a list, a quote or the line under a heading.
OPENING = re.compile(r"^(\d*)([-+.)](?=[-\s]|$)|[>=])")


def escape(text: object) -> str:
    """Make text from settings or data harmless in Markdown: no markup, link or end of a cell."""
    escaped = UNSEEN.sub(" ", str(text)).strip().replace("&", "&amp;").replace("<", "&lt;")
    escaped = re.sub(r"[\\`*_\[\]|!~]", r"\\\g<0>", escaped)
    escaped = OPENING.sub(r"\1\\\2", escaped)
    # Between two dollars GitHub sees mathematics, and a backslash doesn't help.
    return LINKED.sub(r"\g<0><!-- -->", escaped).replace("$", "<span>$</span>")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Compose a table; the cells are Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
