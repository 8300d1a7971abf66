"""The report for a pull request says the verdict first, stays short, and is text."""

from collections import Counter

import pytest
from comparison_example import (
    HOSTILE,
    SAME,
    Page,
    make_change,
    make_column,
    make_comparison,
    make_slice,
    write_report,
)

from {{ cookiecutter.__package_name }}.review.pull_request.report import MAX_BYTES, write_pull_request


def lines_of(**comparison) -> list[str]:
    return write_report(comparison=make_comparison(**comparison)).splitlines()


def test_verdict_and_goal_come_first():
    assert write_report().split("\n\n")[:4] == [
        "# The goal is met, and the model is better than that of main",
        "> Keep customers. (owner: Sales)",
        "roc\\_auc rose by 0.030 (0.010 to 0.050). It is better with a probability of at least "
        "99%. To find a difference of `review.min_difference` four times out of five, 4,000 "
        "test rows would be needed instead of 1,800.",
        "Base: 0123456789ab. The model came from a cache.",
    ]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("same within noise", "as good as that of main, within noise"),
        ("worse", "worse than that of main"),
        ("not comparable", "not comparable with that of main"),
    ],
)
def test_title_says_the_verdict(verdict, words):
    assert lines_of(verdict=verdict)[0] == f"# The goal is met, and the model is {words}"


@pytest.mark.parametrize(
    ("probability", "words"), [(0.0, "at most 1%"), (0.5, "50%"), (1.0, "at least 99%")]
)
def test_probability_is_not_told_more_exactly_than_it_is_known(probability, words):
    difference = make_comparison()["difference"] | {"probability_better": probability}
    report = write_report(comparison=make_comparison(difference=difference))
    assert f"It is better with a probability of {words}. " in report


def test_rows_that_suffice_are_not_asked_for():
    report = write_report(comparison=make_comparison(needed_rows=1800))
    assert "would be needed" not in report
    assert "better with a probability of at least 99%." in report


def test_what_blocks_is_named():
    blocks = {"blocks": True, "blocked_by": ["the verdict is worse", "roc_auc is missed"]}
    assert "**Blocked:** the verdict is worse; roc\\_auc is missed." in lines_of(**blocks)
    assert "**Blocked:**" not in write_report()


def test_comparison_older_than_the_results_is_told():
    said = "**The comparison is older than the results here: run `compare` again.**"
    assert said in write_report(is_outdated=True)
    assert said not in write_report()


def test_missed_criteria_come_first():
    verdict = make_change().verdict | {"goal_met": False}
    missed = {"criterion": "size must be at most 5", "value": None, "passed": False}
    verdict["criteria"] = [*verdict["criteria"], missed]
    report = write_report(verdict=verdict)
    assert report.startswith("# The goal is missed, and")
    head = "| criterion | value | met |\n| --- | --- | --- |\n"
    assert f"{head}| size must be at most 5 | - | **no** |\n| roc\\_auc must be" in report


@pytest.mark.parametrize(
    "row",
    [
        r"| roc\_auc | 0.690 | 0.720 | ↑ +0.030 (+0.010 to +0.050) | better |",
        r"| log\_loss | 0.520 | 0.500 | ↓ -0.020 (-0.030 to -0.010) | better |",
        r"| brier\_loss | 0.100 | 0.200 | ↑ +0.100 (+0.050 to +0.150) | **worse** |",
        r"| average\_precision | 0.400 | 0.410 | ↑ +0.010 (-0.010 to +0.030) | within noise |",
        "| each at its threshold | 100 | 120 | ↑ +20.0 (+5.00 to +35.0) | better |",
        r"| roc\_auc ↑ | **0.720** (0.250 to 0.750) | 0.720 | 0.720 | 0.720 | 0.500 |",
        r"| log\_loss ↓ | **0.500** (0.250 to 0.750) | 0.500 | 0.500 | 0.500 | 0.600 |",
        "| no | 1,700 | 20 |",
        "| yes | 0 | 80 |",
        "| shop: b | 1,234 | 0.700 | 0.600 | ↓ -0.100 (-0.200 to -0.010) | worse |",
        "| shop | 0.310 | < 0.001 | 1.0% → 25.0% | c |  |",
        "- rows of data: 5,000 → 7,000",
        "- columns added: visits",
        "- type of age: category → number",
        r"- parameters: train.parameters.num\_leaves 7 → 15",
        "7 rows that one of both learnt from are left out.",
        "Orange: base, blue: now.",
    ],
)
def test_report_holds(row):
    assert row in write_report().splitlines()


def test_small_end_of_an_interval_is_not_shown_as_zero():
    score = {"base": 0.5, "now": 0.51, "difference": 0.01, "low": 0.00048, "high": 0.02}
    report = write_report(comparison=make_comparison(scores={"r2": score}))
    assert "| r2 | 0.500 | 0.510 | ↑ +0.010 (+0.00048 to +0.020) | better |" in report


