"""The weighted scores are the metrics, and the intervals tell chance from difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.common.settings import METRICS
from {{ cookiecutter.__package_name }}.measure import bootstrap
from {{ cookiecutter.__package_name }}.measure.bootstrap import (
    draw_weights,
    is_defined,
    limit_resamples,
    on_rows,
    percentile_interval,
    resample_scores,
    weighted_mean,
    weighted_scores,
)
from {{ cookiecutter.__package_name }}.measure.metrics import score_predictions

N_ROWS, N_CLASSES = 60, 3


def make_rows(task, seed):
    """Make rows with ties among the predictions, as trees give."""
    random = np.random.default_rng(seed)
    if task == "binary":
        predictions = random.random(N_ROWS).round(1)
        return (random.random(N_ROWS) < predictions).astype(int), predictions
    if task == "multiclass":
        return random.integers(N_CLASSES, size=N_ROWS), random.dirichlet([1] * N_CLASSES, N_ROWS)
    y = random.normal(1000, 3, N_ROWS)
    return y, y + random.normal(size=N_ROWS)


@pytest.mark.parametrize("task", METRICS)
@given(seed=st.integers(0, 10**6))
def test_weighted_scores_are_the_metrics_of_the_drawn_rows(task, seed):
    y, predictions = make_rows(task, seed)
    drawn = np.random.default_rng(seed).integers(N_ROWS, size=N_ROWS)
    weights = np.stack([np.ones(N_ROWS), np.bincount(drawn, minlength=N_ROWS)])
    scores = weighted_scores(y, predictions, task, N_CLASSES)
    found = {name: score(weights).tolist() for name, score in scores.items()}
    all_rows = score_predictions(y, predictions, task, N_CLASSES)
    some_rows = score_predictions(y[drawn], predictions[drawn], task, N_CLASSES)
    assert tuple(found) == METRICS[task]
    for name, values in found.items():
        assert values == pytest.approx([all_rows[name], some_rows[name]], abs=1e-9)


@pytest.mark.parametrize("task", METRICS)
def test_interval_contains_the_value(task):
    y, predictions = make_rows(task, 7)
    scores = resample_scores(
        weighted_scores(y, predictions, task, N_CLASSES), draw_weights(N_ROWS, 200, 7)
    )
    for name, value in score_predictions(y, predictions, task, N_CLASSES).items():
        interval = percentile_interval(scores[name])
        assert interval["low"] < value < interval["high"]


def test_interval_of_a_mean_is_as_wide_as_theory_says():
    values = np.random.default_rng(7).normal(5, 2, 400)
    scores = resample_scores({"mean": weighted_mean(values)}, draw_weights(400, 4000, 7))
    interval = percentile_interval(scores["mean"])
    assert interval["high"] - interval["low"] == pytest.approx(2 * 1.96 * 2 / 20, rel=0.1)


def test_interval_leaves_out_resamples_without_a_value():
    interval = percentile_interval(np.array([*range(1001), np.nan]))
    assert interval == {"low": 25.0, "high": 975.0}


def test_ranking_of_one_kind_of_rows_has_no_value():
    y, predictions = np.array([1, 1, 0]), np.array([0.2, 0.4, 0.3])
    score = weighted_scores(y, predictions, "binary", 0)["roc_auc"]
    assert np.isnan(score(np.array([[1.0, 2.0, 0.0]]))).all()


def test_resamples_are_the_same_for_the_same_seed():
    first, again, other = (np.vstack([*draw_weights(30, 3, seed)]) for seed in (7, 7, 8))
    assert first.shape == (3, 30)
    assert (first.sum(axis=1) == 30).all()
    assert (first == again).all()
    assert (first != other).any()


def test_resamples_come_in_parts_that_fit_into_memory(monkeypatch):
    monkeypatch.setattr(bootstrap, "MAX_WEIGHTS", 100)
    assert [len(some) for some in draw_weights(30, 7, 7)] == [3, 3, 1]


def test_rows_of_a_group_are_drawn_together():
    groups = np.array([0, 0, 1, 2, 2, 2])
    weights = np.vstack([*draw_weights(6, 50, 7, groups)])
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] == weights[:, 5]).all()
    assert (weights[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_many_rows_are_drawn_less_often():
    assert limit_resamples(1_000, 500) == 500
    assert limit_resamples(50_000, 1_000) == 400
    assert limit_resamples(10_000_000, 1_000) == 200
    assert limit_resamples(10_000_000, 20) == 20


def test_numbers_that_do_not_vary_have_no_r2():
    y = np.full(5, 0.1)
    score = weighted_scores(y, y + 0.5, "regression", 0)["r2"]
    assert np.isnan(score(np.ones((1, 5)))).all()


def test_score_is_defined_where_half_of_the_resamples_have_it():
    assert is_defined(np.array([0.5, np.nan]))
    assert not is_defined(np.array([0.5, np.nan, -np.inf]))


def test_score_of_some_rows_is_theirs():
    mask = np.array([True, False, True])
    score = on_rows(mask, weighted_mean(np.array([1.0, 3.0])))
    assert score(np.array([[1.0, 9.0, 3.0]])).tolist() == [2.5]
