"""One row's values to the model's features by the serving graph, without pandas."""

from array import array
from collections.abc import Mapping
from math import isnan
from typing import Any

import numpy as np

from ..features.columns import Columns, derive_features
from ..features.custom import add_features

NAN = float("nan")
# In datetime64 the least number stands for a missing moment.
NOT_A_TIME = -(2**63)
# To look a dtype up by its name takes as long as to make an array of one value.
NUMBER, OBJECT, INTEGER, MOMENT = map(np.dtype, ("float64", "object", "int64", "datetime64[us]"))


class Features:
    """The custom features and the transform of the serving graph."""

    def __init__(self, graph: Mapping[str, Any]) -> None:
        """Take the serving graph."""
        self._taken = graph["taken"]
        self._columns = {column["name"]: i for i, column in enumerate(graph["columns"])}
        self._names = [*self._columns]
        self._types = [column["type"] for column in graph["columns"]]
        self._blank = array("d", bytes(8 * len(graph["features"])))
        inputs = graph["inputs"]
        self._added = [each["column"] for each in inputs if each["column"] not in self._columns]
        places = self._columns | {name: i for i, name in enumerate(self._added, len(self._columns))}
        self._numbers = [
            (places[entry["column"]], *_read_number(entry))
            for entry in inputs
            if "levels" not in entry
        ]
        self._labels = [
            (places[entry["column"]], *_read_label(entry)) for entry in inputs if "levels" in entry
        ]

    def make(self, rows: list[list[Any]]) -> list["array[float]"]:
        """Make the features of rows.

        Args:
            rows: The values of each row, as data/row_contract.py reads them.

        Returns:
            For each row an array of shape (n_features,) of float64.

        Raises:
            DataError: features/custom.py gives what no feature can be.
        """
        if not rows:
            return []
        columns = Columns(self._names, lambda name: self._make_array(rows, name))
        added = derive_features(add_features, columns, self._taken, len(rows))
        lists = [added[name].tolist() for name in self._added]
        if not lists:
            return [self._write(values) for values in rows]
        return [
            self._write([*values, *new])
            for values, new in zip(rows, zip(*lists, strict=True), strict=True)
        ]

    def _write(self, values: list[Any]) -> "array[float]":
        features = self._blank[:]
        for source, place, fill, shift, scale in self._numbers:
            value = values[source]
            features[place] = ((fill if isnan(value) else value) - shift) / scale
        for source, codes, unknown in self._labels:
            for place, code in codes.get(values[source], unknown):
                features[place] = code
        return features

    def _make_array(self, rows: list[list[Any]], name: str) -> Any:
        column = self._columns[name]
        values = [row[column] for row in rows]
        if self._types[column] == "category":
            return np.array(values, dtype=OBJECT)
        if self._types[column] == "datetime":
            numbers = [NOT_A_TIME if value is None else value for value in values]
            return np.array(numbers, dtype=INTEGER).view(MOMENT)
        return np.array(values, dtype=NUMBER)


def _read_number(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    numbers = (entry[key] for key in ("fill", "shift", "scale"))
    return (*entry["places"], *(NAN if number is None else number for number in numbers))


def _read_label(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    codes = {level: _read_pairs(pairs) for level, pairs in entry["levels"].items()}
    return {None: _read_pairs(entry["missing"]), **codes}, _read_pairs(entry["unknown"])


def _read_pairs(pairs: list[list[Any]]) -> list[tuple[int, float]]:
    return [(place, NAN if code is None else code) for place, code in pairs]
