"""Explanations add up to the prediction and name what matters."""

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.__package_name }}.measure.explain import (
    contribute,
    explain_rows,
    rank_features,
    swarm_features,
    thin_rows,
)
from {{ cookiecutter.__package_name }}.model.trained import Description, TrainedModel

RANDOM = np.random.default_rng(7)
X = pd.DataFrame(RANDOM.normal(size=(400, 4)), columns=["a", "b", "c", "d"])
SETTINGS = {"n_estimators": 20, "verbose": -1, "n_jobs": 1}


def train(task, y, classes=()):
    estimator = lgb.LGBMRegressor if task == "regression" else lgb.LGBMClassifier
    booster = estimator(**SETTINGS).fit(X.to_numpy(), y).booster_
    return TrainedModel(Description(task, [*X], [*classes]), booster)


BINARY = train("binary", (X["b"] > 0).astype(int))


def never_scored(predictions):
    raise AssertionError


def test_contributions_add_up_to_the_log_odds():
    raw = np.asarray(BINARY.estimator.predict(X.to_numpy(), pred_contrib=True))
    assert expit(raw.sum(axis=1)) == pytest.approx(BINARY.predict(X))
    assert contribute(BINARY, X) == pytest.approx(raw[:, :4])


def test_contributions_to_a_class_are_those_to_the_predicted_one():
    y = np.where(X["a"] > 0, 2, np.where(X["b"] > 0, 1, 0))
    model = train("multiclass", y, ["x", "y", "z"])
    values = contribute(model, X)
    assert values.shape == X.shape
    # Where z is predicted, a is what speaks for it.
    is_z = model.predict(X).argmax(axis=1) == 2
    assert np.abs(values[is_z]).mean(axis=0).argmax() == 0
    assert (values[is_z][:, 0] > 0).mean() > 0.9


def test_contributions_to_a_number_are_in_its_unit():
    model = train("regression", X["c"] * 10)
    values = contribute(model, X)
    assert np.corrcoef(values[:, 2], X["c"] * 10)[0, 1] > 0.9
    assert values[:, 2].std() == pytest.approx(10, rel=0.3)


@pytest.mark.parametrize("n_features", [2, 30])
def test_ranking_without_contributions_is_by_permutation(n_features):
    many = pd.DataFrame(RANDOM.normal(size=(40, n_features))).add_prefix("x")
    y = many["x1"].to_numpy() * 3 + many["x0"].to_numpy()
    estimator = LinearRegression().fit(many.to_numpy(), y)
    model = TrainedModel(Description("regression", [*many], []), estimator)
    assert contribute(model, many) is None
    table = rank_features(model, many, None, lambda found: -np.abs(y - found).mean())
    assert table["feature"].tolist()[:2] == ["x1", "x0"]
    assert len(table) == min(n_features, 20)
    assert table["importance"].is_monotonic_decreasing


def test_ranking_by_contributions_puts_what_matters_first():
    table = rank_features(BINARY, X, contribute(BINARY, X), never_scored)
    assert table["feature"].iloc[0] == "b"


def test_swarm_has_the_rank_and_the_contribution_of_each_value():
    contributions = contribute(BINARY, X)
    importance = rank_features(BINARY, X, contributions, never_scored)
    swarm = swarm_features(X.where(X > -2), contributions, importance)
    assert swarm.groupby("feature").size().to_dict() == dict.fromkeys("abcd", 300)
    assert (swarm["value"].min(), swarm["value"].max()) == (0, 1)
    assert swarm["value"].isna().any()
    b = swarm[swarm["feature"] == "b"].dropna()
    assert b["value"].corr(b["contribution"]) > 0.7


def test_row_is_explained_by_what_moved_it_most():
    row = pd.DataFrame({"a": [1.0], "b": [np.nan], "c": [1234.5], "d": [0.0]})
    texts = explain_rows(row, np.array([[0.1, -0.5, 0.25, 0.0]]))
    assert texts == ["b = nan (-0.500); c = 1234.5 (+0.250); a = 1 (+0.100)"]


def test_few_rows_are_all_chosen():
    assert thin_rows(X.head(5), 10).tolist() == [0, 1, 2, 3, 4]
    assert thin_rows(X, 2).tolist() == [0, 399]


def test_dots_of_small_contributions_are_not_rounded_away():
    X = pd.DataFrame({"a": [0.0, 1.0]})
    importance = pd.DataFrame({"feature": ["a"]})
    swarm = swarm_features(X, np.array([[4e-6], [-3e-6]]), importance)
    assert swarm["contribution"].tolist() == [4e-6, -3e-6]
