"""A page shows text as text, loads nothing, runs nothing, and comes out the same each time."""

import altair as alt
import pandas as pd
import pytest
from read_page import Page, assert_loads_and_runs_nothing
from sample_results import HOSTILE

from {{ cookiecutter.__package_name }}.review.page.shell import (
    Section,
    bullets,
    chart,
    charts,
    fold,
    paragraph,
    render_page,
    table,
)


def make_chart(label="a", reading="Up is good."):
    rows = pd.DataFrame({"x": [label, "b"], "y": [1, 2], "note": [f"{label} is 1", "b is 2"]})
    bars = alt.Chart(rows).mark_bar(aria=True, clip=True)
    return bars.encode(
        x=alt.X("x:N", axis=alt.Axis(labelLimit=0)), y="y:Q", description="note:N"
    ).properties(description=reading)


def make_page(*parts, title="Title", lead="Lead", section="Part"):
    return render_page(title, lead, [Section(section, list(parts))])


# How a text comes to a place of the page, and the element that should hold it.
PLACES = {
    "title": (lambda text: make_page(title=text), "h1"),
    "title of the window": (lambda text: make_page(title=text), "title"),
    "lead": (lambda text: make_page(lead=text), "p"),
    "section": (lambda text: make_page(section=text), "h2"),
    "contents": (lambda text: make_page(section=text), "a"),
    "paragraph": (lambda text: make_page(paragraph(text)), "p"),
    "list": (lambda text: make_page(bullets([text])), "li"),
    "head of a column": (lambda text: make_page(table([text], [])), "th"),
    "head of a row": (lambda text: make_page(table([""], [[text]])), "th"),
    "cell": (lambda text: make_page(table(["", ""], [["a", text]])), "td"),
    "fold": (lambda text: make_page(fold(text)), "summary"),
    "name of a chart": (lambda text: make_page(chart(text, make_chart())), "strong"),
    "text below a chart": (lambda text: make_page(chart("A", make_chart(reading=text))), "p"),
    "text in a chart": (lambda text: make_page(chart("A", make_chart(text))), "text"),
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("make", "tag"), PLACES.values(), ids=PLACES)
def test_text_is_shown_as_text(make, tag, text):
    page = Page(make(text))
    assert text.replace("\x01", "�") in page.texts[tag]
    assert_loads_and_runs_nothing(page)


def test_text_in_an_attribute_ends_with_it():
    page = Page(make_page(table(['a" onclick="x'], []), chart('b" onclick="x', make_chart())))
    assert {'Table: a" onclick="x', 'b" onclick="x'} <= {*page.attributes("aria-label")}
    assert_loads_and_runs_nothing(page)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\x7f", "\x9f", "\uffff"])
def test_character_that_no_page_can_hold_is_replaced(character):
    name = f"a{character}b"
    page = make_page(paragraph(name), chart(name, make_chart(name)))
    assert character not in page
    assert Page(page).texts["text"].count("a�b") == 1


def test_text_that_could_not_be_written_is_replaced():
    page = make_page(paragraph("a\ud800b"), chart("c\ud800d", make_chart()))
    assert {"a�b", "Up is good."} <= {*Page(page.encode().decode()).texts["p"]}


def test_same_input_gives_the_same_bytes_whatever_was_drawn_before():
    first = make_page(chart("A", make_chart()))
    make_page(chart("B", make_chart("z")))
    assert make_page(chart("A", make_chart())) == first


def test_charts_of_a_page_share_no_names():
    page = Page(make_page(charts(chart("A", make_chart()), chart("B", make_chart()))))
    names = [attrs["id"] for tag, attrs in page.elements if tag == "clippath"]
    assert len({*names}) == len(names) == 2
    assert {*page.attributes("clip-path")} == {f"url(#{name})" for name in names}


def test_chart_says_what_it_is_and_how_to_read_it():
    page = Page(make_page(chart("Bars", make_chart())))
    (svg,) = [attrs for tag, attrs in page.elements if tag == "svg"]
    assert (svg["role"], svg["aria-label"]) == ("img", "Bars")
    assert page.texts["strong"] == ["Bars"]
    assert "Up is good." in page.texts["p"]
    assert page.texts["title"][1:] == ["a is 1", "b is 2"]


def test_chart_has_the_width_of_its_place():
    page = Page(make_page(chart("Bars", make_chart())))
    (svg,) = [attrs for tag, attrs in page.elements if tag == "svg"]
    assert not {"width", "height"} & {*svg}
    assert svg["viewbox"] == "0 0 340 230"


def test_contents_lead_to_each_section():
    page = Page(render_page("Title", "Lead", [Section("One", []), Section("Two", [])]))
    sections = [attrs["id"] for tag, attrs in page.elements if tag == "section"]
    assert page.attributes("href") == [f"#{name}" for name in sections]
    assert page.texts["a"] == page.texts["h2"] == ["One", "Two"]


def test_table_scrolls_in_a_box_of_its_own():
    page = Page(make_page(table(["", "a"], [["b", "c"]], "letters")))
    (box,) = [attrs for tag, attrs in page.elements if attrs.get("class") == "scroll"]
    assert (box["tabindex"], box["aria-label"]) == ("0", "Table: letters")


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["1,234.5", "-", "12.5 %", ""], ["number"] * 4),
        (["0.1 to -0.2"], ["number"]),
        (["1", "one"], [None, None]),
        (["2013-03-01"], [None]),
    ],
)
def test_numbers_are_set_to_the_right(cells, classes):
    page = Page(make_page(table(["", "a"], [["row", cell] for cell in cells])))
    assert [attrs.get("class") for tag, attrs in page.elements if tag == "td"] == classes


def test_page_is_made_for_phones_and_both_colour_schemes():
    page = Page(make_page())
    assert [attrs["lang"] for tag, attrs in page.elements if tag == "html"] == ["en"]
    named = {
        attrs.get("name"): attrs["content"] for tag, attrs in page.elements if "content" in attrs
    }
    assert named["viewport"] == "width=device-width, initial-scale=1"
    assert named["color-scheme"] == "light dark"
    assert "prefers-color-scheme: dark" in page.texts["style"][0]
