"""Metrics have the names that criteria use, the values of scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as reference

from {{ cookiecutter.__package_name }}.common.settings import METRICS, is_loss
from {{ cookiecutter.__package_name }}.measure.metrics import score_predictions

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


def test_calibration_error_is_the_mean_gap_between_said_and_seen():
    y, said = np.array([0, 1, 0, 0]), np.array([0.95, 0.95, 0.25, 0.25])
    scores = score_predictions(y, said, "binary", 0)
    assert scores["calibration_error"] == pytest.approx((0.45 + 0.25) / 2)


def test_metrics_of_three_classes_are_those_of_sklearn():
    scores = score_predictions(CLASSES, PROBABILITIES, "multiclass", 3)
    predicted = [0, 0, 1, 1, 1, 0]
    assert scores == pytest.approx(
        {
            "accuracy": reference.accuracy_score(CLASSES, predicted),
            "balanced_accuracy": reference.balanced_accuracy_score(CLASSES, predicted),
            "f1_macro": reference.f1_score(CLASSES, predicted, average="macro", zero_division=0),
            "f1_weighted": reference.f1_score(
                CLASSES, predicted, average="weighted", zero_division=0
            ),
            "log_loss": reference.log_loss(CLASSES, PROBABILITIES),
        }
    )


def test_metrics_of_classes_have_a_value_when_rows_lack_a_class():
    scores = score_predictions(CLASSES[:3], PROBABILITIES[:3], "multiclass", 3)
    assert scores["balanced_accuracy"] == pytest.approx(2 / 3)
    assert np.isfinite([*scores.values()]).all()
