"""The model card as HTML: whatever it holds, nothing runs and nothing is loaded."""

from {{ cookiecutter.__package_name }}.serving.page.card import render_card

CARD = """# It is <b>met</b>

<script>alert(1)</script>

[run](javascript:alert(1)) [read](https://example.com) ![see](https://example.com/a.png)

| *metric* | value |
| --- | --- |
| a\\_b | `1` |
"""


def test_card_keeps_its_structure_below_the_title_of_the_page():
    page = render_card(CARD, "a & b")
    assert "<title>a &amp; b: model card</title>" in page
    assert page.count("<h1>") == 1
    assert "<h2>It is &lt;b&gt;met&lt;/b&gt;</h2>" in page
    assert "<th><em>metric</em></th>" in page
    assert "<td>a_b</td>\n<td><code>1</code></td>" in page
    assert '<a href="https://example.com">read</a>' in page


def test_nothing_in_a_card_runs_or_is_loaded():
    page = render_card(CARD, "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="javascript' not in page
    assert "<img" not in page
