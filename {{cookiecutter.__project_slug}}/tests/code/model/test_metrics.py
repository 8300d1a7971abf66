"""Metrics have the names that criteria use, the values of scikit-learn, and honest intervals."""

import numpy as np
import pytest
from sklearn import metrics as reference

from {{ cookiecutter.__package_name }}.model.metrics import (
    percentile_interval,
    resample_rows,
    score_predictions,
)
from {{ cookiecutter.__package_name }}.review.verdict import is_loss
from {{ cookiecutter.__package_name }}.settings import METRICS

CLASSES = np.array([0, 0, 0, 1, 1, 2])
PROBABILITIES = np.array(
    [
        [0.8, 0.1, 0.1],
        [0.6, 0.3, 0.1],
        [0.2, 0.7, 0.1],
        [0.3, 0.4, 0.3],
        [0.1, 0.8, 0.1],
        [0.5, 0.3, 0.2],
    ]
)
EXAMPLES = {
    "binary": (np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.4, 0.9]), 0),
    "multiclass": (CLASSES, PROBABILITIES, 3),
    "regression": (np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.5, 2.0, 3.0, 9.0]), 0),
}


@pytest.mark.parametrize("task", METRICS)
def test_metrics_have_the_names_that_settings_allow(task):
    y, predictions, n_classes = EXAMPLES[task]
    assert tuple(score_predictions(y, predictions, task, n_classes)) == METRICS[task]


@pytest.mark.parametrize("task", METRICS)
def test_metrics_are_best_for_the_truth(task):
    y, predictions, n_classes = EXAMPLES[task]
    truth = {"binary": y, "multiclass": np.eye(3)[y.astype(int) % 3], "regression": y}[task]
    best = score_predictions(y, truth, task, n_classes)
    worse = score_predictions(y, predictions, task, n_classes)
    for name, value in worse.items():
        sign = -1 if is_loss(name) else 1
        assert sign * best[name] > sign * value


def test_metrics_of_a_number():
    scores = score_predictions(*EXAMPLES["regression"][:2], "regression", 0)
    assert scores["mean_absolute_error"] == pytest.approx(0.625)
    assert scores["root_mean_squared_error"] == pytest.approx(0.75)


def test_metrics_of_two_classes():
    scores = score_predictions(*EXAMPLES["binary"][:2], "binary", 0)
    assert scores["roc_auc"] == 0.75
    assert scores["brier_loss"] == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)


def test_metrics_of_three_classes_are_those_of_sklearn():
    scores = score_predictions(CLASSES, PROBABILITIES, "multiclass", 3)
    predicted = [0, 0, 1, 1, 1, 0]
    assert scores == pytest.approx(
        {
            "accuracy": reference.accuracy_score(CLASSES, predicted),
            "balanced_accuracy": reference.balanced_accuracy_score(CLASSES, predicted),
            "f1_macro": reference.f1_score(CLASSES, predicted, average="macro", zero_division=0),
            "log_loss": reference.log_loss(CLASSES, PROBABILITIES),
        }
    )


def test_metrics_of_classes_have_a_value_when_rows_lack_a_class():
    scores = score_predictions(CLASSES[:3], PROBABILITIES[:3], "multiclass", 3)
    assert scores["balanced_accuracy"] == pytest.approx(2 / 3)
    assert np.isfinite([*scores.values()]).all()


@pytest.mark.parametrize("task", METRICS)
def test_interval_contains_the_value(task):
    y, predictions, n_classes = EXAMPLES[task]
    y, predictions = np.concatenate([y] * 20), np.concatenate([predictions] * 20)
    value = score_predictions(y, predictions, task, n_classes)
    found = [
        score_predictions(y[rows], predictions[rows], task, n_classes)
        for rows in resample_rows(y, task, 50, seed=7)
    ]
    for name in METRICS[task]:
        interval = percentile_interval([scores[name] for scores in found])
        assert interval["low"] < value[name] < interval["high"]


def test_resamples_are_the_same_for_the_same_seed():
    y = np.arange(30) % 2
    first, again, other = (np.array([*resample_rows(y, "binary", 3, seed)]) for seed in (7, 7, 8))
    assert first.shape == (3, 30)
    assert (first == again).all()
    assert (first != other).any()


def test_resamples_of_two_classes_always_hold_both():
    y = np.array([0, 0, 0, 1])
    assert all(len(set(y[rows])) == 2 for rows in resample_rows(y, "binary", 100, seed=7))


def test_interval_holds_95_of_100_values():
    interval = percentile_interval([*range(1001)])
    assert interval == {"low": 25.0, "high": 975.0}
