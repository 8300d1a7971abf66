"""The contract on one row at a time, without pandas: the meaning of data/contract.py."""

from collections.abc import Callable, Mapping
from math import isnan
from sys import float_info
from typing import Any, NamedTuple

from .rules import INTEGERS_END
from .values import (
    UnfitError,
    is_missing,
    make_moment_reader,
    read_boolean,
    read_category,
    read_integer,
    read_number,
)

LARGEST = float_info.max
UNSCALABLE = "must be a number that the model can scale"
ABSENT = "must be given; null says that it is not known"


class Fault(NamedTuple):
    """A rule that a value breaks."""

    column: str
    rule: str
    value: str

    def __str__(self) -> str:
        """Say it as the column `fault` of the pipeline does."""
        return f"{self.column} {self.rule}" + (f", is {self.value}" if self.value else "")


def blame(feature: str, row: Mapping[str, Any]) -> Fault:
    """Make the fault of a row of which a feature overflows, with its value if it came so."""
    return Fault(feature, UNSCALABLE, str(row[feature]) if feature in row else "")


class Contract:
    """The contract on the columns that a prediction needs."""

    def __init__(self, columns: list[dict[str, Any]]) -> None:
        """Take the columns of the serving graph."""
        self.names = [column["name"] for column in columns]
        self._checks = [(column["name"], make_check(column)) for column in columns]
        self._rules = {column["name"]: column["rules"] for column in columns}

    def read(self, row: Mapping[str, Any]) -> tuple[list[Any], list[Fault]]:
        """Give the values of a row the types of their columns, and find what breaks a rule.

        Returns:
            The values in the order of the columns (number, integer, boolean: float, NaN if
            missing; category: text or None; datetime: microseconds since 1970 in UTC or None), and
            the first broken rule of each column.
        """
        values, faults = [], []
        for name, check in self._checks:
            if name not in row:
                faults.append(Fault(name, ABSENT, ""))
                continue
            try:
                values.append(check(row[name]))
            except UnfitError as unfit:
                value = "" if is_missing(row[name]) else str(row[name])
                faults.append(Fault(name, self._rules[name][unfit.args[0]], value))
        return values, faults


def make_check(column: dict[str, Any]) -> Callable[[Any], Any]:
    """Make the function that coerces a value of a column, or raises UnfitError."""
    if column["type"] == "category":
        return _make_label_check(column["rules"], column["levels"])
    read: Callable[[Any], Any] = {
        "number": read_number,
        "integer": read_integer,
        "boolean": read_boolean,
        "datetime": make_moment_reader(column["format"]),
    }[column["type"]]
    if column["type"] in ("boolean", "datetime"):
        return _make_check(read, column["rules"])
    return _make_number_check(read, column)


def _make_check(read: Callable[[Any], Any], rules: dict[str, str]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        found = read(value)
        if "missing" in rules and is_missing(found):
            raise UnfitError("missing")
        return found

    return check


def _make_label_check(rules: dict[str, str], levels: list[str] | None) -> Callable[[Any], Any]:
    known = frozenset(levels or ())

    def check(value: Any) -> str | None:
        found = read_category(value)
        if found is None:
            if "missing" in rules:
                raise UnfitError("missing")
        elif "unknown" in rules and found not in known:
            raise UnfitError("unknown")
        return found

    return check


def _make_number_check(
    read: Callable[[Any], float], column: dict[str, Any]
) -> Callable[[Any], float]:
    rules = column["rules"]
    # The last finite numbers, so that infinity lies beyond.
    low = -LARGEST if column["min"] is None else column["min"]
    high = LARGEST if column["max"] is None else column["max"]
    plain = (float, int) if column["type"] == "number" else (int,)
    end = LARGEST if column["type"] == "number" else INTEGERS_END - 1
    first, last = max(low, -end), min(high, end)

    def check(value: Any) -> float:
        if value.__class__ in plain and first <= value <= last:
            return float(value)
        found = read(value)
        if found < low:
            raise UnfitError("below")
        if found > high:
            raise UnfitError("above")
        if "missing" in rules and isnan(found):
            raise UnfitError("missing")
        return found

    return check
