"""The criteria of the goal, judged in one place."""

import math
from collections.abc import Sequence
from typing import TypedDict

from ..common.numbers import say, show_limit
from ..common.settings import Criterion, Goal


class SliceScore(TypedDict):
    """The score of a slice of the test part."""

    column: str
    slice: str
    rows: int
    value: float


class Judgement(TypedDict):
    """One criterion, judged; its value is None where no slice has one."""

    criterion: str
    value: float | None
    passed: bool


class Verdict(TypedDict):
    """Whether the goal is met, and why."""

    statement: str
    owner: str
    goal_met: bool
    criteria: list[Judgement]


def judge(
    goal: Goal,
    scores: dict[str, float],
    slices: Sequence[Sequence[SliceScore]],
    model_bytes: int,
) -> Verdict:
    """Judge the model by the criteria of the goal.

    Args:
        goal: The goal of params.yaml.
        scores: Metrics of the test part by name.
        slices: For each criterion, the scores of its slices, the worst first.
        model_bytes: Size of the model's files.
    """
    criteria = [
        _judge_slices(criterion, found) if criterion.slice else _judge_part(criterion, scores)
        for criterion, found in zip(goal.criteria, slices, strict=True)
    ]
    if goal.budget.model_mb is not None:
        megabytes = model_bytes / 1e6
        text = f"the model's files must have at most {show_limit(goal.budget.model_mb)} MB"
        passed = megabytes <= goal.budget.model_mb
        criteria.append({"criterion": text, "value": megabytes, "passed": passed})
    return {
        "statement": goal.statement,
        "owner": goal.owner,
        "goal_met": all(judgement["passed"] for judgement in criteria),
        "criteria": criteria,
    }


def failed_criteria(verdict: Verdict) -> list[str]:
    """Say each criterion that is not met, with its value."""
    return [
        judgement["criterion"]
        + ("" if judgement["value"] is None else f", but is {say(judgement['value'])}")
        for judgement in verdict["criteria"]
        if not judgement["passed"]
    ]


def _judge_part(criterion: Criterion, scores: dict[str, float]) -> Judgement:
    value = scores[criterion.metric]
    return {
        "criterion": f"{criterion.metric} on the test part must be {_limit(criterion)}",
        "value": value,
        "passed": _keeps(criterion, value),
    }


def _judge_slices(criterion: Criterion, slices: Sequence[SliceScore]) -> Judgement:
    text = (
        f"{criterion.metric} in each {criterion.slice} with at least {criterion.min_rows:,} test "
        f"rows must be {_limit(criterion)}"
    )
    if not slices:
        return {"criterion": f"{text} (none has)", "value": None, "passed": True}
    worst = slices[0]
    if math.isnan(worst["value"]):
        # As of the whole part: a metric without a value never passes.
        found = f"it is not defined where it is {worst['slice']}; more rows or another metric help"
        return {"criterion": f"{text} ({found})", "value": None, "passed": False}
    return {
        "criterion": f"{text} (the worst of {len(slices)} is {worst['slice']})",
        "value": worst["value"],
        "passed": all(_keeps(criterion, each["value"]) for each in slices),
    }


def _limit(criterion: Criterion) -> str:
    limits = {"at least": criterion.at_least, "at most": criterion.at_most}
    return next(
        f"{side} {show_limit(limit)}" for side, limit in limits.items() if limit is not None
    )


def _keeps(criterion: Criterion, value: float) -> bool:
    # Comparisons that NaN fails, so that a metric without a value never passes.
    if criterion.at_least is not None:
        return value >= criterion.at_least
    return criterion.at_most is not None and value <= criterion.at_most
