"""The estimators that settings can name, and what is said when they can't."""

import numpy as np
import pytest

from {{ cookiecutter.__package_name }}.common.errors import SettingsError
from {{ cookiecutter.__package_name }}.common.settings import Train
from {{ cookiecutter.__package_name }}.model import estimators
from {{ cookiecutter.__package_name }}.model.trained import (
    Description,
    TrainedModel,
    save_model,
)


def make_settings(estimator, **parameters) -> Train:
    return Train(estimator=estimator, seed=7, early_stopping_rounds=5, parameters=parameters)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("name", [*estimators.ESTIMATORS])
def test_estimator_learns_each_task(name, task):
    random = np.random.default_rng(7)
    X, y = random.normal(size=(60, 2)), np.arange(60) % 3
    y = {"binary": y > 0, "multiclass": y, "regression": y + 0.5}[task]
    fitted = estimators.build_estimator(make_settings(name), task, 1).fit(X, y)
    assert hasattr(fitted, "predict_proba") == (task != "regression")
    assert len(fitted.predict(X)) == 60


def test_parameters_reach_the_estimator():
    settings = make_settings("lightgbm", num_leaves=3, boosting_type="rf")
    built = estimators.build_estimator(settings, "binary", 2).get_params()
    assert built["num_leaves"] == 3
    assert built["boosting_type"] == "rf"
    assert built["random_state"] == 7
    assert built["n_jobs"] == 2


def test_parameters_reach_the_last_step_of_a_pipeline():
    built = estimators.build_estimator(make_settings("linear", model__alpha=2.5), "regression", 1)
    assert built.named_steps["model"].alpha == 2.5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            make_settings("lightgmb"),
            "params.yaml: train.estimator is 'lightgmb', which is not in model/estimators.py; "
            "did you mean 'lightgbm'?",
        ),
        (
            make_settings("lightgbm", num_leafs=3),
            "params.yaml: train.parameters.num_leafs is no parameter of lightgbm; "
            "did you mean 'num_leaves'?",
        ),
        (
            make_settings("dummy", depth=3),
            "params.yaml: train.parameters.depth is no parameter of dummy; "
            "known: constant, random_state, strategy",
        ),
    ],
)
def test_unknown_name_is_told_with_the_nearest(settings, message):
    with pytest.raises(SettingsError) as caught:
        estimators.build_estimator(settings, "binary", 1)
    assert str(caught.value) == message
    assert caught.value.exit_code == 2


def test_lightgbm_gives_the_same_bytes_on_any_number_of_threads(tmp_path):
    random = np.random.default_rng(7)
    X = random.normal(size=(1000, 8))
    y = (X[:, 0] + random.normal(size=1000) > 0).astype(int)
    settings = make_settings("lightgbm", n_estimators=5, subsample=0.8, subsample_freq=1)
    for threads in (1, 2):
        fitted = estimators.build_estimator(settings, "binary", threads).fit(X, y)
        description = Description("binary", [f"x{n}" for n in range(8)], [])
        save_model(tmp_path / str(threads), TrainedModel(description, fitted))
    files = [(tmp_path / str(threads) / "model.txt").read_bytes() for threads in (1, 2)]
    assert files[0] == files[1]
