"""Why the model predicts what it predicts."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from ..common.numbers import show_change
from ..model.trained import TrainedModel

MAX_FEATURES = 20
SWARM_FEATURES = 12
SWARM_ROWS = 300
PERMUTATIONS = 3


def contribute(model: TrainedModel, X: pd.DataFrame) -> np.ndarray | None:
    """Compute what each feature contributed to each prediction: LightGBM's SHAP values.

    Args:
        model: The model.
        X: Features of shape (n_rows, n_features).

    Returns:
        Contributions of shape (n_rows, n_features) to the log-odds of a binary task, to the raw
        score of the predicted class of a multi-class one, to the number of a regression (Lundberg
        et al., 2020); None for an estimator that has none.
    """
    if not hasattr(model.estimator, "feature_importance"):
        return None
    raw = np.asarray(model.estimator.predict(X.to_numpy(), pred_contrib=True))
    if model.description.task != "multiclass":
        return raw[:, :-1]
    by_class = raw.reshape(len(X), len(model.description.classes), -1)
    return by_class[np.arange(len(X)), model.predict(X).argmax(axis=1), :-1]


def thin_rows(X: pd.DataFrame, limit: int) -> np.ndarray:
    """Choose at most so many row numbers, evenly spaced."""
    return np.unique(np.linspace(0, len(X) - 1, min(limit, len(X))).round().astype(int))


def rank_features(
    model: TrainedModel,
    X: pd.DataFrame,
    contributions: np.ndarray | None,
    score: Callable[[np.ndarray], float],
) -> pd.DataFrame:
    """Rank the features by their mean absolute contribution, or by permutation without any.

    Args:
        model: The model.
        X: Features of shape (n_rows, n_features).
        contributions: From `contribute`, for the same rows.
        score: Scores predictions of these rows, the higher the better; for permutation.

    Returns:
        Table of at most 20 rows with `feature` and `importance`, the greatest first.
    """
    if contributions is None:
        importance = _permute(model, X, score)
    else:
        importance = np.abs(contributions).mean(axis=0)
    table = pd.DataFrame({"feature": X.columns, "importance": importance})
    return table.sort_values("importance", ascending=False, kind="stable").head(MAX_FEATURES)


def _permute(
    model: TrainedModel, X: pd.DataFrame, score: Callable[[np.ndarray], float]
) -> np.ndarray:
    """Compute how much worse the score gets when a feature is shuffled (Breiman, 2001)."""
    random, whole = np.random.default_rng(0), score(model.predict(X))
    losses = np.zeros((PERMUTATIONS, X.shape[1]))
    for repeat in range(PERMUTATIONS):
        for place, name in enumerate(X):
            shuffled = X.assign(**{name: random.permutation(X[name].to_numpy())})
            losses[repeat, place] = whole - score(model.predict(shuffled))
    return np.asarray(losses.mean(axis=0))


def swarm_features(
    X: pd.DataFrame, contributions: np.ndarray, importance: pd.DataFrame
) -> pd.DataFrame:
    """Give the data of a beeswarm plot: one point for each feature that matters and each row.

    Args:
        X: Features of shape (n_rows, n_features).
        contributions: From `contribute`, for the same rows.
        importance: From `rank_features`.

    Returns:
        Table with `feature`, `value` (the rank of the row's value among the distinct ones, from 0
        to 1, missing where the value is) and `contribution`.
    """
    rows = thin_rows(X, SWARM_ROWS)
    ranks = X.iloc[rows].rank(method="dense") - 1
    values = ranks / ranks.max().clip(lower=1)
    parts = []
    for feature in importance["feature"].head(SWARM_FEATURES):
        place = X.columns.get_loc(feature)
        part = {"value": values[feature], "contribution": contributions[rows, place]}
        parts.append(pd.DataFrame(part).assign(feature=feature))
    swarm = pd.concat(parts, ignore_index=True)[["feature", "value", "contribution"]]
    # A ten-thousandth of the largest is less than a dot's width, whatever the target's unit.
    largest = np.abs(contributions).max(initial=0.0)
    decimals = 4 - math.floor(math.log10(largest)) if largest else 4
    return swarm.round({"value": 4, "contribution": decimals})


def explain_rows(X: pd.DataFrame, contributions: np.ndarray, most: int = 3) -> list[str]:
    """Name the features that moved each prediction most, with their value and contribution."""
    texts = []
    for row, values in zip(X.to_numpy(), contributions, strict=True):
        chosen = np.argsort(-np.abs(values), kind="stable")[:most]
        texts.append(
            "; ".join(f"{X.columns[i]} = {row[i]:g} ({show_change(values[i])})" for i in chosen)
        )
    return texts
