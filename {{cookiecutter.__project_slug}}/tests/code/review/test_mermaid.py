"""Charts that Mermaid's grammar takes: it knows no exponents, and one point for each step."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.review.pull_request.mermaid import draw_lines

NUMBER = r"-?\d+(?:\.\d+)?"
CHART = re.compile(
    r"""```mermaid
%%\{init: [^\n]+\}%%
xychart-beta
    title "[\w .,()-]+"
    x-axis "[\w .,()-]+" 0 --> (?P<end>\d+)
    y-axis "[\w .,()-]+" (?P<low>NUMBER) --> (?P<high>NUMBER)
(?P<lines>(?:    line \[NUMBER(?:, NUMBER){20}\]\n){1,2})```

(?P<legend>.+)""".replace("NUMBER", NUMBER)
)
CURVE = st.lists(
    st.tuples(st.integers(0, 2000), st.floats(-1e12, 1e12)), min_size=2, unique_by=lambda p: p[0]
).map(sorted)


def draw(lines, y_range=None):
    return draw_lines("Title", "round", "score", lines, y_range)


def values_of(chart):
    lines = CHART.fullmatch(chart)["lines"].strip().splitlines()
    return [[float(y) for y in line.strip()[6:-1].split(",")] for line in lines]


def test_lines_share_their_steps_and_are_named_in_words():
    chart = draw({"base": [[0, 0], [40, 4]], "now": [[0, 0], [20, 2], [80, 8]]})
    base, now = values_of(chart)
    assert CHART.fullmatch(chart)["end"] == "80"
    assert now == pytest.approx([step * 0.4 for step in range(21)])
    assert base[:11] == pytest.approx(now[:11])
    assert base[11:] == [4] * 10
    assert CHART.fullmatch(chart)["legend"] == "Orange: base, blue: now."


def test_one_line_has_the_first_colour():
    chart = draw({"now": [[0, 0], [1, 1]]})
    assert '"plotColorPalette": "#d95f02"' in chart
    assert chart.endswith("Orange: now.")


def test_of_points_above_each_other_the_last_counts():
    [line] = values_of(draw({"now": [[0, 0], [0, 0.5], [100, 1]]}, (0, 1)))
    assert line[0] == 0.5


@pytest.mark.parametrize(
    "points", [[], [[0, 1]], [[0, None], [1, 2]], [[0, float("nan")], [1, 2]], [[3, 1], [3, 2]]]
)
def test_line_without_two_points_is_not_drawn(points):
    assert draw({"now": points}) == ""
    assert draw({"base": points, "now": [[0, 0], [1, 1]]}).endswith("Orange: now.")


@given(base=CURVE, now=CURVE)
def test_chart_is_what_the_grammar_takes(base, now):
    match = CHART.fullmatch(draw({"base": base, "now": now}))
    low, high = float(match["low"]), float(match["high"])
    assert low < high
    assert all(low <= y <= high for line in values_of(match[0]) for y in line)


def test_small_differences_are_seen():
    [line] = values_of(draw({"now": [[0, 0.00001], [20, 0.00002]]}))
    assert len({*line}) == 21


@pytest.mark.parametrize("text", ['"a"', "a\nline [1]", "```", "%%{init}%%", "<b>`", "", "日本"])
def test_text_can_not_end_the_chart(text):
    points = {"now": [[0, 0], [1, 1]]}
    assert CHART.fullmatch(draw_lines(text, text, text, points))
