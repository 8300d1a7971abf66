"""How good predictions are."""

from collections.abc import Callable

import numpy as np
from sklearn import metrics

from ..common.settings import Task
from .bootstrap import weighted_scores

Array = np.ndarray
Metric = Callable[[Array, Array], float]
Scores = dict[str, float]


def score_predictions(y: Array, predictions: Array, task: Task, n_classes: int) -> Scores:
    """Compute every metric of the task.

    Args:
        y: Target of shape (n_rows,): 0 or 1, the index of the class, or a number.
        predictions: Probability of 1 of shape (n_rows,), of each class of shape
            (n_rows, n_classes), or the predicted number of shape (n_rows,).
        task: Decides which metrics.
        n_classes: How many classes a multi-class task has.

    Returns:
        Metrics by name. Those named loss or error are better when lower.
    """
    return {
        name: float(metric(y, predictions)) for name, metric in _metrics_of(task, n_classes).items()
    }


def _metrics_of(task: Task, n_classes: int) -> dict[str, Metric]:
    labels = np.arange(n_classes)
    by_task: dict[Task, dict[str, Metric]] = {
        "binary": {
            "roc_auc": metrics.roc_auc_score,
            "average_precision": metrics.average_precision_score,
            "log_loss": lambda y, p: metrics.log_loss(y, p, labels=[0, 1]),
            "brier_loss": metrics.brier_score_loss,
            "calibration_error": calibration_error,
        },
        "multiclass": {
            "accuracy": lambda y, p: metrics.accuracy_score(y, p.argmax(axis=1)),
            "balanced_accuracy": lambda y, p: _mean_recall(y, p.argmax(axis=1)),
            "f1_macro": lambda y, p: metrics.f1_score(
                y, p.argmax(axis=1), labels=labels, average="macro", zero_division=0
            ),
            "f1_weighted": lambda y, p: metrics.f1_score(
                y, p.argmax(axis=1), labels=labels, average="weighted", zero_division=0
            ),
            "log_loss": lambda y, p: metrics.log_loss(y, p, labels=labels),
        },
        "regression": {
            "r2": metrics.r2_score,
            "mean_absolute_error": metrics.mean_absolute_error,
            "root_mean_squared_error": metrics.root_mean_squared_error,
        },
    }
    return by_task[task]


def calibration_error(y: Array, predictions: Array) -> float:
    """Compute the expected calibration error, which scikit-learn lacks.

    See `measure/bootstrap.py` for its definition.
    """
    score = weighted_scores(y, predictions, "binary", 2)["calibration_error"]
    return float(score(np.ones((1, len(y))))[0])


def _mean_recall(y: Array, predicted: Array) -> float:
    # sklearn's balanced_accuracy_score warns of each class that a resample happens not to hold.
    return float(np.mean([np.mean(predicted[y == label] == label) for label in np.unique(y)]))
