"""The page of a comparison tells the verdict first, and what is better and what is worse."""

import pytest
from read_page import Page, assert_loads_and_runs_nothing
from sample_comparison import make_comparison, make_refusal
from sample_results import HOSTILE, make_verdict

from {{ cookiecutter.__package_name }}.review.comparison.page import write_comparison_page


def read_comparison(comparison):
    return Page(write_comparison_page(comparison, make_verdict("binary")))


@pytest.mark.parametrize(
    ("verdict", "title", "tone"),
    [
        ("better", "Better than {}", "good"),
        ("worse", "Worse than {}", "bad"),
        ("same within noise", "Neither better nor worse than {}, as far as these", "plain"),
        ("not comparable", "Not comparable with {}", "plain"),
    ],
)
def test_verdict_comes_first(verdict, title, tone):
    page = read_comparison(make_refusal("binary") | {"verdict": verdict})
    assert page.texts["h1"][0].startswith(title.format(HOSTILE[0]))
    assert [attrs["class"] for tag, attrs in page.elements if tag == "header"] == [tone]
    assert page.texts["p"][0].startswith("On 1,162 test rows, roc_auc is 0.717 now")


def test_page_sets_base_and_now_side_by_side():
    page = read_comparison(make_comparison("binary"))
    assert_loads_and_runs_nothing(page)
    drawn = [attrs["aria-label"] for tag, attrs in page.elements if tag == "svg"]
    assert drawn == ["Slices, those that lost most first", "ROC curves", "Learning curves"]
    assert page.texts["td"][:4] == ["0.703", "0.717", "+0.014", "+0.001 to +0.036"]
    assert f"Clearly worse: carrier: {HOSTILE[0]}." in page.texts["p"]
    assert "Nothing blocks the change." in page.texts["p"]
    assert {f"new column: {HOSTILE[0]}", "column that is gone: old"} <= {*page.texts["li"]}
    assert "6 more that moved less" in page.texts["summary"]
    assert f"train.seed: 1 → 2, goal.owner: {HOSTILE[1]}" in page.texts["td"]


@pytest.mark.parametrize(
    ("probability", "said"), [(0.0, "less than 1%"), (0.97, "97%"), (1.0, "more than 99%")]
)
def test_no_probability_is_said_to_be_certain(probability, said):
    difference = {"value": 0.0, "low": 0.0, "high": 0.0, "probability_better": probability}
    page = read_comparison(make_refusal("binary") | {"difference": difference})
    assert f"better than the base with a probability of {said}, compared" in page.text


def test_blocks_are_named():
    page = read_comparison(make_comparison("regression", "worse"))
    assert page.texts["p"][1] == "The change is blocked:"
    assert f"the verdict is {HOSTILE[1]}" in page.texts["li"]
    assert "ROC curves" not in page.texts["strong"]


def test_slices_of_a_loss_that_grew_most_come_first():
    comparison = make_comparison("binary") | {"metric": "log_loss"}
    page = read_comparison(comparison)
    last, first = comparison["slices"][0], comparison["slices"][-1]
    names = [text for text in page.texts["th"] if text.startswith("carrier: ")]
    assert (names[0], names[-1]) == (f"carrier: {first['slice']}", f"carrier: {last['slice']}")


def test_what_can_not_be_compared_is_left_out():
    page = read_comparison(make_refusal("binary"))
    assert_loads_and_runs_nothing(page)
    assert page.texts["h2"] == ["In short", "What the goal asks for", "What else changed"]


def test_same_comparison_gives_the_same_bytes():
    first, second = (
        write_comparison_page(make_comparison("binary"), make_verdict("binary")) for _ in range(2)
    )
    assert first == second
