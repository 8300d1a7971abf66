"""The details behind the verdict: how sure, how valuable, where and for whom."""

from typing import Any

import numpy as np

from ..model.bootstrap import (
    Interval,
    Score,
    draw_weights,
    limit_resamples,
    on_rows,
    percentile_interval,
    resample_scores,
    weighted_mean,
)
from ..model.breakdown import describe_classes, describe_deciles
from ..model.decision import choose_threshold, value_rows
from ..model.fairness import compare_groups
from ..model.slices import Slice, divide, find_slices
from ..schema import Schema
from ..settings import Goal, Params, Value
from .part import Part
from .slice_scores import judge_slices
from .verdict import is_loss

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
    goal, bins = params.goal, params.evaluate.slices.bins
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
        "fairness": [
            compare_groups(test.y, predictions >= thresholds["model"], groups)
            for name, column in schema.columns.items()
            if column.sensitive and thresholds
            if (groups := [*divide(test.rows[name], bins)])
        ],
    }


def _find_intervals(
    test: Part, slices: list[Slice], thresholds: dict[str, float], params: Params, schema: Schema
) -> dict[Any, Interval]:
    """Find the interval of each metric, of the value, and of the goal's metric in each slice."""
    scores: dict[Any, Score] = dict(test.weighted())
    for column, label, mask in slices:
        only = test.only(mask).weighted()[params.goal.metric]
        scores[column, label] = on_rows(mask, only)
    if thresholds and params.goal.value is not None:
        scores["value"] = weighted_mean(_value_of(test, "model", thresholds, params.goal.value))
    groups = None
    if params.prepare.split.by == "group":
        # Rows of one group are alike: drawn one by one, they would seem to say more than they do.
        _, groups = np.unique(test.rows[schema.with_role("group")[0]], return_inverse=True)
    settings = params.evaluate
    weights = draw_weights(len(test.y), settings.resamples, settings.seed, groups)
    return {
        name: percentile_interval(values)
        for name, values in resample_scores(scores, weights).items()
        if not np.isnan(values).all()
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
    values |= {"never": value_rows(test.y, ~always, value)}
    values |= {"always": value_rows(test.y, always, value)}
    return described | {
        "per_1000": {name: float(worth.mean()) for name, worth in values.items()},
        "interval": intervals["value"],
    }


def _value_of(test: Part, name: str, thresholds: dict[str, float], value: Value) -> np.ndarray:
    """Give the value of each row's decision, per 1,000 rows."""
    return 1000 * value_rows(test.y, test.predictions[name] >= thresholds[name], value)
