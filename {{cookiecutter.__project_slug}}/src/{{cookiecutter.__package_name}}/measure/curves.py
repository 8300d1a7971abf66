"""The data behind the plots of dvc.yaml: a table each."""

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_curve, roc_curve

from ..model.trained import TrainedModel
from .bootstrap import BINS, calibration_bins

# More points than that can't be told apart in a plot.
MAX_POINTS = 200


def plot_tables(
    y: np.ndarray, predictions: np.ndarray, model: TrainedModel, threshold: float | None
) -> dict[str, pd.DataFrame]:
    """Compute the tables that the task's plots are drawn from.

    Args:
        y: Encoded target of the test part, of shape (n_rows,).
        predictions: What `model.predict` returned for it.
        model: Gives the task and the classes.
        threshold: Probability from which a row counts as positive in a binary task.

    Returns:
        Table by file name without suffix.
    """
    if model.description.task == "regression":
        return {"residuals": pd.DataFrame({"actual": y, "predicted": predictions})}
    if model.description.task == "multiclass":
        classes = np.array(model.description.classes)
        return {"confusion": _confusion(classes[y], classes[predictions.argmax(axis=1)])}
    labels = np.array(["no", "yes"])
    fpr, tpr, _ = roc_curve(y, predictions)
    precision, recall, _ = precision_recall_curve(y, predictions)
    return {
        "roc": _thin(pd.DataFrame({"false_positive_rate": fpr, "true_positive_rate": tpr})),
        "precision_recall": _thin(pd.DataFrame({"recall": recall, "precision": precision})),
        "calibration": _calibration(y, predictions),
        "lift": _lift(y, predictions),
        "confusion": _confusion(labels[y], labels[(predictions >= threshold).astype(int)]),
    }


def _calibration(y: np.ndarray, predictions: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame({"predicted": predictions, "observed": y})
    groups = table.groupby(calibration_bins(predictions))
    return groups.mean().assign(rows=groups.size()).reset_index(drop=True)


def _lift(y: np.ndarray, predictions: np.ndarray) -> pd.DataFrame:
    """Compute how many times more positives are among the rows with the highest predictions."""
    order = np.argsort(-predictions, kind="stable")
    shares = np.arange(1, 2 * BINS + 1) / (2 * BINS)
    counts = np.maximum((shares * len(y)).round().astype(int), 1)
    found = y[order].cumsum()[counts - 1] / counts
    return pd.DataFrame({"share_selected": shares, "lift": found / y.mean()})


def _confusion(actual: np.ndarray, predicted: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"actual": actual, "predicted": predicted})


def _thin(curve: pd.DataFrame) -> pd.DataFrame:
    places = np.unique(np.linspace(0, len(curve) - 1, MAX_POINTS).round().astype(int))
    return curve.iloc[places]
