"""The scores of slices, and which are the worst."""

from collections.abc import Mapping

import numpy as np

from ..model.bootstrap import Interval
from ..model.slices import Slice, divide
from ..settings import Criterion
from .part import Part
from .verdict import SliceScore, is_loss


class JudgedSlice(SliceScore, Interval):
    """The score of a slice with its interval, and that of the linear baseline."""

    linear: float


def judge_slices(
    part: Part, slices: list[Slice], metric: str, intervals: Mapping[tuple[str, str], Interval]
) -> list[JudgedSlice]:
    """Score model and linear baseline on each slice.

    Args:
        part: The rows.
        slices: Slices of them.
        metric: The metric to score by.
        intervals: Of the model's score by column and slice; what has none is left out.
    """
    return [
        {
            **score_slice(part, each, metric),
            **intervals[each.column, each.slice],
            "linear": score_slice(part, each, metric, "linear")["value"],
        }
        for each in slices
        if (each.column, each.slice) in intervals
    ]


def score_criterion(part: Part, criterion: Criterion, bins: int) -> list[SliceScore]:
    """Score the slices that a criterion names, with as many rows as it asks for.

    Args:
        part: The rows.
        criterion: Names the column and the metric; without a column there is nothing to score.
        bins: Into how many quantile bins a number is divided.

    Returns:
        The scores, the worst first. A slice on which the metric is not defined is left out.
    """
    if criterion.slice is None:
        return []
    found = [
        score_slice(part, each, criterion.metric)
        for each in divide(part.rows[criterion.slice], bins)
        if each.mask.sum() >= (criterion.min_rows or 0)
    ]
    defined = [each for each in found if not np.isnan(each["value"])]
    return sorted(defined, key=lambda each: each["value"], reverse=is_loss(criterion.metric))


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
