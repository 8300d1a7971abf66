"""The difference of two models, and what chance can make of it."""

import numpy as np
import pytest
from scipy import stats

from {{ cookiecutter.__package_name }}.measure.bootstrap import draw_weights, weighted_mean, weighted_scores
from {{ cookiecutter.__package_name }}.review.comparison.paired import (
    Paired,
    count_needed_rows,
    judge_difference,
    pair_scores,
)
from {{ cookiecutter.__package_name }}.review.comparison.terminal import explain_verdict

N_ROWS = 400


def compare_means(base, now, resamples=2000):
    weights = draw_weights(len(base), resamples, seed=1)
    scores = {"mean": weighted_mean(base)}, {"mean": weighted_mean(now)}
    return pair_scores(*scores, weights, len(base))["mean"]


def test_difference_of_means_has_the_interval_of_the_paired_t_test():
    random = np.random.default_rng(3)
    base = random.normal(size=N_ROWS)
    now = base + random.normal(0.1, 0.2, N_ROWS)
    found = compare_means(base, now).as_scores()
    expected = stats.ttest_rel(now, base).confidence_interval(0.95)
    assert found["difference"] == pytest.approx(now.mean() - base.mean())
    assert [found["low"], found["high"]] == pytest.approx([*expected], abs=0.003)


def test_rows_that_both_models_find_hard_cancel_out():
    random = np.random.default_rng(3)
    base = random.normal(0, 100, N_ROWS)
    found = compare_means(base, base + 1).as_scores()
    assert [found["low"], found["high"]] == pytest.approx([1, 1])


def test_gain_of_a_loss_is_positive_when_it_falls():
    random = np.random.default_rng(3)
    base = random.normal(2, 1, N_ROWS)
    pair = compare_means(base, base - random.normal(0.5, 0.5, N_ROWS))
    loss, score = (pair.as_gain(lower_is_better=lower) for lower in (True, False))
    assert 0.4 < loss["low"] < loss["value"] < loss["high"] < 0.6
    assert (score["low"], score["high"]) == pytest.approx((-loss["high"], -loss["low"]))
    assert (loss["probability_better"], score["probability_better"]) == (1, 0)
    assert judge_difference(loss) == "better"
    assert judge_difference(score) == "worse"


def test_equal_models_are_the_same_within_noise():
    values = np.arange(5.0)
    gain = compare_means(values, values).as_gain(lower_is_better=False)
    assert gain == {"value": 0, "low": 0, "high": 0, "probability_better": 0.5}
    assert judge_difference(gain) == "same within noise"


def test_undefined_scores_are_left_out():
    y, guess = np.array([1, 1, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4])
    scores = weighted_scores(y, guess, "binary", 2)
    found = pair_scores(scores, scores, draw_weights(4, 50, seed=1), 4)
    assert "roc_auc" not in found
    assert "brier_loss" in found


def test_score_that_few_resamples_define_is_left_out():
    # A resample holds the one positive of a hundred rows in 63 % of cases; of two in half.
    y = np.array([1, 0])
    scores = weighted_scores(y, np.array([0.6, 0.4]), "binary", 2)
    found = pair_scores(scores, scores, draw_weights(2, 200, seed=3), 2)
    assert ("roc_auc" in found) == (np.isnan(scores["roc_auc"](np.eye(2) * 2)).mean() < 0.5)


def test_needed_rows_give_the_power_that_is_promised():
    random = np.random.default_rng(3)
    sd, difference = 0.5, 0.05
    pilot = random.normal(0, sd, N_ROWS)
    needed = count_needed_rows(compare_means(np.zeros(N_ROWS), pilot), N_ROWS, difference)
    assert needed is not None
    exact = ((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * pilot.std() / difference) ** 2
    assert needed == pytest.approx(exact, rel=0.1)
    trials = random.normal(difference, pilot.std(), size=(2000, needed))
    found = stats.ttest_1samp(trials, 0, axis=1).pvalue < 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.05)


def test_no_rows_find_a_difference_of_models_that_predict_alike():
    assert count_needed_rows(Paired(0.7, 0.7, np.zeros(10)), 100, 0.01) is None


def test_models_that_predict_alike_are_told_so():
    same = {"value": 0.0, "low": 0.0, "high": 0.0, "probability_better": 0.5}
    scores = {"roc_auc": {"base": 0.7, "now": 0.7}}
    outcome = {
        "verdict": "same within noise",
        "metric": "roc_auc",
        "rows": 100,
        "difference": same,
        "needed_rows": None,
        "scores": scores,
    }
    assert explain_verdict(outcome, 0, 0.01) == (
        "On 100 test rows that neither model has learnt from, roc_auc is 0.7 now and 0.7 at the "
        "base, as both predict alike."
    )
