"""The criteria of the goal, judged in one place."""

from typing import TypedDict

from ..settings import Criterion, Goal


class Judgement(TypedDict):
    """One criterion, judged."""

    criterion: str
    value: float
    passed: bool


class Verdict(TypedDict):
    """Whether the goal is met, and why."""

    statement: str
    owner: str
    goal_met: bool
    criteria: list[Judgement]


def judge(goal: Goal, scores: dict[str, float]) -> Verdict:
    """Judge the scores of the test part by the criteria of the goal.

    Args:
        goal: The goal of params.yaml.
        scores: Metrics of the test part by name.
    """
    criteria = [_judge_criterion(criterion, scores) for criterion in goal.criteria]
    return {
        "statement": goal.statement,
        "owner": goal.owner,
        "goal_met": all(judgement["passed"] for judgement in criteria),
        "criteria": criteria,
    }


def failed_criteria(verdict: Verdict) -> list[str]:
    """Say each criterion that is not met, with its value."""
    return [
        f"{judgement['criterion']}, but is {judgement['value']:.4g}"
        for judgement in verdict["criteria"]
        if not judgement["passed"]
    ]


def is_loss(name: str) -> bool:
    """Say whether a lower value of the metric is better."""
    return name.endswith(("_loss", "_error"))


def _judge_criterion(criterion: Criterion, scores: dict[str, float]) -> Judgement:
    value = scores[criterion.metric]
    if criterion.at_least is not None:
        # A comparison that NaN fails, so that a metric without a value never passes.
        text, passed = f"at least {criterion.at_least:g}", value >= criterion.at_least
    else:
        text, passed = f"at most {criterion.at_most:g}", value <= (criterion.at_most or 0.0)
    return {
        "criterion": f"{criterion.metric} on the test part must be {text}",
        "value": value,
        "passed": bool(passed),
    }
