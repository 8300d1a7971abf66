"""The columns that are compared with the training profile."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...common.settings import Params
from ...measure.column_profile import ColumnProfile
from ...model.trained import Description
from .current import Current
from .windows import Moved, Role, conclude, follow_column, limit_of
from .words import compare_bins, describe_change, find_new

Array = np.ndarray
Content = Mapping[str, Any]


class Followed(NamedTuple):
    """A column to compare with its profile; `rows` are those of its values that count."""

    name: str
    role: Role
    profile: ColumnProfile
    values: pd.Series
    rows: Array


def find_followed(
    current: Current, description: Description, profile: Content, params: Params
) -> Iterator[Followed]:
    """Give the prediction, the target where labels have arrived, and the columns that there are."""
    kind = "probability" if description.task == "binary" else "prediction"
    yield Followed(
        "prediction", "prediction", profile["prediction"], current.predictions[kind], current.sound
    )
    labelled = current.sound & ~np.isnan(current.target)
    if labelled.any():
        target = pd.Series(current.target)
        if description.classes:
            classes = pd.Series(description.classes, dtype="str")
            target = target.map(classes)
        yield Followed(params.goal.target, "target", profile["target"], target, labelled)
    for name, column in profile["columns"].items():
        if name in current.rows:
            yield Followed(name, "feature", column, current.rows[name], current.sound)


def follow(column: Followed, windows: Mapping[int, Array], columns: int, params: Params) -> Moved:
    """Compare a column with its profile in each window with rows enough.

    Args:
        column: What to compare.
        windows: Mask of shape (n_rows,) by number of the window.
        columns: How many columns are compared.
        params: Give the limit.
    """
    drift = params.drift
    chosen = {n: rows & column.rows for n, rows in windows.items()}
    values = {n: column.values[rows] for n, rows in chosen.items() if rows.sum() >= drift.min_rows}
    moves = follow_column(column.profile, values, drift, columns)
    moved = conclude(column.name, column.role, limit_of(column.profile, drift), moves, drift)
    if values:
        now = pd.concat([*values.values()][-drift.last :])
        moved["change"] = describe_change(column.profile, now)
        moved["new"] = find_new(column.profile, now)
        moved["bins"] = compare_bins(column.profile, now)
    return moved
