"""Text from settings or data stays text, wherever in Markdown it stands."""

import re

import pytest
from comparison_example import HOSTILE, Page

from {{ cookiecutter.__package_name }}.review.markdown import escape, table
from {{ cookiecutter.__package_name }}.review.pull_request.short import cut_table, fold, name_some, shorten

PLACES = {
    "paragraph": "{}",
    "middle": "Before {} after",
    "quote": "> {} (owner)",
    "item": "- a: {}",
    "heading": "# {}",
    "cell": "| a | b |\n|---|---|\n| {} | c |",
    "folded": "<details>\n<summary>More</summary>\n\n{}\n\n</details>",
    "folded cell": "<details>\n<summary>a</summary>\n\n| a |\n|---|\n| {} |\n\n</details>",
}
# What GitHub makes a link, a picture or a formula of, in a text that its reader made.
LINKED = re.compile(r"@\w|#\d|GH-\d|:[\w+-]+:|\$[^\0]|https?://|ftp://|www\.", re.IGNORECASE)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_text_wherever_it_stands(text, place):
    page, plain = (Page(PLACES[place].format(each)) for each in (escape(text), "plain"))
    # A dollar has a tag of its own.
    assert page.tags - type(page.tags)({"span": page.tags["span"]}) == plain.tags
    assert page.addresses == []
    assert page.rows == plain.rows
    assert not LINKED.search(page.text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
def test_text_is_shown_as_it_is(text, place):
    shown = Page(PLACES[place].format(escape(text))).text.replace("\0", "")
    assert text in shown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text: 5 > 3", "plain text: 5 > 3"),
        ("-0.5 to 16.15", "-0.5 to 16.15"),
        ("16.15 to 42", "16.15 to 42"),
        ("2013-11", "2013-11"),
        ("a & b\nc\\", "a &amp; b c\\\\"),
        ("@github broke #1", "@<!-- -->github broke #<!-- -->1"),
        ("12:30", "12:30"),
    ],
)
def test_text_is_changed_no_more_than_needed(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize("text", ["abc" * 99, "|" * 99, "😀" * 99, "$" * 99, "@" * 99])
def test_long_text_is_cut_by_the_bytes_that_it_takes(text):
    cut = shorten(text, 60)
    assert cut.endswith("…")
    assert 30 < len(cut.encode()) <= 60
    assert escape(text).startswith(cut.removesuffix("…"))


def test_text_that_fits_is_whole():
    assert shorten("a" * 60, 60) == "a" * 60


def test_some_are_named_and_the_others_counted():
    assert name_some(["a", "b"]) == "a, b"
    assert name_some([*"abcde"]) == "a, b, c and 2 more"
    assert name_some([]) == ""


def test_table_is_cut_by_bytes_and_says_what_is_left_out():
    rows = [["ä" * 10, "b"]] * 3
    line = len(f"| {'ä' * 10} | b |\n".encode())
    whole = cut_table(["x", "y"], rows, list, 3 * line, "more.")
    assert whole == table(["x", "y"], rows)
    cut = cut_table(["x", "y"], rows, list, 3 * line - 1, "more.")
    assert cut == table(["x", "y"], rows[:2]) + "\n\n1 more."


def test_folded_markdown_is_read_as_markdown():
    page = Page(fold("More", table(["a"], [["b"]]), "**c**"))
    assert (page.tags["details"], page.tags["table"], page.tags["strong"]) == (1, 1, 1)


def test_table_has_a_head_and_a_line_for_each_row():
    lines = table(["a", "b"], [["1", "2"]]).splitlines()
    assert lines == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
