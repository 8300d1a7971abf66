"""Your own features on arrays, checked; the same for a table and for a single row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..common.errors import DataError
from ..common.io import TARGET

NUMERIC_KINDS = "fiub"
FLOAT = np.dtype("float64")


class Columns(Mapping[str, Any]):
    """The columns that custom features may use: read-only arrays, each made when asked for."""

    def __init__(self, names: list[str], make: Callable[[str], Any]) -> None:
        """Take the names of the columns, and what makes the array of one."""
        self._names, self._make = names, make
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            if name not in self._names:
                raise DataError(self._describe_missing(name))
            values = self._make(name)
            values.setflags(write=False)
            self._made[name] = values
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _describe_missing(self, name: str) -> str:
        from ..common.yaml_file import nearest

        return (
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
    # What can't be computed gives no value; there is nothing to warn of.
    with np.errstate(all="ignore"):
        given = add_features(columns)
    added = {name: _as_feature(values) for name, values in given.items()}
    for name, values in added.items():
        if name in taken or name == TARGET:
            raise DataError(f"features/custom.py: {name!r} is taken; give the feature another name")
        if values.shape != (n_rows,):
            raise DataError(
                f"features/custom.py: {name!r} must have one value for each of the {n_rows} rows; "
                f"it has the shape {values.shape}"
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
        values = values.astype(FLOAT, copy=False)
        infinite = np.isinf(values)
        # As in data/contract.py: a division by zero gives no value.
        return np.where(infinite, np.nan, values) if np.count_nonzero(infinite) else values
    return values.astype(object) if values.dtype.kind in "UT" else values
