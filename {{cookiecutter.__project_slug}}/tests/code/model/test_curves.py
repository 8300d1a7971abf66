"""The tables behind the plots of dvc.yaml."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.__package_name }}.model.curves import importance_table, plot_tables
from {{ cookiecutter.__package_name }}.model.trained import Description, TrainedModel

Y = np.array([0, 0, 1, 1])
P = np.array([0.1, 0.6, 0.4, 0.9])


def make_model(task, classes=()):
    return TrainedModel(Description(task, ["x"], [*classes]), None)


def test_two_classes_have_curves_and_confusion_at_the_threshold():
    tables = plot_tables(Y, P, make_model("binary"), threshold=0.6)
    assert [*tables] == ["roc", "precision_recall", "calibration", "confusion"]
    assert tables["confusion"]["actual"].tolist() == ["no", "no", "yes", "yes"]
    assert tables["confusion"]["predicted"].tolist() == ["no", "yes", "no", "yes"]
    assert tables["roc"].iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert tables["calibration"]["observed"].between(0, 1).all()


def test_more_classes_have_a_confusion():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    model = make_model("multiclass", ["a", "b", "c"])
    tables = plot_tables(np.array([1, 2]), probabilities, model, threshold=None)
    assert tables["confusion"].to_numpy().tolist() == [["b", "a"], ["c", "c"]]


def test_numbers_have_residuals():
    tables = plot_tables(Y, P, make_model("regression"), threshold=None)
    assert tables["residuals"].to_numpy().tolist() == np.column_stack([Y, P]).tolist()


def test_curves_have_few_points_and_keep_their_ends():
    random = np.random.default_rng(7)
    y, predictions = random.integers(2, size=5000), random.random(5000)
    roc = plot_tables(y, predictions, make_model("binary"), threshold=0.5)["roc"]
    assert len(roc) == 200
    assert roc.iloc[-1].tolist() == [1, 1]


@pytest.mark.parametrize("n_features", [2, 30])
def test_importance_ranks_at_most_twenty_features(n_features):
    random = np.random.default_rng(7)
    X = pd.DataFrame(random.normal(size=(40, n_features))).add_prefix("x")
    y = X["x1"].to_numpy() * 3 + X["x0"].to_numpy()
    estimator = LinearRegression().fit(X.to_numpy(), y)
    model = TrainedModel(Description("regression", [*X], []), estimator)
    table = importance_table(model, X, y)
    assert table["feature"].tolist()[:2] == ["x1", "x0"]
    assert len(table) == min(n_features, 20)
    assert table["importance"].is_monotonic_decreasing
