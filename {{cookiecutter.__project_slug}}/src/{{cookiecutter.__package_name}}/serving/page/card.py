"""The model card as HTML."""

from html import escape

from fastapi.responses import Response

from .router import HEADERS, read_files


def give_card(markdown: str, name: str, accept: str) -> Response:
    """Give a model card as HTML to those who ask for that, else in Markdown.

    Args:
        markdown: The card.
        name: Of the model; plain text.
        accept: The request's header of that name.
    """
    is_page = "text/html" in accept
    content = render_card(markdown, name) if is_page else markdown
    kind = "text/html" if is_page else "text/markdown"
    return Response(content, headers=HEADERS | {"Vary": "Accept"}, media_type=kind)


def render_card(markdown: str, name: str) -> str:
    """Make the page of a model card.

    Args:
        markdown: The card. HTML in it is shown as text.
        name: Of the model; plain text.

    Returns:
        A whole HTML file for the address /model/card.
    """
    # Only those who read the card wait for it.
    from markdown_it import MarkdownIt

    reader = MarkdownIt("js-default").disable("image")
    reader.add_render_rule("table_open", _open_table)
    reader.add_render_rule("table_close", _close_table)
    tokens = reader.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            # The page has a heading of its own above the card's.
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    body = reader.renderer.render(tokens, reader.options, {})
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(name)}: model card</title>
<link rel="stylesheet" href="../page/{read_files()[1]}/page.css">
</head>
<body class="card">
<h1>Model card</h1>
<main>
{body}</main>
</body>
</html>
"""


def _open_table(*_: object) -> str:
    return '<div class="scroll" role="group" tabindex="0" aria-label="Table"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"
