"""The contract on one row at a time, without pandas: the meaning of data/contract.py."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .values import (
    INFINITY,
    UnfitError,
    is_missing,
    make_moment_reader,
    read_boolean,
    read_category,
    read_integer,
    read_number,
)

ABSENT = "must be given; null says that it is not known"


class Fault(NamedTuple):
    """A rule that a value breaks."""

    column: str
    rule: str
    value: str

    def __str__(self) -> str:
        """Say it as the column `fault` of the pipeline does."""
        return f"{self.column} {self.rule}" + (f", is {self.value}" if self.value else "")


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
    coerce: Callable[[Any], Any] = {
        "number": read_number,
        "integer": read_integer,
        "boolean": read_boolean,
        "category": read_category,
        "datetime": make_moment_reader(column["format"]),
    }[column["type"]]
    rules, levels = column["rules"], frozenset(column["levels"] or ())
    low = -INFINITY if column["min"] is None else column["min"]
    high = INFINITY if column["max"] is None else column["max"]

    def check(value: Any) -> Any:
        found = coerce(value)
        if found is None or found != found:
            if "missing" in rules:
                raise UnfitError("missing")
        elif "unknown" in rules:
            if found not in levels:
                raise UnfitError("unknown")
        elif found.__class__ is float:
            if found < low:
                raise UnfitError("below")
            if found > high:
                raise UnfitError("above")
        return found

    return check
