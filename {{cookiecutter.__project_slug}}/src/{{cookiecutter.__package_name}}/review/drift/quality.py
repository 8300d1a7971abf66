"""How good the predictions were, where labels have arrived."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
import pandas as pd

from ...common.settings import Params, is_loss
from ...measure.bootstrap import draw_weights, percentile_interval, resample_scores, weighted_scores
from ...measure.metrics import score_predictions
from ...model.trained import Description
from .current import Current

Array = np.ndarray


class Quality(TypedDict):
    """The goal's metric in a window, with its 95 % interval.

    `missed` says that the whole interval is on the wrong side of the goal's limit.
    """

    window: int
    rows: int
    value: float
    low: float
    high: float
    missed: bool


def follow_quality(
    current: Current, windows: Mapping[int, Array], description: Description, params: Params
) -> list[Quality]:
    """Compute the goal's metric in each window with labels enough.

    Args:
        current: The rows with their predictions and labels.
        windows: Mask of the window's rows by its number.
        description: The model's.
        params: Give metric and limit, the least rows of a window, and the bootstrap's settings.
    """
    found: list[Quality] = []
    labelled = current.sound & ~np.isnan(current.target)
    for number, window in windows.items():
        chosen = labelled & window
        y = current.target[chosen]
        if chosen.sum() < params.drift.min_rows or len(np.unique(y)) < 2:
            continue
        y = y if description.task == "regression" else y.astype("int64")
        groups = (
            None
            if current.groups is None
            else pd.factorize(current.groups[chosen], use_na_sentinel=False)[0]
        )
        predictions = predictions_of(current.predictions[chosen], description)
        value, low, high = _score(y, predictions, groups, description, params)
        limit = target_limit(params)
        missed = low > limit if is_loss(params.goal.metric) else high < limit
        found.append(
            Quality(
                window=number, rows=len(y), value=value, low=low, high=high, missed=bool(missed)
            )
        )
    return found


def predictions_of(table: pd.DataFrame, description: Description) -> Array:
    """Give predictions of `Bundle.predict` as `TrainedModel.predict` does."""
    if description.task == "multiclass":
        return np.asarray(table[[f"probability_{name}" for name in description.classes]])
    return np.asarray(table["probability" if description.task == "binary" else "prediction"])


def target_limit(params: Params) -> float:
    """Give the limit of the goal's metric on all rows."""
    goal = params.goal
    limits = [each for each in goal.criteria if each.metric == goal.metric and not each.slice]
    limit = limits[0].at_least if limits[0].at_least is not None else limits[0].at_most
    return float(limit or 0.0)


def _score(
    y: Array, predictions: Array, groups: Array | None, description: Description, params: Params
) -> tuple[float, float, float]:
    metric, task, n_classes = params.goal.metric, description.task, len(description.classes)
    scores = weighted_scores(y, predictions, task, n_classes)
    weights = draw_weights(len(y), params.evaluate.resamples, params.evaluate.seed, groups)
    interval = percentile_interval(resample_scores({metric: scores[metric]}, weights)[metric])
    value = score_predictions(y, predictions, task, n_classes)[metric]
    return value, interval["low"], interval["high"]
