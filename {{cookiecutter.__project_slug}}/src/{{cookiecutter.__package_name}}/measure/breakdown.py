"""Where the predictions go wrong: by class, by size of the prediction, row by row."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from ..model.trained import Description
from .bootstrap import row_log_loss

DECILES = 10


def describe_classes(
    y: np.ndarray, predictions: np.ndarray, classes: list[str]
) -> list[dict[str, Any]]:
    """Compute precision, recall and F1 of each class.

    Args:
        y: Index of the class, of shape (n_rows,).
        predictions: Probability of each class, of shape (n_rows, n_classes).
        classes: Their names; empty for any task but a multi-class one, which gives an empty list.
    """
    if not classes:
        return []
    scores = precision_recall_fscore_support(
        y, predictions.argmax(axis=1), labels=np.arange(len(classes)), zero_division=0
    )
    names = ("class", "precision", "recall", "f1", "rows")
    table = [
        dict(zip(names, (name, *map(float, values)), strict=True))
        for name, *values in zip(classes, *scores, strict=True)
    ]
    return [each | {"rows": int(each["rows"])} for each in table]


def describe_deciles(y: np.ndarray, predictions: np.ndarray) -> list[dict[str, Any]]:
    """Compute the errors of a regression by decile of the prediction.

    Args:
        y: Of shape (n_rows,).
        predictions: Of shape (n_rows,).

    Returns:
        "decile", the range of the prediction "from" and "to", "rows", "mean_absolute_error", and
        "mean_error", prediction minus truth, in each.
    """
    order = np.argsort(predictions, kind="stable")
    return [
        {
            "decile": number,
            "from": float(predictions[rows[0]]),
            "to": float(predictions[rows[-1]]),
            "rows": len(rows),
            "mean_absolute_error": float(np.abs(predictions[rows] - y[rows]).mean()),
            "mean_error": float((predictions[rows] - y[rows]).mean()),
        }
        for number, rows in enumerate(np.array_split(order, DECILES), start=1)
        if len(rows)
    ]


def rank_errors(y: np.ndarray, predictions: np.ndarray, description: Description) -> pd.DataFrame:
    """Rank the rows by how wrong their prediction is.

    Args:
        y: Encoded target of shape (n_rows,).
        predictions: As of `TrainedModel.predict`.
        description: Gives the task and the classes.

    Returns:
        Table of shape (n_rows, 3), indexed by row number, the most wrong first: `actual`,
        `predicted` (a probability, class or number) and `loss` (log loss, or absolute error).
    """
    if description.task == "regression":
        actual, predicted, loss = y, predictions, np.abs(y - predictions)
    else:
        names = np.array(description.classes or ["no", "yes"])
        actual, loss = names[y], row_log_loss(y, predictions)
        predicted = predictions if predictions.ndim == 1 else names[predictions.argmax(axis=1)]
    table = pd.DataFrame({"actual": actual, "predicted": predicted, "loss": loss})
    return table.sort_values("loss", ascending=False, kind="stable")
