"""Classes, deciles and rows, with what is wrong in each."""

import numpy as np
import pytest

from {{ cookiecutter.__package_name }}.measure.breakdown import (
    describe_classes,
    describe_deciles,
    rank_errors,
)
from {{ cookiecutter.__package_name }}.model.trained import Description

PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])


def test_classes_have_their_precision_recall_and_f1():
    found = describe_classes(np.array([0, 1, 1]), PROBABILITIES, ["a", "b", "c"])
    assert found == [
        {"class": "a", "rows": 1, "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3)},
        {"class": "b", "rows": 2, "precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3)},
        {"class": "c", "rows": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0},
    ]


def test_two_classes_are_not_described():
    assert describe_classes(np.array([0, 1]), np.array([0.2, 0.7]), []) == []


def test_deciles_are_of_the_prediction():
    predictions = np.arange(20.0)[::-1]
    found = describe_deciles(predictions + 1, predictions)
    assert len(found) == 10
    assert found[0] == {
        "decile": 1,
        "from": 0.0,
        "to": 1.0,
        "rows": 2,
        "mean_absolute_error": 1.0,
        "mean_error": -1.0,
    }


def test_few_rows_have_fewer_deciles():
    assert len(describe_deciles(np.ones(3), np.ones(3))) == 3


@pytest.mark.parametrize(
    ("task", "y", "predictions", "first"),
    [
        ("binary", np.array([0, 1]), np.array([0.2, 0.1]), [1, "yes", 0.1, -np.log(0.1)]),
        ("multiclass", np.array([0, 2, 1]), PROBABILITIES, [1, "c", "a", -np.log(0.1)]),
        ("regression", np.array([1.0, 9.0]), np.array([2.0, 4.0]), [1, 9.0, 4.0, 5.0]),
    ],
)
def test_most_wrong_row_comes_first(task, y, predictions, first):
    classes = ["a", "b", "c"] if task == "multiclass" else []
    table = rank_errors(y, predictions, Description(task, ["x"], classes))
    row = table.iloc[0]
    assert [table.index[0], row["actual"], row["predicted"]] == first[:3]
    assert row["loss"] == pytest.approx(first[3])
    assert table["loss"].is_monotonic_decreasing
