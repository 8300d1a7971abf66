"""Rows whose numbers overflow in a linear model, which scikit-learn refuses to predict."""

from typing import Any

import numpy as np
import pandas as pd

from .trained import TrainedModel


def predict_scalable(model: TrainedModel, features: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Predict the rows whose numbers do not overflow; only a linear model has others.

    Args:
        model: The model.
        features: DataFrame of shape (n_rows, n_features) from the transform.

    Returns:
        What `model.predict` gives, NaN in a row whose numbers overflow; and of shape (n_rows,) the
        feature that is to blame for it, which is the farthest from 0 when scaled, or "".
    """
    steps = [step for _, step in getattr(model.estimator, "steps", [("", model.estimator)])]
    if not hasattr(steps[-1], "coef_"):
        return model.predict(features), np.full(len(features), "", dtype=object)
    X = features[model.description.features]
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = _scale(steps[:-1], X.to_numpy())
        finite = np.isfinite(scaled).all(axis=1)
        values = model.predict(X.where(np.broadcast_to(finite[:, None], X.shape), 0.0))
    finite &= np.isfinite(values).reshape(len(X), -1).all(axis=1)
    values[~finite] = np.nan
    names = X.columns.to_numpy(dtype=object)[np.abs(scaled).argmax(axis=1)]
    return values, np.where(finite, "", names)


def _scale(steps: list[Any], X: np.ndarray) -> np.ndarray:
    infinite = np.isinf(X)
    scaled = np.where(infinite, 0.0, X)
    for step in steps:
        scaled = scaled if step == "passthrough" else step.transform(scaled)
    # Other steps than these may make other columns.
    return np.where(infinite, X, scaled if scaled.shape == X.shape else 0.0)
