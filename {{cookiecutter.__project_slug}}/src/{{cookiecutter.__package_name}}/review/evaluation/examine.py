"""The details behind the verdict: how sure, how valuable, where and for whom."""

from typing import Any

import numpy as np

from ...common.settings import Goal, Params, Value, is_loss
from ...measure.bootstrap import (
    Interval,
    Score,
    draw_weights,
    is_defined,
    limit_resamples,
    on_rows,
    percentile_interval,
    resample_scores,
    weighted_mean,
)
from ...measure.breakdown import describe_classes, describe_deciles
from ...measure.decision import choose_threshold, value_rows
from ...measure.fairness import compare_groups
from ...measure.slices import Slice, find_slices, number_groups
from ...schema import Schema
from .part import Part
from .slice_scores import judge_slices

MOST_SLICES = 3


def choose_thresholds(validation: Part, goal: Goal) -> dict[str, float]:
    """Choose the thresholds of model and linear baseline where the task is binary."""
    if goal.task != "binary":
        return {}
    return {
        name: choose_threshold(validation.y, validation.predictions[name], goal.value)
        for name in ("model", "linear")
    }


def examine(
    test: Part, thresholds: dict[str, float], params: Params, schema: Schema
) -> dict[str, Any]:
    """Examine the predictions of the test part.

    Args:
        test: The test part.
        thresholds: From `choose_thresholds`.
        params: The goal, and how to resample and slice.
        schema: Says which columns are features, groups or sensitive.

    Returns:
        What details.json says of the test part.
    """
    goal = params.goal
    slices = find_slices(test.rows, params.evaluate.slices, schema)
    intervals = _find_intervals(test, slices, thresholds, params, schema)
    predictions = test.predictions["model"]
    judged = judge_slices(test, slices, goal.metric, intervals)
    return {
        "resamples": limit_resamples(len(test.y), params.evaluate.resamples),
        "interval": {name: intervals[name] for name in test.weighted()},
        "baselines": {name: test.score(name) for name in ("linear", "dummy")},
        "decision": _describe_decision(test, thresholds, goal.value, intervals),
        "classes": describe_classes(test.y, predictions, test.description.classes),
        "deciles": describe_deciles(test.y, predictions) if goal.task == "regression" else [],
        "slices": judged,
        "worst_slices": sorted(
            judged, key=lambda each: each["value"], reverse=is_loss(goal.metric)
        )[:MOST_SLICES],
        "fairness": _compare_sensitive(test, thresholds, params, schema) if thresholds else [],
    }


def _compare_sensitive(
    test: Part, thresholds: dict[str, float], params: Params, schema: Schema
) -> list[dict[str, Any]]:
    decisions, settings = test.predictions["model"] >= thresholds["model"], params.evaluate.slices
    found = []
    for name in schema.sensitive():
        slices = settings.model_copy(update={"columns": [name]})
        # The rates of a few rows say more about chance than about the group.
        if groups := find_slices(test.rows, slices, schema):
            found.append(compare_groups(test.y, decisions, groups))
    return found


def _find_intervals(
    test: Part, slices: list[Slice], thresholds: dict[str, float], params: Params, schema: Schema
) -> dict[Any, Interval]:
    """Find the interval of each metric, of the value, and of the goal's metric in each slice."""
    scores: dict[Any, Score] = dict(test.weighted())
    for place, part in enumerate(slices):
        only = test.only(part.mask).weighted()[params.goal.metric]
        scores[place] = on_rows(part.mask, only)
    if thresholds and params.goal.value is not None:
        scores["value"] = weighted_mean(_value_of(test, "model", thresholds, params.goal.value))
    settings, groups = params.evaluate, number_groups(test.rows, schema)
    weights = draw_weights(len(test.y), settings.resamples, settings.seed, groups)
    return {
        name: percentile_interval(values)
        for name, values in resample_scores(scores, weights).items()
        if is_defined(values)
    }


def _describe_decision(
    test: Part,
    thresholds: dict[str, float],
    value: Value | None,
    intervals: dict[Any, Interval],
) -> dict[str, Any] | None:
    if not thresholds:
        return None
    chosen = test.predictions["model"] >= thresholds["model"]
    described: dict[str, Any] = {
        "threshold": thresholds["model"],
        "value": value and value.model_dump(),
        "selection_rate": float(chosen.mean()),
        "per_1000": None,
        "interval": None,
    }
    if value is None:
        return described
    always = np.ones(len(test.y), dtype=bool)
    values = {name: _value_of(test, name, thresholds, value) for name in ("model", "linear")}
    values |= {"never": 1000 * value_rows(test.y, ~always, value)}
    values |= {"always": 1000 * value_rows(test.y, always, value)}
    return described | {
        "per_1000": {name: float(worth.mean()) for name, worth in values.items()},
        "interval": intervals["value"],
    }


def _value_of(test: Part, name: str, thresholds: dict[str, float], value: Value) -> np.ndarray:
    """Give the value of each row's decision, per 1,000 rows."""
    return 1000 * value_rows(test.y, test.predictions[name] >= thresholds[name], value)
