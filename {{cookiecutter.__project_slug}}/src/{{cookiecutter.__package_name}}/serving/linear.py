"""A linear model of the serving graph as plain arithmetic."""

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

Numbers = Any


class UnscalableError(Exception):
    """A number of a row overflows; the place of its feature."""


class Linear:
    """An imputer, a scaler and a linear or logistic regression."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take the model of the serving graph."""
        self._link = model["link"]
        self._fill, self._shift, self._scale, self._coefficients, self._intercepts = (
            np.array(model[key], dtype="float64")
            for key in ("fill", "shift", "scale", "coefficients", "intercepts")
        )

    def predict(self, row: "array[float]") -> list[float]:
        """Predict a row.

        Args:
            row: Its features, of shape (n_features,).

        Returns:
            The number or the probability of 1, or the probability of each class.

        Raises:
            UnscalableError: Of scikit-learn's own model the answer would be an error or NaN.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = self._standardise(row)
            found = self._finish(self._coefficients @ scaled + self._intercepts)
        if not (np.isfinite(scaled).all() and np.isfinite(found).all()):
            raise UnscalableError(int(np.abs(scaled).argmax()))
        return [float(value) for value in found]

    def contribute(self, row: "array[float]", output: int) -> list[float]:
        """Split a raw score into its terms: the SHAP values of a linear model.

        Where the features are standardised these are the differences to a mean row (Lundberg and
        Lee, 2017, for features that are independent); else the differences to a row of zeros.

        Args:
            row: Its features, of shape (n_features,).
            output: The place of a class, 0 if there are none.

        Returns:
            What each feature contributed to the raw score of that class, and last what the score
            is without any.
        """
        terms = self._coefficients[output] * self._standardise(row)
        return [*terms.tolist(), float(self._intercepts[output])]

    def _standardise(self, row: "array[float]") -> Numbers:
        X = np.frombuffer(row)
        return (np.where(np.isnan(X), self._fill, X) - self._shift) / self._scale

    def _finish(self, raw: Numbers) -> Numbers:
        if self._link == "identity":
            return raw
        if self._link == "logistic":
            return 1 / (1 + np.exp(-raw))
        odds = np.exp(raw - raw.max())
        return odds / odds.sum()
