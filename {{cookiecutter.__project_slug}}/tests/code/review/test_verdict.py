"""A model that misses any criterion is refused, whatever kind of criterion it is."""

import pytest

from {{ cookiecutter.__package_name }}.review.verdict import failed_criteria, is_loss, judge
from {{ cookiecutter.__package_name }}.settings import METRICS, Goal

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
            "criteria": [*criteria],
        }
    )


@pytest.mark.parametrize(
    ("criterion", "value", "met"),
    [
        ({"metric": "roc_auc", "at_least": 0.7}, 0.7, True),
        ({"metric": "roc_auc", "at_least": 0.7}, 0.8, True),
        ({"metric": "roc_auc", "at_least": 0.7}, 0.699, False),
        ({"metric": "roc_auc", "at_least": 0}, -0.1, False),
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
    verdict = judge(make_goal(criterion), SCORES | {criterion["metric"]: value})
    assert verdict["goal_met"] is met
    assert [judgement["passed"] for judgement in verdict["criteria"]] == [met]
    assert bool(failed_criteria(verdict)) is not met


def test_goal_is_missed_when_one_of_its_criteria_is():
    goal = make_goal(
        {"metric": "roc_auc", "at_least": 0.6},
        {"metric": "average_precision", "at_least": 0.45},
        {"metric": "brier_loss", "at_most": 0.1},
    )
    verdict = judge(goal, SCORES)
    assert verdict["goal_met"] is False
    assert failed_criteria(verdict) == [
        "average_precision on the test part must be at least 0.45, but is 0.4",
        "brier_loss on the test part must be at most 0.1, but is 0.2",
    ]
    assert (verdict["statement"], verdict["owner"]) == ("Keep customers.", "Sales")


def test_names_of_metrics_say_which_way_is_better():
    names = {name for metrics in METRICS.values() for name in metrics}
    assert {name for name in names if is_loss(name)} == {
        "log_loss",
        "brier_loss",
        "mean_absolute_error",
        "root_mean_squared_error",
    }
