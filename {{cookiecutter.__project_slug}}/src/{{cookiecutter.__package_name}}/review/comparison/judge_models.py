"""Is today's model better than the earlier one: overall, in each slice, in value."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from ...common.settings import METRICS, Comparison, Params, is_loss
from ...measure.bootstrap import Score, draw_weights, on_rows, weighted_mean, weighted_scores
from ...measure.decision import value_rows
from .compared_rows import ComparedRows
from .not_comparable import NotComparableError
from .paired import (
    Difference,
    Paired,
    ScorePair,
    count_needed_rows,
    judge_difference,
    pair_scores,
)

VALUE = "value per 1,000 rows"


class JudgedSlice(ScorePair):
    """The goal's metric of both models on a slice."""

    column: str
    slice: str
    rows: int
    verdict: Comparison


class Outcome(TypedDict):
    """What the comparison found; the reason is for `explain_verdict` to say."""

    verdict: Comparison
    reason: str
    metric: str
    rows: int
    left_out: int
    difference: Difference | None
    needed_rows: int | None
    scores: dict[str, ScorePair]
    value: ScorePair | None
    slices: list[JudgedSlice]


def judge_models(
    rows: ComparedRows, params: Params, thresholds: Mapping[str, float | None]
) -> Outcome:
    """Compare the two models by the paired bootstrap.

    Args:
        rows: The rows with both predictions.
        params: Today's settings.
        thresholds: From which probability a row counts as yes: of "base" and of "now".

    Raises:
        NotComparableError: There are too few rows for an interval of the goal's metric.
    """
    metric, task, n_rows = params.goal.metric, params.goal.task, len(rows.y)
    base, now = (
        _make_scores(rows, predictions, params, thresholds[side])
        for side, predictions in (("base", rows.base), ("now", rows.now))
    )
    weights = draw_weights(n_rows, params.evaluate.resamples, params.evaluate.seed, rows.groups)
    pairs = pair_scores(base, now, weights, n_rows)
    if metric not in pairs:
        raise NotComparableError(f"{n_rows} rows are too few to compare {metric} on")
    gain = pairs[metric].as_gain(lower_is_better=is_loss(metric))
    return {
        "verdict": judge_difference(gain),
        "reason": "",
        "metric": metric,
        "rows": n_rows,
        "left_out": rows.left_out,
        "difference": gain,
        "needed_rows": count_needed_rows(pairs[metric], n_rows, params.review.min_difference),
        "scores": {name: pairs[name].as_scores() for name in pairs if name in METRICS[task]},
        "value": pairs[VALUE].as_scores() if VALUE in pairs else None,
        "slices": _judge_slices(rows, pairs, metric),
    }


def refuse_to_judge(reason: str, metric: str) -> Outcome:
    """Give the outcome of a comparison that can't be made."""
    return {
        "verdict": "not comparable",
        "reason": f"The models can't be compared: {reason}.",
        "metric": metric,
        "rows": 0,
        "left_out": 0,
        "difference": None,
        "needed_rows": None,
        "scores": {},
        "value": None,
        "slices": [],
    }


def _make_scores(
    rows: ComparedRows, predictions: np.ndarray, params: Params, threshold: float | None
) -> dict[str, Score]:
    task, n_classes, value = params.goal.task, len(rows.classes), params.goal.value
    scores = weighted_scores(rows.y, predictions, task, n_classes)
    for place, each in enumerate(rows.slices):
        part = weighted_scores(rows.y[each.mask], predictions[each.mask], task, n_classes)
        scores[_slice_key(place)] = on_rows(each.mask, part[params.goal.metric])
    if value is not None and threshold is not None:
        scores[VALUE] = weighted_mean(1000 * value_rows(rows.y, predictions >= threshold, value))
    return scores


def _slice_key(place: int) -> str:
    return f"slice {place}"


def _judge_slices(
    rows: ComparedRows, pairs: Mapping[str, Paired], metric: str
) -> list[JudgedSlice]:
    return [
        {
            "column": each.column,
            "slice": each.slice,
            "rows": int(each.mask.sum()),
            **pair.as_scores(),
            "verdict": judge_difference(pair.as_gain(lower_is_better=is_loss(metric))),
        }
        for place, each in enumerate(rows.slices)
        if (pair := pairs.get(_slice_key(place)))
    ]
