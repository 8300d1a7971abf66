"""Your own features on arrays, checked; the same for a table and for a single row."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import DataError
from ..io import TARGET

NUMERIC_KINDS = "fiub"


class Columns(dict[str, Any]):
    """The columns that custom features may use."""

    def __missing__(self, name: str) -> Any:
        from ..yaml_file import nearest

        raise DataError(
            f"features/custom.py: asks for {name!r}, but schema.yaml has no such column of the "
            f"role feature or time{nearest(name, self)}"
        )


def derive_features(
    add_features: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    columns: Columns,
    taken: list[str],
    n_rows: int,
) -> dict[str, Any]:
    """Call the custom features and check what they give.

    Args:
        add_features: The function of features/custom.py.
        columns: Its argument: an array of shape (n_rows,) for each column.
        taken: The names of all columns of schema.yaml.
        n_rows: How many rows there are.

    Returns:
        Array of shape (n_rows,) for each new feature, object for categories and without infinity.

    Raises:
        DataError: A custom feature needs a column that there is not, has the name of a column,
            another number of rows, or values that are neither numbers nor text.
    """
    added = {name: _as_feature(values) for name, values in add_features(columns).items()}
    for name, values in added.items():
        if name in taken or name == TARGET or values.shape != (n_rows,):
            raise DataError(
                f"features/custom.py: {name!r} must be a new name with one value for each of the "
                f"{n_rows} rows; it has the shape {values.shape}"
            )
        if values.dtype.kind not in NUMERIC_KINDS and values.dtype != object:
            raise DataError(
                f"features/custom.py: {name!r} has values of type {values.dtype}; make numbers of "
                "them, or text"
            )
    return added


def _as_feature(values: Any) -> Any:
    values = np.asarray(values)
    if values.dtype.kind == "f":
        # As in data/contract.py: a division by zero gives no value.
        return np.where(np.isinf(values), np.nan, values)
    return values.astype(object) if values.dtype.kind in "UT" else values
