"""One row's values to the model's features by the serving graph, without pandas."""

from array import array
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..features.columns import Columns, derive_features
from ..features.custom import add_features

NAN = float("nan")
# In datetime64 the least number stands for a missing moment.
NOT_A_TIME = -(2**63)

Write = Callable[[Any, Any], None]


class Features:
    """The custom features and the transform of the serving graph."""

    def __init__(self, graph: Mapping[str, Any]) -> None:
        """Take the serving graph."""
        self._taken = graph["taken"]
        self._places = {column["name"]: i for i, column in enumerate(graph["columns"])}
        kinds: dict[Any, list[str]] = {}
        for column in graph["columns"]:
            kinds.setdefault(MAKERS.get(column["type"], make_numbers), []).append(column["name"])
        self._kinds = kinds.items()
        self._blank = array("d", bytes(8 * len(graph["features"])))
        self._writers = [(entry["column"], make_writer(entry)) for entry in graph["inputs"]]

    def make(self, rows: list[list[Any]]) -> list["array[float]"]:
        """Make the features of rows.

        Args:
            rows: The values of each row, as data/row_contract.py reads them.

        Returns:
            For each row an array of shape (n_features,) of float64.
        """
        if not rows:
            return []
        values = [*zip(*rows, strict=True)]
        columns = Columns()
        for make, names in self._kinds:
            table = make([values[self._places[name]] for name in names])
            columns.update(zip(names, table, strict=True))
        with np.errstate(all="ignore"):
            added = derive_features(add_features, columns, self._taken, len(rows))
        made = [self._blank[:] for _ in rows]
        for name, write in self._writers:
            found = added[name].tolist() if name in added else values[self._places[name]]
            for features, value in zip(made, found, strict=True):
                write(features, value)
        return made


def make_numbers(values: list[Any]) -> Any:
    """Make an array of shape (n_columns, n_rows) of numbers."""
    return np.array(values, dtype="float64")


def make_moments(values: list[Any]) -> Any:
    """Make an array of shape (n_columns, n_rows) of moments."""
    filled = [[NOT_A_TIME if value is None else value for value in found] for found in values]
    return np.array(filled, dtype="int64").view("datetime64[us]")


def make_labels(values: list[Any]) -> Any:
    """Make an array of shape (n_columns, n_rows) of texts or None."""
    return np.array(values, dtype="object")


# By the type of a column; the others are numbers.
MAKERS = {"category": make_labels, "datetime": make_moments}


def make_writer(entry: Mapping[str, Any]) -> Write:
    """Make the function that writes what one input gives into the features."""
    if "levels" not in entry:
        return _make_number_writer(entry)
    coded = {level: _read_pairs(pairs) for level, pairs in entry["levels"].items()}
    coded[None] = _read_pairs(entry["missing"])
    unknown = _read_pairs(entry["unknown"])

    def write(features: Any, value: Any) -> None:
        for place, code in coded.get(value, unknown):
            features[place] = code

    return write


def _make_number_writer(entry: Mapping[str, Any]) -> Write:
    (place,) = entry["places"]
    fill, shift, scale = (
        NAN if entry[key] is None else entry[key] for key in ("fill", "shift", "scale")
    )

    def write(features: Any, value: float) -> None:
        features[place] = ((value if value == value else fill) - shift) / scale

    return write


def _read_pairs(pairs: list[list[Any]]) -> list[tuple[int, float]]:
    return [(place, NAN if code is None else code) for place, code in pairs]
