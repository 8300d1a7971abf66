"""The page of the results tells the verdict first and shows all that the task has data for."""

import pytest
from read_page import Page, assert_loads_and_runs_nothing
from sample_results import (
    COUNTS,
    HOSTILE,
    TASKS,
    make_details,
    make_metrics,
    make_verdict,
)
from sample_tables import make_tables

from {{ cookiecutter.__package_name }}.review.evaluation.index_page import write_index
from {{ cookiecutter.__package_name }}.review.results import Results

COMMON = ["Scores", "Losses and errors", "By carrier", f"By {HOSTILE[0]}", "Importance"]
CHARTS = {
    "binary": [
        "Value of 1,000 cases",
        "ROC curve",
        "Precision and recall",
        "Calibration",
        "Lift",
        "Confusion matrix",
        "What raises and lowers",
    ],
    "multiclass": ["Confusion matrix", "By class"],
    "regression": ["Predicted and actual", "Error by size", "What raises and lowers"],
}
SECTIONS = ["In short", "What the goal asks for", "Metrics", "How good the predictions are"]
BINARY_SECTIONS = ["What it is worth", "Groups that must not matter"]


def make_index(task, passed=True, tables=None, **changed):
    tables = make_tables(task) if tables is None else tables
    content = {
        "verdict": make_verdict(task, passed),
        "metrics": make_metrics(task),
        "details": make_details(task),
        "counts": COUNTS,
    }
    content |= changed
    return write_index(Results(**content), tables)


@pytest.fixture(scope="module")
def written():
    return {task: make_index(task) for task in TASKS}


@pytest.mark.parametrize("task", TASKS)
def test_page_loads_and_runs_nothing(written, task):
    page = Page(written[task])
    assert_loads_and_runs_nothing(page)
    assert HOSTILE[0] in page.text
    assert HOSTILE[1] in page.text


@pytest.mark.parametrize("task", TASKS)
def test_page_has_every_chart_of_its_task(written, task):
    page = Page(written[task])
    drawn = [attrs["aria-label"] for tag, attrs in page.elements if tag == "svg"]
    assert sorted(drawn) == sorted([*COMMON, *CHARTS[task], "Learning curve"])


@pytest.mark.parametrize("task", TASKS)
def test_page_has_every_section_of_its_task(written, task):
    titles = Page(written[task]).texts["h2"]
    assert titles[0] == SECTIONS[0]
    assert {*SECTIONS, "Where it is weak", "What it looks at", "Rows"} <= {*titles}
    assert [title in titles for title in BINARY_SECTIONS] == [task == "binary"] * 2


@pytest.mark.parametrize("task", TASKS)
def test_page_is_small(written, task):
    assert len(written[task].encode()) < 600_000


def test_same_results_give_the_same_bytes(written):
    assert make_index("multiclass") == written["multiclass"]


@pytest.mark.parametrize(
    ("passed", "title", "tone", "first"),
    [
        (True, "The goal is met", "good", "All 3 criteria hold on 1,162 rows"),
        (False, "The goal is missed", "bad", "1 of 3 criteria fail on 1,162 rows"),
    ],
)
def test_verdict_comes_first(passed, title, tone, first):
    page = Page(make_index("multiclass", passed, tables={}))
    assert page.texts["h1"] == page.texts["title"][:1] == [title]
    assert [attrs["class"] for tag, attrs in page.elements if tag == "header"] == [tone]
    assert page.texts["p"][0] == f"Warn passengers early, even {HOSTILE[1]}. (owner: {HOSTILE[0]})"
    assert page.texts["p"][1].startswith(first)


def test_summary_has_the_numbers_behind_the_verdict(written):
    text = Page(written["binary"]).text
    assert "roc_auc is 0.717; with other rows of the same kind" in text
    assert "between 0.681 and 0.753" in text
    assert "1,000 cases are worth 218 (150 to 282); 199 if a linear model decides" in text
    assert f'It is weakest on carrier: q" �& (0.660); carrier: {HOSTILE[2]} (0.674)' in text


def test_failed_criteria_are_named():
    page = Page(make_index("binary", passed=False, tables={}))
    assert (
        "average_precision on the test part must be at least 0.1, but is 0.431" in page.texts["li"]
    )
    assert page.texts["td"][:6] == ["0.717", "✓ yes", "0.431", "✗ no", "-", "✓ yes"]


def test_most_wrong_rows_are_folded(written):
    page = Page(written["binary"])
    assert "The 50 most wrong rows" in page.texts["summary"]
    assert page.texts["td"].count("humid 0.49; <img src=x onerror=alert(1)> -0.2") == 1
    assert "2013-03-14 00:00:00" in page.texts["td"]


def test_what_has_no_data_is_left_out():
    nothing = {"slices": [], "worst_slices": [], "fairness": [], "importance": [], "decision": None}
    page = Page(make_index("binary", details=make_details("binary") | nothing, tables={}))
    assert page.texts["h2"] == ["In short", "What the goal asks for", "Metrics", "Rows"]
    assert "weakest" not in page.text


def test_value_by_threshold_is_drawn_where_it_is_known():
    value = make_tables("binary")["lift"].set_axis(["threshold", "per_1000"], axis="columns")
    page = Page(make_index("binary", tables={"value": value}))
    assert "Value by threshold" in page.texts["strong"]


def test_chart_of_many_slices_shows_the_worst():
    details = make_details("binary")
    many = [details["slices"][0] | {"slice": f"at {n}", "value": 0.5 + n / 100} for n in range(40)]
    page = Page(make_index("binary", details=details | {"slices": many}, tables={}))
    assert "By carrier, the worst 15" in page.texts["strong"]
    labels = [text for text in page.texts["text"] if text.startswith("at ")]
    assert labels == [f"at {n}" for n in range(15)]
    assert "carrier: at 39" in page.texts["th"]


def test_page_says_where_less_would_do():
    assert "does better than this one" not in make_index("binary")
    details = make_details("binary")
    details["baselines"]["linear"]["roc_auc"] = 0.9
    details["decision"]["per_1000"] = {"model": 10, "linear": 5, "never": 0, "always": 20}
    page = make_index("binary", details=details)
    assert "So on these rows the simple linear model does better than this one." in page
    assert "So these cases are worth more if always yes." in page
