"""From clean rows to the numbers that the model sees, learnt from the training rows alone."""

from typing import Any, NamedTuple

import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from ..common.errors import DataError
from ..common.settings import Featurize
from ..schema import Schema
from .columns import NUMERIC_KINDS, Columns, derive_features
from .custom import add_features

TARGET_FOLDS = 5


class Inputs(NamedTuple):
    """The names of the transform's input columns."""

    numeric: list[str]
    categorical: list[str]


def extend_rows(rows: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Add the custom features to the columns with the role feature.

    Args:
        rows: Clean rows with the columns that are known at prediction time.
        schema: Says which columns are features.

    Returns:
        DataFrame of shape (n_rows, n_features): float64, or object with None for categories.

    Raises:
        DataError: A custom feature needs a column that there is not, has the name of a column,
            another number of rows, or values that are neither numbers nor text.
    """
    known = schema.with_role("feature", "time")
    columns = Columns(known, lambda name: _as_array(rows[name]))
    added = derive_features(add_features, columns, [*schema.columns], len(rows))
    features = {name: columns[name] for name in schema.with_role("feature")} | added
    # Text stays object: pandas would make it `str`, in which None becomes NaN.
    return pd.DataFrame(
        {name: pd.Series(values, rows.index, values.dtype) for name, values in features.items()}
    )


def fit_transform(
    rows: pd.DataFrame, y: pd.Series, settings: Featurize
) -> tuple[ColumnTransformer, pd.DataFrame]:
    """Fit the transform on the training part, and apply it there.

    That is not the same as to fit and then to apply: the target encoding of a training row must
    not know that row's own target, so it is learnt from the other folds.

    Args:
        rows: Training rows of shape (n_rows, n_features) from `extend_rows`.
        y: Their target, which only the target encoding uses.
        settings: How to impute, scale and encode.

    Returns:
        The fitted transform, and the features of the training rows as of `transform_rows`.

    Raises:
        DataError: A category and a column would give features of the same name.
    """
    inputs = name_inputs(rows)
    transform = ColumnTransformer(
        [
            ("numeric", _numeric_steps(settings), inputs.numeric),
            ("categorical", _encoder(settings, y), inputs.categorical),
        ],
        verbose_feature_names_out=False,
    )
    # Truth values beside numbers would come out as objects.
    values = transform.fit_transform(rows, y).astype("float64")
    try:
        names = transform.get_feature_names_out()
    except ValueError as error:
        raise DataError(f"schema.yaml: rename a column or a category: {error}") from error
    return transform, pd.DataFrame(values, columns=names, index=rows.index)


def transform_rows(transform: ColumnTransformer, rows: pd.DataFrame) -> pd.DataFrame:
    """Apply a fitted transform.

    Returns:
        DataFrame of shape (n_rows, n_outputs), float64, columns named by the transform.
    """
    values = transform.transform(rows).astype("float64")
    return pd.DataFrame(values, columns=transform.get_feature_names_out(), index=rows.index)


def name_inputs(rows: pd.DataFrame) -> Inputs:
    """Sort the feature columns into numeric and categorical, datetimes being neither."""
    numeric = [name for name in rows if rows[name].dtype.kind in NUMERIC_KINDS]
    categorical = [name for name in rows if rows[name].dtype == object]
    return Inputs(numeric, categorical)


def _as_array(values: pd.Series) -> Any:
    if values.dtype.kind in "fiuM":
        return values.to_numpy()
    return values.astype(object).where(values.notna(), None).to_numpy()


def _numeric_steps(settings: Featurize) -> Pipeline:
    imputers = {
        "none": "passthrough",
        "median": SimpleImputer(strategy="median", keep_empty_features=True),
        "mean": SimpleImputer(strategy="mean", keep_empty_features=True),
    }
    scalers = {"none": "passthrough", "standard": StandardScaler(), "robust": RobustScaler()}
    return Pipeline([("impute", imputers[settings.impute]), ("scale", scalers[settings.scale])])


def _encoder(settings: Featurize, y: pd.Series) -> BaseEstimator:
    # By itself it takes a target of whole numbers for one of classes, and other folds each time.
    is_regression = y.dtype.kind == "f"
    folds = KFold if is_regression else StratifiedKFold
    encoders = {
        "one_hot": OneHotEncoder(
            handle_unknown="infrequent_if_exist",
            min_frequency=settings.min_category_rows,
            sparse_output=False,
        ),
        "ordinal": OrdinalEncoder(
            handle_unknown="use_encoded_value",
            unknown_value=float("nan"),
            encoded_missing_value=float("nan"),
            min_frequency=settings.min_category_rows,
        ),
        "target": TargetEncoder(
            target_type="continuous" if is_regression else "auto",
            cv=folds(TARGET_FOLDS, shuffle=True, random_state=0),
        ),
    }
    return encoders[settings.encode]
