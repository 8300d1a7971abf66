"""One HTML file that opens without a network: text, tables and charts, and no script at all."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Literal, NamedTuple

from .style import STYLE
from .words import printable

if TYPE_CHECKING:
    from .drawing import Chart

Tone = Literal["good", "bad", "plain"]

# Nothing may be loaded and nothing may run, so text from data can do neither, whatever it holds.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
DIGITS = r"[+-]?[\d,]+(\.\d+)?(e[+-]?\d+)?( ?%)?"
NUMBER = re.compile(f"{DIGITS}( to {DIGITS})?|- to -|-|")


class Section(NamedTuple):
    """A part of the page with a heading; its parts are fragments of HTML from this module."""

    title: str
    parts: list[str]


def clean(text: object) -> str:
    """Make text from settings or data harmless in HTML, as content or as a quoted attribute."""
    return escape(printable(text))


def paragraph(text: str) -> str:
    """Make a paragraph of plain text."""
    return f"<p>{clean(text)}</p>"


def bullets(items: Iterable[str]) -> str:
    """Make a list of plain texts."""
    return f"<ul>{''.join(f'<li>{clean(item)}</li>' for item in items)}</ul>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Make a table of plain texts; it scrolls sideways by itself where it is too wide.

    Args:
        head: The columns' titles.
        rows: A text for each column; the first names the row, numbers are set to the right.
        caption: What the table shows, read aloud to those who can't see it.
    """
    lines = list(rows)
    numeric = [all(map(NUMBER.fullmatch, column)) for column in zip(*lines, strict=True)]
    kinds = [' class="number"' if yes else "" for yes in numeric] or [""] * len(head)
    titles = "".join(
        f'<th scope="col"{kind}>{clean(title)}</th>'
        for title, kind in zip(head, kinds, strict=True)
    )
    body = "".join(f"<tr>{_row(line, kinds)}</tr>" for line in lines)
    label = clean(caption or ", ".join(title for title in head if title))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="Table: {label}">'
        f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def fold(summary: str, *parts: str) -> str:
    """Hide fragments behind a line that opens them."""
    return f"<details><summary>{clean(summary)}</summary>{''.join(parts)}</details>"


def chart(name: str, altair_chart: "Chart") -> str:
    """Draw a chart with its name above; its `description` below says how to read it.

    Args:
        name: Its title, which no other chart of the page has.
        altair_chart: A single or layered chart of Altair. Marks with `aria=True` and a
            `description` show that text when the mouse rests on them.
    """
    from .drawing import draw

    svg, reading = draw(name, altair_chart)
    return (
        f'<figure class="chart"><figcaption><strong>{clean(name)}</strong></figcaption>'
        f"{svg}<p>{clean(reading)}</p></figure>"
    )


def charts(*figures: str) -> str:
    """Set charts side by side where there is room, and below each other where there is none."""
    return f'<div class="charts">{"".join(figures)}</div>'


def render_page(title: str, lead: str, sections: Sequence[Section], tone: Tone = "plain") -> str:
    """Compose the page.

    Args:
        title: The verdict in a few words; plain text.
        lead: What it is about; plain text.
        sections: What follows; each is in the table of contents.
        tone: Whether the title is good news.

    Returns:
        A whole HTML file; the same for the same input.
    """
    numbered = list(enumerate(sections, start=1))
    links = "".join(
        f'<li><a href="#section-{n}">{clean(section.title)}</a></li>' for n, section in numbered
    )
    body = "\n".join(_section(n, section) for n, section in numbered)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{clean(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header class="{tone}"><h1>{clean(title)}</h1>{paragraph(lead)}</header>
<nav aria-label="Contents"><ul>{links}</ul></nav>
<main>
{body}
</main>
</body>
</html>
"""


def _section(n: int, section: Section) -> str:
    parts = "\n".join(section.parts)
    return (
        f'<section id="section-{n}" aria-labelledby="title-{n}">'
        f'<h2 id="title-{n}">{clean(section.title)}</h2>\n{parts}\n</section>'
    )


def _row(cells: Sequence[str], kinds: Sequence[str]) -> str:
    first, *others = cells
    return f'<th scope="row"{kinds[0]}>{clean(first)}</th>' + "".join(
        f"<td{kind}>{clean(cell)}</td>" for cell, kind in zip(others, kinds[1:], strict=True)
    )
