"""train: features → a fitted model, and its learning curve."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..common.console import progress, run
from ..common.errors import SettingsError
from ..common.io import TARGET, read_part
from ..common.numbers import say
from ..common.settings import Params, load_params
from ..model.estimators import build_estimator
from ..model.trained import Description, TrainedModel, encode_target, is_lightgbm, save_model

# What LightGBM calls a metric, or the one nearest to it, to stop where it is best.
EVAL_METRICS = {
    "roc_auc": "auc",
    "average_precision": "average_precision",
    "mean_absolute_error": "l1",
    "root_mean_squared_error": "rmse",
    "r2": "rmse",
}
# Of a larger training part, every n-th row is enough to draw its learning curve.
CURVE_ROWS = 10_000
LOG_LOSSES = {"binary": "binary_logloss", "multiclass": "multi_logloss"}


class Part(NamedTuple):
    """Rows to learn from: X of shape (n_rows, n_features), y of shape (n_rows,)."""

    X: np.ndarray
    y: np.ndarray


def main(arguments: list[str]) -> str:
    """Run the stage: FEATURES PARAMS MODEL CURVE."""
    source, params_path, out, curve = map(Path, arguments)
    params = load_params(params_path)
    train, validation = read_part(source, "train"), read_part(source, "validation")
    description = describe(train, params)
    parts = [as_part(rows, description) for rows in (train, validation)]
    estimator, outcome = fit_model(params, parts[0], parts[1], curve)
    save_model(out, TrainedModel(description, estimator))
    return f"train: {params.train.estimator} on {len(train):,} rows, {outcome} → {out}"


def describe(train: pd.DataFrame, params: Params) -> Description:
    """Note the task, the features and, for a multi-class task, the classes in order."""
    task = params.goal.task
    classes = sorted(train[TARGET].unique()) if task == "multiclass" else []
    return Description(task, [name for name in train if name != TARGET], classes)


def as_part(rows: pd.DataFrame, description: Description) -> Part:
    """Divide rows into features and encoded target."""
    X = rows[description.features].to_numpy()
    return Part(X, encode_target(rows[TARGET], description.classes))


def fit_model(params: Params, train: Part, validation: Part, curve: Path) -> tuple[Any, str]:
    """Fit the estimator and log its learning curve.

    Args:
        params: The settings; LightGBM stops early by the goal's metric.
        train: The rows to learn from.
        validation: The rows to stop by.
        curve: Folder for the learning curve; only its start is logged for other estimators.

    Returns:
        The fitted estimator, and how it went in words.

    Raises:
        SettingsError: The estimator refuses a value of its parameters.
    """
    from ..model.learning_curve import LearningCurve

    estimator = build_estimator(params.train, params.goal.task, params.engine.threads)
    with LearningCurve(curve) as live:
        if is_lightgbm(estimator):
            return estimator, _fit_lightgbm(estimator, params, train, validation, live)
        try:
            estimator.fit(train.X, train.y)
        except (TypeError, ValueError) as error:
            raise _refusal(params, error) from error
        for name, part in (("training", train), ("validation", validation)):
            live.log_metric(f"{name}/metric", float(estimator.score(part.X, part.y)))
        return estimator, "in one step"


def _fit_lightgbm(estimator: Any, params: Params, train: Part, validation: Part, live: Any) -> str:
    import lightgbm as lgb

    goal, seen = params.goal, _thin(train)
    metric = EVAL_METRICS.get(goal.metric) or LOG_LOSSES[goal.task]
    with progress("boosting", estimator.n_estimators) as advance:

        def log(environment: Any) -> None:
            # next_step() would read all earlier rounds again and write to the disk each time.
            live.step = environment.iteration
            for part, _, value, *_ in environment.evaluation_result_list:
                live.log_metric(f"{part}/metric", float(value))
            advance()

        stop = lgb.early_stopping(params.train.early_stopping_rounds, verbose=False)
        try:
            estimator.set_params(metric=metric).fit(
                *train,
                eval_X=(seen.X, validation.X),
                eval_y=(seen.y, validation.y),
                # By this name, and no other, LightGBM knows the part that it must not stop by.
                eval_names=["training", "validation"],
                callbacks=[log, stop],
            )
        except (TypeError, ValueError, lgb.basic.LightGBMError) as error:
            raise _refusal(params, error) from error
    best = estimator.best_score_["validation"][metric]
    return f"{estimator.best_iteration_} rounds, validation {metric} {say(best)}"


def _thin(part: Part) -> Part:
    # Scoring a large training part in every round takes longer than the boosting itself.
    step = max(len(part.y) // CURVE_ROWS, 1)
    return Part(part.X[::step], part.y[::step])


def _refusal(params: Params, error: Exception) -> SettingsError:
    return SettingsError(
        f"params.yaml: {params.train.estimator} can't be fitted with train.parameters: "
        f"{f'{error}'.strip().splitlines()[0]}"
    )


if __name__ == "__main__":
    sys.exit(run(main))
