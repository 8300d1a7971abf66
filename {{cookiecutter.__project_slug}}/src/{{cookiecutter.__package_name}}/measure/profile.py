"""What the training rows looked like: small enough to travel in the model."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..common.io import TARGET
from ..common.settings import Drift
from ..model.trained import Description
from ..schema import Schema
from .column_profile import ColumnProfile, count_base, count_now, describe_column
from .shift import expect_index, stability_index

Array = np.ndarray

# Of the training part, the newest: enough to see how windows usually differ.
MAX_WINDOWS = 60
MONDAY = pd.Timestamp(1970, 1, 5)


class Predicted(NamedTuple):
    """Rows that the model has not learnt from, and what it predicts for them.

    Attributes:
        rows: Validation rows of the prepare stage; training predictions would be too sure.
        values: What `TrainedModel.predict` returned for them.
        description: The model's.
        threshold: Probability from which a row counts as yes in a binary task.
    """

    rows: pd.DataFrame
    values: Array
    description: Description
    threshold: float | None


def make_profile(
    train: pd.DataFrame, predicted: Predicted, schema: Schema, drift: Drift
) -> dict[str, Any]:
    """Describe what later rows are compared with to find drift.

    Args:
        train: Training rows of the prepare stage.
        predicted: The predictions of the validation part.
        schema: Says which columns are features and which holds the time.
        drift: Gives the windows in which later rows will be judged.

    Returns:
        JSON-able: the number of rows, their time from and to, the window, the decision threshold
        and the share of the validation rows that it selects, and the profiles of the "columns",
        the "target" and the "prediction". `usual` is the largest index that a window of these rows
        had against all others, less what chance gives.
    """
    names = name_profiled(schema)
    windows = _sound_windows(train, schema, drift)
    columns = {name: _with_usual(train[name], windows) for name in [*names, TARGET]}
    target = columns.pop(TARGET)
    values = readable_predictions(predicted.values, predicted.description)
    values = values.set_axis(predicted.rows.index)
    time = schema.with_role("time")
    return {
        "rows": len(train),
        "from": str(train[time[0]].min()) if time else None,
        "to": str(train[time[0]].max()) if time else None,
        "window": drift.window,
        "threshold": predicted.threshold,
        "selected": share_selected(predicted.values, predicted.threshold),
        "columns": columns,
        "target": target,
        "prediction": _with_usual(values, _sound_windows(predicted.rows, schema, drift)),
    }


def share_selected(values: Array, threshold: float | None) -> float | None:
    """Give the share of the rows that count as yes, of probabilities of shape (n_rows,)."""
    if threshold is None or not len(values):
        return None
    return float((values >= threshold).mean())


def name_profiled(schema: Schema) -> list[str]:
    """Name the columns that drift is looked for in: the features but those that hold a moment.

    A moment always moves; what matters of it reaches the model through features/custom.py.
    """
    return [name for name in schema.with_role("feature") if schema.columns[name].type != "datetime"]


def readable_predictions(values: Array, description: Description) -> pd.Series:
    """Give predictions as one column: the most probable class of a multi-class task."""
    if description.task == "multiclass":
        return pd.Series(np.array(description.classes)[values.argmax(axis=1)], dtype="str")
    return pd.Series(values)


def find_windows(moments: pd.Series, window: str) -> pd.Series:
    """Give the start of each moment's window; weeks start on Mondays."""
    width = pd.Timedelta(window)
    return MONDAY + (moments - MONDAY) // width * width


def _sound_windows(rows: pd.DataFrame, schema: Schema, drift: Drift) -> list[Array]:
    """Find the windows with rows enough: a mask of shape (n_rows,) each."""
    for name in schema.with_role("time"):
        starts = find_windows(rows[name], drift.window)
        counts = starts.value_counts().sort_index()
        return [(starts == start).to_numpy() for start in counts[counts >= drift.min_rows].index][
            -MAX_WINDOWS:
        ]
    return []


def _with_usual(values: pd.Series, windows: list[Array]) -> ColumnProfile:
    profile = describe_column(values)
    excesses = [*_excesses(profile, values, windows)]
    # One window against one other says little of what is usual.
    if len(excesses) > 2:
        profile["usual"] = max(excesses)
    return profile


def _excesses(profile: ColumnProfile, values: pd.Series, windows: list[Array]) -> Iterator[float]:
    base = count_base(profile)
    for window in windows:
        inside = count_now(profile, values[window])
        if (outside := base - inside).sum():
            yield float(stability_index(outside, inside)) - expect_index(outside, inside)
