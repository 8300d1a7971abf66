"""The estimators that `train.estimator` can name: this file is yours to change.

To add one, write a function like those below and list it in ESTIMATORS. What it returns needs
scikit-learn's interface; LightGBM models are saved as text, all others with skops, which does not
load everything: linear models, support vectors, neighbours and networks, but not scikit-learn's
trees and forests, for which LightGBM stands in (a forest with `boosting_type: rf`).
"""

from collections.abc import Callable
from typing import Any

from ..common.errors import SettingsError
from ..common.settings import Task, Train
from ..common.yaml_file import nearest


def lightgbm(task: Task, seed: int, threads: int) -> Any:
    """Gradient-boosted trees, by default the same on any number of threads."""
    import lightgbm as lgb

    # LightGBM takes 0 for all cores in its parameters, scikit-learn's interface None.
    common: dict[str, Any] = {
        "random_state": seed,
        "n_jobs": threads or None,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    return lgb.LGBMRegressor(**common) if task == "regression" else lgb.LGBMClassifier(**common)


def linear(task: Task, seed: int, threads: int) -> Any:
    """Logistic or ridge regression on imputed and scaled features; also the baseline."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    last = (
        Ridge(random_state=seed)
        if task == "regression"
        else LogisticRegression(max_iter=1000, random_state=seed)
    )
    impute = SimpleImputer(strategy="median", keep_empty_features=True)
    return Pipeline([("impute", impute), ("scale", StandardScaler()), ("model", last)])


def dummy(task: Task, seed: int, threads: int) -> Any:
    """Always the mean or the shares of the classes: what is possible without any feature."""
    from sklearn.dummy import DummyClassifier, DummyRegressor

    return DummyRegressor() if task == "regression" else DummyClassifier(strategy="prior")


ESTIMATORS: dict[str, Callable[[Task, int, int], Any]] = {
    "lightgbm": lightgbm,
    "linear": linear,
    "dummy": dummy,
}


def build_estimator(settings: Train, task: Task, threads: int) -> Any:
    """Build the unfitted estimator that the settings ask for.

    Args:
        settings: The train block; its `parameters` are passed to the estimator by name.
        task: Decides between classifier and regressor.
        threads: How many threads it may use, 0 for all cores.

    Raises:
        SettingsError: There is no such estimator, or it has no such parameter.
    """
    if settings.estimator not in ESTIMATORS:
        raise SettingsError(
            f"params.yaml: train.estimator is {settings.estimator!r}, which is not in "
            f"model/estimators.py{nearest(settings.estimator, ESTIMATORS)}"
        )
    estimator = ESTIMATORS[settings.estimator](task, settings.seed, threads)
    known = estimator.get_params()
    for name in settings.parameters:
        if name not in known:
            raise SettingsError(
                f"params.yaml: train.parameters.{name} is no parameter of "
                f"{settings.estimator}{nearest(name, known)}"
            )
    return estimator.set_params(**settings.parameters)
