"""The scores of slices, and which are the worst."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...common.settings import Criterion, is_loss
from ...measure.bootstrap import Interval
from ...measure.slices import Slice, divide
from ..verdict import SliceScore
from .part import Part


class JudgedSlice(SliceScore, Interval):
    """The score of a slice with its interval, and that of the linear baseline."""

    linear: float


def judge_slices(
    part: Part, slices: list[Slice], metric: str, intervals: Mapping[Any, Interval]
) -> list[JudgedSlice]:
    """Score model and linear baseline on each slice.

    Args:
        part: The rows.
        slices: Slices of them.
        metric: The metric to score by.
        intervals: Of the model's score by number of the slice; what has none is left out.
    """
    return [
        {
            **score_slice(part, each, metric),
            **intervals[place],
            "linear": score_slice(part, each, metric, "linear")["value"],
        }
        for place, each in enumerate(slices)
        if place in intervals
    ]


def score_criterion(part: Part, criterion: Criterion, bins: int) -> list[SliceScore]:
    """Score the slices that a criterion names, with as many rows as it asks for.

    Args:
        part: The rows.
        criterion: Names the column and the metric; without a column there is nothing to score.
        bins: Into how many quantile bins a number is divided.

    Returns:
        The scores, the worst first; before it those on which the metric is not defined.
    """
    if criterion.slice is None:
        return []
    found = [
        score_slice(part, each, criterion.metric)
        for each in divide(part.rows[criterion.slice], bins)
        if each.mask.sum() >= (criterion.min_rows or 0)
    ]
    sign = -1 if is_loss(criterion.metric) else 1
    return sorted(
        found, key=lambda each: -np.inf if np.isnan(each["value"]) else sign * each["value"]
    )


def score_slice(part: Part, chosen: Slice, metric: str, name: str = "model") -> SliceScore:
    """Score the model or a baseline on one slice; NaN where the metric is not defined."""
    rows = part.only(chosen.mask)
    value = rows.weighted(name)[metric](np.ones((1, len(rows.y))))[0]
    return {
        "column": chosen.column,
        "slice": chosen.slice,
        "rows": len(rows.y),
        "value": float(value),
    }
