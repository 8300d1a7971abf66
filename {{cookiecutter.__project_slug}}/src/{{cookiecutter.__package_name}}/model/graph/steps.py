"""Imputers, scalers and linear models of scikit-learn as plain numbers."""

from typing import Any

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, RobustScaler, StandardScaler

from .numbers import Json, NotCompilableError, Numbers, write_numbers


def compile_numeric(steps: list[Any], n_columns: int) -> dict[str, Numbers]:
    """Write an imputer and a scaler as (x or fill - shift) / scale, one of each for a column.

    Raises:
        NotCompilableError: There are other steps, or in another order.
    """
    found: dict[str, np.ndarray] = {}
    for step in steps:
        read = _read_step(step)
        if read and found.keys() - ({"fill"} - read.keys()):
            raise NotCompilableError(
                f"the step {type(step).__name__} after another imputer or scaler"
            )
        found |= read
    default = {"fill": np.nan, "shift": 0.0, "scale": 1.0}
    return {
        key: write_numbers(np.broadcast_to(found.get(key, value), n_columns))
        for key, value in default.items()
    }


def _read_step(step: Any) -> dict[str, np.ndarray]:
    is_identity = type(step) is FunctionTransformer and step.func is None
    if is_identity or (isinstance(step, str) and step == "passthrough"):
        return {}
    read: dict[str, Any] = {}
    if type(step) is SimpleImputer and not step.add_indicator and np.isnan(step.missing_values):
        read = {"fill": step.statistics_}
    elif type(step) is StandardScaler:
        read = {"shift": step.with_mean and step.mean_, "scale": step.with_std and step.scale_}
    elif type(step) is RobustScaler:
        read = {"shift": step.with_centering and step.center_}
        read |= {"scale": step.with_scaling and step.scale_}
    read = {key: values for key, values in read.items() if values is not False}
    if not read:
        raise NotCompilableError(f"the step {type(step).__name__}")
    return read


def compile_linear(estimator: Any) -> Json:
    """Write a linear model, and the imputer and scaler before it, as numbers.

    Raises:
        NotCompilableError: The model is another, or what goes before it can't be written.
    """
    is_pipeline = type(estimator) is Pipeline
    *steps, last = [step for _, step in estimator.steps] if is_pipeline else [estimator]
    if type(last) not in (LinearRegression, LogisticRegression, Ridge):
        raise NotCompilableError(f"the estimator {type(last).__name__}")
    coefficients = np.atleast_2d(last.coef_)
    link = "logistic" if len(coefficients) == 1 else "softmax"
    return {
        "kind": "linear",
        "link": link if type(last) is LogisticRegression else "identity",
        "coefficients": coefficients.tolist(),
        "intercepts": np.broadcast_to(last.intercept_, len(coefficients)).tolist(),
        **compile_numeric(steps, coefficients.shape[1]),
    }
