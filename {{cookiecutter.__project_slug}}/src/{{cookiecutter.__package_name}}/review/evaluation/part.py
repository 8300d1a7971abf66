"""A part of the rows with what the model and its baselines say of it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ...measure.bootstrap import Score, weighted_scores
from ...measure.metrics import Scores, score_predictions
from ...model.trained import Description


class Part(NamedTuple):
    """A part of the rows.

    Attributes:
        rows: As prepared, of shape (n_rows, n_columns).
        X: Features of shape (n_rows, n_features).
        y: Encoded target of shape (n_rows,).
        predictions: By "model", "linear" and "dummy", see `TrainedModel.predict`.
        description: Of the model.
    """

    rows: pd.DataFrame
    X: pd.DataFrame
    y: np.ndarray
    predictions: dict[str, np.ndarray]
    description: Description

    def score(self, name: str = "model") -> Scores:
        """Score the predictions of the model or of a baseline."""
        return self.score_others(self.predictions[name])

    def score_others(self, predictions: np.ndarray) -> Scores:
        """Score other predictions of the same rows."""
        task, classes = self.description.task, self.description.classes
        return score_predictions(self.y, predictions, task, len(classes))

    def weighted(self, name: str = "model") -> dict[str, Score]:
        """Make the same scores for weighted rows."""
        task, classes = self.description.task, self.description.classes
        return weighted_scores(self.y, self.predictions[name], task, len(classes))

    def only(self, mask: np.ndarray) -> "Part":
        """Take the rows where the mask, of shape (n_rows,), is true."""
        return self.take(np.flatnonzero(mask))

    def take(self, places: np.ndarray) -> "Part":
        """Take rows by their numbers."""
        predictions = {name: values[places] for name, values in self.predictions.items()}
        return self._replace(
            rows=self.rows.iloc[places],
            X=self.X.iloc[places],
            y=self.y[places],
            predictions=predictions,
        )
