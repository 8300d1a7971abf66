"""Texts to moments, one at a time and without pandas, but with its meaning."""

import re
from _strptime import TimeRE  # type: ignore[import-not-found]
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from .rules import BEYOND_MICROSECONDS

START, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
MINUTE = 60 * 1_000_000
# With a seventh digit in a format pandas counts in nanoseconds, of which an int64 holds so many.
NANOSECONDS_END = 2**63 // 1000

ZONE = r"(?P<z>Z|[+-]\d{1,2}(?::?\d{1,2})?)"
ZONE_PARTS = re.compile(r"([+-])(\d{1,2}):?(\d{1,2})?")
CLOCKS = (
    r"(?P<H>\d{1,2}):(?P<M>\d{1,2})(?::(?P<S>\d{1,2})(?:\.(?P<f>\d{0,18}))?)?",
    r"(?P<H>\d{2})(?:(?P<M>\d{2})(?:(?P<S>\d{2})(?:\.(?P<f>\d{0,18}))?)?)?",
)
YEAR = r"(?P<Y>-\d{1,4}+|\d{4})"
# Without a year it is 0, but a minus always begins one.
ANY_YEAR = rf"(?:{YEAR}|(?!-))"
DATES = (
    rf"{ANY_YEAR}(?P<at>[-./\\ ])(?P<m>\d{{1,2}})(?:(?P=at)(?P<d>\d{{1,2}})CLOCK)?",
    rf"{YEAR}(?:(?P<m>\d{{2}})(?P<d>\d{{2}})CLOCK)?",
)
# ISO 8601 as pandas reads it (its np_datetime_strings.c): loose separators and zones, no weeks.
ISO = [
    re.compile(day.replace("CLOCK", rf"(?:[T ]{clock}[ \t-\r]*{ZONE}?)?"), re.ASCII)
    for clock in CLOCKS
    for day in DATES
]
# Formats like it, which pandas tries so before it takes them by the letter.
LIKE_ISO = re.compile(
    r"%Y(?:([-/ \\.]?)%m(?:\1%d(?:[ T]%H(?::%M(?::%S(?:%z|\.%f(?:%z)?)?)?)?)?)?)?"
)
# Each of these means the same whatever stands beside it, but for %I with %p.
DIRECTIVES = frozenset("YymdbBaAHIpMSfz%")

Parts = dict[str, str | None]


def is_readable(form: str) -> bool:
    """Say whether `make_reader` knows all directives of a format as for strptime."""
    return set(re.findall("%(.)", form)) <= DIRECTIVES


def make_reader(form: str | None) -> Callable[[str], int]:
    """Make a function that reads a moment.

    Args:
        form: The format as for strptime; None for ISO 8601.

    Returns:
        A function from text without space around it to microseconds since 1970 in UTC, which
        raises ValueError where pandas.to_datetime finds no moment.
    """
    if form is None:
        return _read_iso
    is_like_iso = form != "%Y%m" and LIKE_ISO.fullmatch(form)
    loose = [re.compile(_loosen(form), re.ASCII)] if is_like_iso else []
    names = TimeRE()
    names["f"] = "(?P<f>[0-9]{1,9})"
    exact = names.compile(form)

    def read(text: str) -> int:
        try:
            return _read_loosely(loose, text)
        except ValueError:
            found = exact.match(text)
            if not found or found.end() < len(text):
                raise
        return _count(_resolve(found.groupdict(), names.locale_time), is_exact=True)

    return read


def _read_iso(text: str) -> int:
    # Most texts are written by the letter, which Python reads ten times faster.
    plain = text[:-1] if text.endswith("Z") else text
    marks = plain[4:5] + plain[7:8] + plain[10:11] + plain[13:14] + plain[16:17]
    if len(plain) == 19 and marks in ("--T::", "-- ::") and plain[11:13] != "24":
        return (datetime.fromisoformat(plain) - START) // MICROSECOND
    return _read_loosely(ISO, re.sub(BEYOND_MICROSECONDS, r"\1", text))


def _read_loosely(patterns: list[re.Pattern[str]], text: str) -> int:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return _count(found.groupdict(), is_exact=False)
    raise ValueError(text)


def _loosen(form: str) -> str:
    """Write a format like ISO 8601 as the pattern that pandas tries first."""
    has_separator = form[2:3] not in ("", "%")
    digits = r"\d{1,2}" if has_separator else r"\d{2}"
    parts = {f"%{key}": f"(?P<{key}>{digits})" for key in "md"}
    parts["%Y"] = ANY_YEAR if has_separator else YEAR
    parts["%H"] = r"(?P<H>\d{1,2})" if "%H:" in form else r"(?P<H>\d{2})"
    parts |= {f"%{key}": rf"(?P<{key}>\d{{1,2}})" for key in "MS"}
    parts |= {"%f": r"(?P<f>\d{0,18})", "%z": ZONE}
    return "".join(parts.get(piece) or re.escape(piece) for piece in re.split("(%.)", form))


def _resolve(parts: Parts, names: Any) -> Parts:
    """Give year, month and hour as numbers, from what may stand for them."""
    if month := parts.get("b"):
        parts["m"] = str(names.a_month.index(month.lower()))
    if month := parts.get("B"):
        parts["m"] = str(names.f_month.index(month.lower()))
    if year := parts.get("y"):
        parts["Y"] = str(int(year) + (2000 if int(year) <= 68 else 1900))
    if hour := parts.get("I"):
        is_late = (parts.get("p") or "").lower() == names.am_pm[1]
        parts["H"] = str(int(hour) % 12 + 12 * is_late)
    return {"Y": "1900"} | parts


def _count(parts: Parts, *, is_exact: bool) -> int:
    """Count the microseconds since 1970 in UTC; loosely read parts may be out of range."""
    hour, minute, second = (int(parts.get(key) or 0) for key in "HMS")
    if not is_exact and (hour > 23 or minute > 59 or second > 59):
        raise ValueError(parts)
    year, month, day = int(parts["Y"] or 0), int(parts.get("m") or 1), int(parts.get("d") or 1)
    if year > 0 or is_exact:
        days = date(year, month, day).toordinal() - START.toordinal()
    else:
        # Python's calendar begins with the year 1.
        days = int(np.datetime64(f"{year:05}-{month:02}-{day:02}", "D").astype("int64"))
    fraction = parts.get("f") or ""
    clock = (hour * 60 + minute) * MINUTE + second * 1_000_000 + int(fraction[:6].ljust(6, "0"))
    moment = days * 24 * 60 * MINUTE + clock
    if len(fraction) > 6 and not -NANOSECONDS_END - 1 <= moment <= NANOSECONDS_END:
        raise ValueError(parts)
    return moment - _read_zone(parts.get("z"))


def _read_zone(zone: str | None) -> int:
    found = ZONE_PARTS.match(zone or "")
    if not found:
        return 0
    sign, hours, minutes = found[1], int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    return int(f"{sign}1") * (hours * 60 + minutes) * MINUTE