def test_what_has_no_value_is_shown_as_such():
    column = make_column("age") | {"stability_index": None, "p_value": None}
    data = make_comparison()["data"] | {"columns": [column | {"missing": {"base": None, "now": 0}}]}
    report = write_report(comparison=make_comparison(data=data))
    assert "| age | - | - | - → 0.0% |  |  |" in report


def test_slices_that_got_worse_stand_before_the_folded_others():
    before, after = write_report().split("1 other slices")
    assert "shop: b" in before
    assert "shop: a" in after


def test_no_slice_got_worse():
    report = write_report(comparison=make_comparison(slices=[make_slice("shop", "a", "better")]))
    assert "## Slices that got worse\n\nNone, beyond what chance does." in report


def test_report_ends_with_reproducibility_and_links():
    reproducibility, links = write_report().strip().split("\n\n")[-2:]
    assert reproducibility == f"**Reproducibility: identical** ({SAME.reason})."
    assert links == "[run](<https://example.org/1>)"


def test_report_without_comparison_shows_what_there_is():
    change = make_change(comparison=None, curves={"now": make_change().curves["now"]})
    report = write_pull_request(change, SAME, {})
    assert report.startswith("# The goal is met\n\n> Keep customers.")
    assert "Nothing was compared" in report
    assert "| the model | 120 (90.0 to 150) |" in report
    assert report.count("Orange: now.") == 2
    assert "## What changed" not in report


def test_report_of_a_regression_that_can_not_be_compared_has_neither_curves_nor_matrix():
    nothing = {"base": {"learning": []}, "now": {"learning": []}}
    empty = {"difference": None, "scores": {}, "value": None, "slices": [], "data": None}
    comparison = make_comparison(verdict="not comparable", needed_rows=None, rows=0, **empty)
    details = make_change().details | {"decision": None}
    report = write_report(
        comparison=comparison, curves=nothing, confusion=Counter(), details=details
    )
    assert "```mermaid" not in report
    assert "Confusion" not in report
    assert "| roc\\_auc ↑ | **0.720**" in report


def spoil(text: str, times: int = 1) -> dict:
    """Put a text wherever the results hold one from settings or data."""
    base = {"rev": text, "commit": text, "model_from": text, "note": text}
    data = {
        "rows": {"base": 1, "now": 2},
        "added": [text] * times,
        "removed": [text] * times,
        "retyped": [{"column": text, "base": text, "now": text}] * times,
        "columns": [make_column(text, [text] * times, [text] * times)] * times,
    }
    scores = make_comparison()["scores"]["roc_auc"]
    comparison = make_comparison(
        base=base,
        reason=text,
        blocks=True,
        blocked_by=[text] * times,
        slices=[make_slice(text, text, verdict) for verdict in ("worse", "better")] * times,
        scores={f"{text}{n}": scores for n in range(times)},
        data=data,
        parameters=text,
        code=text,
        dependencies=text,
    )
    own = {f"{text}{n}": 0.5 for n in range(times)}
    change = make_change()
    return {
        "comparison": comparison,
        "metrics": dict.fromkeys(("train", "validation", "test"), own),
        "details": change.details
        | {
            "interval": {name: {"low": 0.1, "high": 0.2} for name in own},
            "baselines": {"linear": own, "dummy": own},
        },
        "verdict": {
            "statement": text,
            "owner": text,
            "goal_met": True,
            "criteria": [{"criterion": text, "value": 1.0, "passed": False}] * times,
        },
        "confusion": Counter({(f"{text}{n}", text): 1 for n in range(times)}),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_settings_or_data_can_be_markup(text):
    page, plain = (Page(write_report(**spoil(each))) for each in (text, "plain"))
    assert page.tags - Counter({"span": page.tags["span"]}) == plain.tags
    assert page.addresses == ["https://example.org/1"]
    assert page.rows == plain.rows


@pytest.mark.parametrize("text", ["|#" * 5000, "😀" * 5000, "$" * 5000, "a"])
def test_report_is_short_whatever_the_data(text):
    report = write_report(**spoil(text, times=3000))
    assert len(report.encode()) < MAX_BYTES
    assert "columns more are in reports/compare/comparison.json." in report
    assert "slices more are in reports/compare/comparison.json." in report
    assert "more metrics are in reports/metrics.json." in report
    assert "more criteria are in reports/verdict.json." in report
    assert "classes with fewer rows are left out." in report
    assert report.rstrip().endswith("[run](<https://example.org/1>)")
    whole = Page(write_report()).tags
    assert Page(report).tags["details"] == whole["details"]
