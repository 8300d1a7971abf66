"""The model stops where the validation part says, whatever the training part does."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from {{ cookiecutter.__package_name }}.common.settings import Train
from {{ cookiecutter.__package_name }}.stages import train

PARAMETERS = {"n_estimators": 60, "learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 1}


def make_part(seed, n_rows):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n_rows, 5))
    return train.Part(X, (X[:, 0] + X[:, 1] > 0).astype("int64"))


def test_best_round_is_that_of_the_validation_part(tmp_path):
    settings = Train(estimator="lightgbm", seed=1, early_stopping_rounds=10, parameters=PARAMETERS)
    params = SimpleNamespace(
        train=settings,
        goal=SimpleNamespace(task="binary", metric="roc_auc"),
        engine=SimpleNamespace(threads=1),
    )
    estimator, _ = train.fit_model(params, make_part(1, 200), make_part(2, 400), tmp_path)
    metrics = tmp_path / "plots" / "metrics"
    curves = {
        part: pd.read_csv(metrics / part / "metric.tsv", sep="\t")["metric"]
        for part in ("training", "validation")
    }
    # The trees fit these few rows perfectly long before the validation part is at its best.
    assert curves["training"].idxmax() + 10 < curves["validation"].idxmax()
    assert estimator.best_iteration_ == curves["validation"].idxmax() + 1
