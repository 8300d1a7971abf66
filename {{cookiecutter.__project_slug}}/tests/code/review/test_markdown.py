"""Text from settings or data is text in Markdown, whatever it holds."""

import pytest

from {{ cookiecutter.__package_name }}.review.markdown import escape, table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"),
        ("| a | ![x](http://e.org)", r"\| a \| \!\[x\](http://e.org)"),
        ("*b* _i_ `c`", r"\*b\* \_i\_ \`c\`"),
        ("@github broke #1", "@<!-- -->github broke #<!-- -->1"),
        ("a & b\nc\\", "a &amp; b c\\\\"),
        ("plain text: 5 > 3", "plain text: 5 > 3"),
    ],
)
def test_text_is_harmless(text, escaped):
    assert escape(text) == escaped


def test_table_has_a_head_and_a_line_for_each_row():
    lines = table(["a", "b"], [["1", "2"]]).splitlines()
    assert lines == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
