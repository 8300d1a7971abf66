"""What values mean, for rows in a table (contract.py) and for single ones (row_contract.py)."""

import re
from typing import TYPE_CHECKING

from ..common.numbers import show_limit

if TYPE_CHECKING:
    from ..schema import Column

BOOLEANS = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}
MISSING = ("", "na", "n/a", "nan", "null", "none", "-")
# As people and programs write numbers; float() takes more, such as 1_000 and other scripts' digits.
# Possessive, as a long text of digits would else be tried at each of them again.
NUMBER = re.compile(
    r"[ \t-\r]*+[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?[ \t-\r]*+"
)
# From here on, float64 takes different integers as one.
INTEGERS_END = 2**53
# pandas would take them for the moment at which the row is read.
NOT_MOMENTS = ("now", "today")
# One such digit makes pandas read a whole column in nanoseconds, which leaves only the years from
# 1678 to 2261 to the other rows.
BEYOND_MICROSECONDS = r"(\.[0-9]{6})[0-9]+"


def describe_rules(column: "Column") -> dict[str, str]:
    """Put the rules of a column into words.

    Returns:
        The rule by what breaks it, in the order in which that is looked for: a value that is
        too_large for an integer, unreadable, missing, below the minimum, above the maximum, or
        unknown among the levels.
    """
    expected = f"the format {column.format}" if column.format else f"a valid {column.type}"
    rules = {"unreadable": f"must be {expected}"}
    if column.type == "integer":
        too_large = "must be below 2**53; declare an identifier as category"
        rules = {"too_large": too_large} | rules
    if column.missing == "quarantine":
        rules["missing"] = "must not be missing"
    if column.min is not None:
        rules["below"] = f"must be at least {show_limit(column.min)}"
    if column.max is not None:
        rules["above"] = f"must be at most {show_limit(column.max)}"
    if column.levels is not None:
        rules["unknown"] = f"must be one of {', '.join(column.levels)}"
    return rules


def parse_number(text: str) -> float:
    """Read text as the nearest float64; NaN if it is no number."""
    return float(text) if NUMBER.fullmatch(text) else float("nan")
