"""The rows of today: checked, predicted, and sorted into windows."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ...common.errors import DataError
from ...common.settings import Drift, Params
from ...data.cleaning import derive_target
from ...data.contract import apply_contract
from ...measure.profile import find_windows
from ...model.bundle import Bundle
from ...model.trained import encode_target
from ...schema import Schema
from .start import Start, find_moment

Array = np.ndarray


class Current(NamedTuple):
    """Rows as the model sees them.

    Attributes:
        rows: DataFrame of shape (n_rows, n_columns), coerced: the roles feature, time and group.
        sound: Which rows keep the contract, of shape (n_rows,).
        predictions: What `Bundle.predict` returned.
        target: Encoded target of shape (n_rows,), NaN where no label has arrived.
        starts: Of each row's window, NaT where its time is not known; the number of the window
            where the schema has no time.
        newest: Time of the newest row, if the schema has a time.
        groups: Of rows that are alike, if the rows hold the column of the role group.
    """

    rows: pd.DataFrame
    sound: Array
    predictions: pd.DataFrame
    target: Array
    starts: pd.Series
    newest: pd.Timestamp | None
    groups: pd.Series | None


def sort_rows(
    delivered: pd.DataFrame,
    bundle: Bundle,
    params: Params,
    predictions: pd.DataFrame | None = None,
) -> Current:
    """Check and predict rows, and sort them into windows.

    Args:
        delivered: From `read_rows` or a log.
        bundle: The model.
        params: Say what the target is, and how long a window is.
        predictions: As of `Bundle.predict`, if they are not to be made.

    Raises:
        DataError: A column that the model needs is missing.
    """
    schema = bundle.schema
    predictions = bundle.predict(delivered) if predictions is None else predictions
    known = [name for name in schema.with_role("feature", "time", "group") if name in delivered]
    rows, _ = apply_contract(delivered[known], schema)
    sound = (predictions["fault"] == "").to_numpy()
    target = _read_target(delivered, bundle, params)
    starts = _number_windows(rows, schema, params.drift)
    groups = next((rows[name] for name in schema.with_role("group") if name in rows), None)
    newest = next((rows[name].max() for name in schema.with_role("time")), None)
    return Current(rows, sound, predictions, target, starts, newest, groups)


def take_since(current: Current, schema: Schema, since: Start) -> Current:
    """Take the rows from a moment on, or from so long before the newest.

    Raises:
        DataError: The schema has no time, or no row is as new.
    """
    time = schema.with_role("time")
    if not time:
        raise DataError("--since needs a column with the role time in schema.yaml; leave it away")
    moment, newest = find_moment(since, current.newest), current.newest
    chosen = (current.rows[time[0]] >= moment).to_numpy()
    if not chosen.any():
        raise DataError(f"--since {moment}: no row is as new, the newest is of {newest}")
    return current._replace(
        rows=current.rows[chosen],
        sound=current.sound[chosen],
        predictions=current.predictions[chosen],
        target=current.target[chosen],
        starts=current.starts[chosen],
        groups=None if current.groups is None else current.groups[chosen],
    )


def _read_target(delivered: pd.DataFrame, bundle: Bundle, params: Params) -> Array:
    target, name = np.full(len(delivered), np.nan), params.goal.target
    if name not in delivered:
        return target
    labels, faults = apply_contract(delivered[[name]], bundle.schema)
    labelled = ((faults["column"] == "") & labels[name].notna()).to_numpy()
    derived = derive_target(labels.loc[labelled, name], params.goal)
    classes = bundle.model.description.classes
    encoded = encode_target(derived, classes).astype("float64")
    # -1 is a class that the model does not know.
    target[labelled] = np.where(encoded < 0, np.nan, encoded) if classes else encoded
    return target


def _number_windows(rows: pd.DataFrame, schema: Schema, drift: Drift) -> pd.Series:
    for name in schema.with_role("time"):
        return find_windows(rows[name], drift.window)
    # Without time: as many windows as are judged, one after another, each with rows enough.
    windows = min(max(len(rows) // drift.min_rows, 1), drift.last)
    return pd.Series(np.arange(len(rows)) * windows // max(len(rows), 1), index=rows.index)
