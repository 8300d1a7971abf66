"""Single values to the types of schema.yaml, without pandas: the meaning of data/contract.py."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isnan
from numbers import Real
from typing import Any

from .moments import make_reader
from .rules import BOOLEANS, INTEGERS_END, MISSING, parse_number

NAN = float("nan")
INFINITY = float("inf")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UnfitError(ValueError):
    """A value that its column can't have; its argument is the key of the rule in data/rules.py."""


def is_missing(value: Any) -> bool:
    """Say whether a value is None or not a number, of whatever type."""
    return value is None or bool(value != value)  # noqa: PLR0124


def read_number(value: Any) -> float:
    """Read a number; NaN if it is missing."""
    if value is None:
        return NAN
    if isinstance(value, str):
        number = parse_number(value)
    elif isinstance(value, Real | Decimal):
        try:
            number = float(value)
        except OverflowError:
            number = INFINITY
    else:
        number = NAN
    if number - number == 0:
        return number
    if is_missing(value) or write(value).lower() in MISSING:
        return NAN
    raise UnfitError("unreadable")


def read_integer(value: Any) -> float:
    """Read a whole number that float64 can tell from its neighbours."""
    number = read_number(value)
    if not isnan(number):
        if abs(number) >= INTEGERS_END:
            raise UnfitError("too_large")
        if number % 1:
            raise UnfitError("unreadable")
    return number


def read_boolean(value: Any) -> float:
    """Read true or false as 1 or 0."""
    if value is True or value is False:
        return float(value)
    if is_missing(value):
        return NAN
    word = write(value).lower()
    if word not in BOOLEANS and word not in MISSING:
        raise UnfitError("unreadable")
    return BOOLEANS.get(word, NAN)


def read_category(value: Any) -> str | None:
    """Read the label of a category; None if it is blank."""
    if value.__class__ is str:
        return value.strip() or None
    return (None if is_missing(value) else write(value)) or None


def write(value: Any) -> str:
    """Write a value as text without space around it, whole numbers without a point."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int):
        return str(value)
    whole = isinstance(value, Real) and value == value // 1
    return str(int(value) if whole else value).strip()


def make_moment_reader(form: str | None) -> Callable[[Any], int | None]:
    """Make the function that reads moments as microseconds since 1970 in UTC, None if missing."""
    read = make_reader(form)

    def read_moment(value: Any) -> int | None:
        if is_missing(value):
            return None
        if isinstance(value, datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return int((aware - EPOCH) // MICROSECOND)
        text = write(value)
        if text.lower() in MISSING:
            return None
        try:
            return read(text)
        except ValueError as error:
            raise UnfitError("unreadable") from error

    return read_moment
