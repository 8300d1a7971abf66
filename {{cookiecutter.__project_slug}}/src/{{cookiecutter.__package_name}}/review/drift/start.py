"""From when on rows count: a date, or a time before the newest."""

import re
from typing import TypeAlias

import pandas as pd

from ...common.errors import DataError

SPAN = re.compile(r"[1-9]\d{0,3}[hDW]")
Start: TypeAlias = pd.Timestamp | pd.Timedelta


def read_start(text: str) -> Start:
    """Read a date, as UTC, or a time such as 28D.

    Raises:
        DataError: It is neither.
    """
    try:
        if SPAN.fullmatch(text):
            return pd.Timedelta(text)
        moment = pd.Timestamp(text)
    except ValueError as error:
        raise DataError(
            f"--since is {text!r}; write a date such as 2024-05-31, or a time before the newest "
            "row in hours (h), days (D) or weeks (W), such as 28D"
        ) from error
    return moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo else moment


def find_moment(start: Start | None, newest: pd.Timestamp | None = None) -> pd.Timestamp | None:
    """Find the moment that a start means, where the newest row is of a moment, or of now."""
    if not isinstance(start, pd.Timedelta):
        return start
    return (pd.Timestamp.now("UTC").tz_localize(None) if newest is None else newest) - start
