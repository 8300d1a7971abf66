"""A model that misses any criterion is refused, whatever kind of criterion it is."""

import pytest

from {{ cookiecutter.__package_name }}.common.settings import METRICS, Goal, is_loss
from {{ cookiecutter.__package_name }}.review.verdict import failed_criteria, judge

SCORES = {"roc_auc": 0.7, "average_precision": 0.4, "log_loss": 0.5, "brier_loss": 0.2}
NAN = float("nan")


def make_goal(*criteria) -> Goal:
    return Goal.model_validate(
        {
            "statement": "Keep customers.",
            "owner": "Sales",
            "task": "binary",
            "target": "churned",
            "positive": {"equals": "yes"},
            "metric": "roc_auc",
            "criteria": [{"metric": "roc_auc", "at_least": 0}, *criteria],
            "budget": {"model_mb": 2},
        }
    )


def judge_scores(*criteria, slices=(), model_bytes=1_000_000, **scores):
    """Judge scores by criteria, the first of which is met by any score of the goal's metric."""
    goal = make_goal(*criteria)
    return judge(goal, SCORES | scores, [[], *(slices or [[]] * len(criteria))], model_bytes)


def make_slices(*values):
    return [{"column": "shop", "slice": f"{v}", "rows": 50, "value": v} for v in values]


@pytest.mark.parametrize(
    ("criterion", "value", "met"),
    [
        ({"metric": "roc_auc", "at_least": 0.7}, 0.7, True),
        ({"metric": "roc_auc", "at_least": 0.7}, 0.8, True),
        ({"metric": "roc_auc", "at_least": 0.7}, 0.699, False),
        ({"metric": "roc_auc", "at_least": 0.7}, NAN, False),
        ({"metric": "log_loss", "at_most": 0.5}, 0.5, True),
        ({"metric": "log_loss", "at_most": 0.5}, 0.4, True),
        ({"metric": "log_loss", "at_most": 0.5}, 0.501, False),
        ({"metric": "log_loss", "at_most": 0}, 0.1, False),
        ({"metric": "log_loss", "at_most": 0.5}, NAN, False),
        ({"metric": "log_loss", "at_most": 0.5}, float("inf"), False),
    ],
)
def test_criterion_is_met_up_to_its_limit_only(criterion, value, met):
    verdict = judge_scores(criterion, **{criterion["metric"]: value})
    assert verdict["criteria"][1]["passed"] is met
    assert verdict["goal_met"] is met
    assert bool(failed_criteria(verdict)) is not met


def test_goal_is_missed_when_one_of_its_criteria_is():
    verdict = judge_scores(
        {"metric": "roc_auc", "at_least": 0.6},
        {"metric": "average_precision", "at_least": 0.45},
        {"metric": "brier_loss", "at_most": 0.1},
    )
    assert verdict["goal_met"] is False
    assert failed_criteria(verdict) == [
        "average_precision on the test part must be at least 0.45, but is 0.4",
        "brier_loss on the test part must be at most 0.1, but is 0.2",
    ]
    assert (verdict["statement"], verdict["owner"]) == ("Keep customers.", "Sales")


@pytest.mark.parametrize(
    ("limit", "slices", "failed"),
    [
        ({"metric": "roc_auc", "at_least": 0.6}, (0.6, 0.7), []),
        (
            {"metric": "roc_auc", "at_least": 0.6},
            (0.5, 0.7),
            [
                "roc_auc in each shop with at least 40 test rows must be at least 0.6 (the worst "
                "of 2 is 0.5), but is 0.5"
            ],
        ),
        (
            {"metric": "log_loss", "at_most": 0.6},
            (0.75, 0.2),
            [
                "log_loss in each shop with at least 40 test rows must be at most 0.6 (the worst "
                "of 2 is 0.75), but is 0.75"
            ],
        ),
    ],
)
def test_criterion_holds_in_each_slice(limit, slices, failed):
    criterion = limit | {"slice": "shop", "min_rows": 40}
    verdict = judge_scores(criterion, slices=[make_slices(*slices)])
    assert failed_criteria(verdict) == failed
    assert verdict["goal_met"] is (not failed)


def test_criterion_without_a_value_in_a_slice_fails_and_names_it():
    criterion = {"metric": "roc_auc", "at_least": 0.6, "slice": "shop", "min_rows": 40}
    verdict = judge_scores(criterion, slices=[make_slices(NAN, 0.7)])
    assert verdict["goal_met"] is False
    assert verdict["criteria"][1]["value"] is None
    assert failed_criteria(verdict) == [
        "roc_auc in each shop with at least 40 test rows must be at least 0.6 (it is not defined "
        "where it is nan; more rows or another metric help)"
    ]


def test_criterion_without_large_slices_passes_and_says_so():
    criterion = {"metric": "roc_auc", "at_least": 0.6, "slice": "shop", "min_rows": 40}
    judgement = judge_scores(criterion, slices=[[]])["criteria"][1]
    assert judgement["passed"] is True
    assert judgement["value"] is None
    assert judgement["criterion"].endswith("(none has)")


def test_model_keeps_its_budget():
    assert judge_scores(model_bytes=2_000_000)["goal_met"] is True
    assert failed_criteria(judge_scores(model_bytes=2_100_000)) == [
        "the model's files must have at most 2 MB, but is 2.1"
    ]


def test_names_of_metrics_say_which_way_is_better():
    names = {name for metrics in METRICS.values() for name in metrics}
    assert {name for name in names if is_loss(name)} == {
        "log_loss",
        "brier_loss",
        "calibration_error",
        "mean_absolute_error",
        "root_mean_squared_error",
    }
