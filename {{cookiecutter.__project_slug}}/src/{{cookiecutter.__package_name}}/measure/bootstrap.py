"""How far chance moves a metric: the bootstrap, many resamples at once.

A resample is a row of weights, how often it drew each of the rows. So one sort of the predictions
serves all resamples, and two models are compared on the very same ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypedDict

import numpy as np
from scipy import sparse

from ..common.settings import Task

Array = np.ndarray
# From weights of shape (n_resamples, n_rows) to scores of shape (n_resamples,), NaN where the
# metric is not defined, as a ranking of rows that are all positive.
Score = Callable[[Array], Array]
MAX_WEIGHTS = 2**20
BINS = 10
# With many rows a resample takes long; from 200 on, more of them hardly move a 95 % interval.
MAX_DRAWS, MIN_RESAMPLES = 20_000_000, 200


class Interval(TypedDict):
    """A 95 % interval."""

    low: float
    high: float


def limit_resamples(n_rows: int, resamples: int) -> int:
    """Say how many resamples to draw where so many are asked for."""
    return min(resamples, max(MAX_DRAWS // n_rows, MIN_RESAMPLES))


def draw_weights(
    n_rows: int, resamples: int, seed: int, groups: Array | None = None
) -> Iterator[Array]:
    """Draw resamples with replacement.

    Args:
        n_rows: How many rows there are.
        resamples: How many resamples are asked for, see `limit_resamples`.
        seed: Of the random numbers.
        groups: Number of each row's group, of shape (n_rows,), where rows of one group are alike
            and must be drawn together; each row by itself without.

    Yields:
        How often each row was drawn, of shape (n_some, n_rows), some resamples at a time.
    """
    random, resamples = np.random.default_rng(seed), limit_resamples(n_rows, resamples)
    units = n_rows if groups is None else int(groups.max()) + 1
    size = max(MAX_WEIGHTS // n_rows, 1)
    for start in range(0, resamples, size):
        drawn = random.integers(units, size=(min(size, resamples - start), units))
        counts = np.stack([np.bincount(chosen, minlength=units) for chosen in drawn])
        yield (counts if groups is None else counts[:, groups]).astype("float64")


def resample_scores(scores: Mapping[str, Score], weights: Iterable[Array]) -> dict[str, Array]:
    """Compute each score on each resample.

    Returns:
        Scores of shape (n_resamples,) by name.
    """
    chunks = [{name: score(some) for name, score in scores.items()} for some in weights]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in scores}


def percentile_interval(values: Array) -> Interval:
    """Give the 95 % percentile interval of bootstrap values (Efron and Tibshirani, 1993).

    Resamples on which the metric is not defined are left out.
    """
    low, high = np.percentile(values[np.isfinite(values)], [2.5, 97.5])
    return {"low": float(low), "high": float(high)}


def is_defined(values: Array) -> bool:
    """Say whether a score is defined on at least half of the resamples, of shape (n_resamples,).

    An interval of the few resamples that happen to hold both classes says nothing.
    """
    return bool(np.isfinite(values).mean() >= 0.5)


def weighted_mean(values: Array) -> Score:
    """Make the score that is the mean of a value of each row, of shape (n_rows,)."""
    return lambda weights: _divide(weights @ values, weights.sum(axis=1))


def on_rows(mask: Array, score: Score) -> Score:
    """Make the score of some rows only: those where the mask, of shape (n_rows,), is true."""
    return lambda weights: score(weights[:, mask])


def weighted_scores(y: Array, predictions: Array, task: Task, n_classes: int) -> dict[str, Score]:
    """Make every metric of the task, as `score_predictions` computes it for unweighted rows.

    Args:
        y: Target of shape (n_rows,), as for `score_predictions`.
        predictions: Of shape (n_rows,) or (n_rows, n_classes), as for `score_predictions`.
        task: Decides which metrics.
        n_classes: How many classes a multi-class task has.
    """
    if task == "binary":
        return {
            "roc_auc": _roc_auc(y, predictions),
            "average_precision": _average_precision(y, predictions),
            "log_loss": weighted_mean(row_log_loss(y, predictions)),
            "brier_loss": weighted_mean((y - predictions) ** 2),
            "calibration_error": _calibration_error(y, predictions),
        }
    if task == "multiclass":
        by_confusion = _by_confusion(y, predictions.argmax(axis=1), n_classes)
        return by_confusion | {"log_loss": weighted_mean(row_log_loss(y, predictions))}
    return {
        "r2": _r2(y, predictions),
        "mean_absolute_error": weighted_mean(np.abs(y - predictions)),
        "root_mean_squared_error": lambda weights: np.asarray(
            np.sqrt(weighted_mean((y - predictions) ** 2)(weights))
        ),
    }


def row_log_loss(y: Array, probabilities: Array) -> Array:
    """Compute the log loss of each row, of shape (n_rows,)."""
    if probabilities.ndim == 1:
        probabilities = np.column_stack([1 - probabilities, probabilities])
    chosen = probabilities[np.arange(len(y)), y.astype(int)]
    return np.asarray(-np.log(np.clip(chosen, np.finfo("float64").eps, 1)))


def calibration_bins(predictions: Array) -> Array:
    """Sort probabilities into ten bins of equal width, of shape (n_rows,)."""
    return np.asarray(np.minimum((predictions * BINS).astype(int), BINS - 1))


def _divide(numerator: Array, denominator: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(numerator / denominator)


def _tied(y: Array, predictions: Array) -> Callable[[Array], tuple[Array, Array]]:
    """Sum the weights of positives and negatives for each distinct prediction, in its order."""
    order = np.argsort(predictions, kind="stable")
    starts = np.flatnonzero(np.diff(predictions[order], prepend=np.nan) != 0)
    positive = y[order].astype(bool)

    def sums(weights: Array) -> tuple[Array, Array]:
        ordered = weights[:, order]
        yes, no = (np.where(kind, ordered, 0) for kind in (positive, ~positive))
        return np.add.reduceat(yes, starts, axis=1), np.add.reduceat(no, starts, axis=1)

    return sums


def _roc_auc(y: Array, predictions: Array) -> Score:
    """The share of pairs that are ranked rightly, ties counting half (Mann and Whitney, 1947)."""
    sums = _tied(y, predictions)

    def score(weights: Array) -> Array:
        yes, no = sums(weights)
        below = no.cumsum(axis=1) - no / 2
        return _divide((yes * below).sum(axis=1), yes.sum(axis=1) * no.sum(axis=1))

    return score


def _average_precision(y: Array, predictions: Array) -> Score:
    sums = _tied(y, predictions)

    def score(weights: Array) -> Array:
        yes, no = (part[:, ::-1] for part in sums(weights))
        hits, chosen = yes.cumsum(axis=1), (yes + no).cumsum(axis=1)
        precision = np.divide(hits, chosen, out=np.zeros_like(hits), where=chosen > 0)
        return _divide((precision * yes).sum(axis=1), yes.sum(axis=1))

    return score


def _calibration_error(y: Array, predictions: Array) -> Score:
    """The expected calibration error over ten bins of equal width (Guo et al., 2017)."""
    gaps = np.zeros((len(y), BINS))
    gaps[np.arange(len(y)), calibration_bins(predictions)] = y - predictions
    return lambda weights: _divide(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1))


def _by_confusion(y: Array, predicted: Array, n_classes: int) -> dict[str, Score]:
    cells = sparse.csr_array(
        (np.ones(len(y)), (np.arange(len(y)), y * n_classes + predicted)),
        shape=(len(y), n_classes**2),
    )

    def confusion(weights: Array) -> tuple[Array, Array, Array]:
        table = (weights @ cells).reshape(-1, n_classes, n_classes)
        return np.diagonal(table, axis1=1, axis2=2), table.sum(axis=2), table.sum(axis=1)

    def accuracy(weights: Array) -> Array:
        hits, actual, _ = confusion(weights)
        return _divide(hits.sum(axis=1), actual.sum(axis=1))

    def balanced_accuracy(weights: Array) -> Array:
        hits, actual, _ = confusion(weights)
        recall = np.divide(hits, actual, out=np.zeros_like(hits), where=actual > 0)
        return _divide(recall.sum(axis=1), (actual > 0).sum(axis=1))

    def f1(weights: Array) -> tuple[Array, Array]:
        hits, actual, chosen = confusion(weights)
        both = actual + chosen
        return np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0), actual

    def f1_macro(weights: Array) -> Array:
        return np.asarray(f1(weights)[0].mean(axis=1))

    def f1_weighted(weights: Array) -> Array:
        scores, actual = f1(weights)
        return _divide((scores * actual).sum(axis=1), actual.sum(axis=1))

    return {
        "accuracy": accuracy,
        "balanced_accuracy": balanced_accuracy,
        "f1_macro": f1_macro,
        "f1_weighted": f1_weighted,
    }


def _r2(y: Array, predictions: Array) -> Score:
    errors, squares = weighted_mean((y - predictions) ** 2), weighted_mean((y - y.mean()) ** 2)
    mean = weighted_mean(y - y.mean())

    def score(weights: Array) -> Array:
        variance = squares(weights) - mean(weights) ** 2
        # Where the target hardly varies, what is left of its variance is rounding.
        scale = np.abs(y).max(initial=0) ** 2 * np.finfo("float64").eps
        return 1 - _divide(errors(weights), np.where(variance > scale, variance, np.nan))

    return score
