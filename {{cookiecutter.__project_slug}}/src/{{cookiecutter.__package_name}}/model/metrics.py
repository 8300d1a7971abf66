"""How good predictions are, and how sure that is."""

from collections.abc import Callable, Iterator

import numpy as np
from sklearn import metrics

from ..settings import Task

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


def resample_rows(y: Array, task: Task, resamples: int, seed: int) -> Iterator[Array]:
    """Draw bootstrap resamples of the rows, with replacement.

    Those in which a binary target has one value only are drawn again, as no ranking metric is
    defined on them.

    Args:
        y: Encoded target of shape (n_rows,).
        task: Says whether both values are needed.
        resamples: How many to draw.
        seed: Of the random numbers.

    Yields:
        Row numbers of shape (n_rows,).
    """
    random = np.random.default_rng(seed)
    for _ in range(resamples):
        chosen = random.integers(len(y), size=len(y))
        while task == "binary" and len(np.unique(y[chosen])) < 2:
            chosen = random.integers(len(y), size=len(y))
        yield chosen


def percentile_interval(values: list[float]) -> dict[str, float]:
    """Give the 95 % percentile interval of bootstrap values (Efron and Tibshirani, 1993)."""
    low, high = np.percentile(values, [2.5, 97.5])
    return {"low": float(low), "high": float(high)}


def _metrics_of(task: Task, n_classes: int) -> dict[str, Metric]:
    labels = np.arange(n_classes)
    by_task: dict[Task, dict[str, Metric]] = {
        "binary": {
            "roc_auc": metrics.roc_auc_score,
            "average_precision": metrics.average_precision_score,
            "log_loss": lambda y, p: metrics.log_loss(y, p, labels=[0, 1]),
            "brier_loss": metrics.brier_score_loss,
        },
        "multiclass": {
            "accuracy": lambda y, p: metrics.accuracy_score(y, p.argmax(axis=1)),
            "balanced_accuracy": lambda y, p: _mean_recall(y, p.argmax(axis=1)),
            "f1_macro": lambda y, p: metrics.f1_score(
                y, p.argmax(axis=1), labels=labels, average="macro", zero_division=0
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


def _mean_recall(y: Array, predicted: Array) -> float:
    # sklearn's balanced_accuracy_score warns of each class that a resample happens not to hold.
    return float(np.mean([np.mean(predicted[y == label] == label) for label in np.unique(y)]))
