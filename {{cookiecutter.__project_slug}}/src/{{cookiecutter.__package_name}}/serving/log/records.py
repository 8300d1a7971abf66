"""A scored row as a record of the log: columns kept, hashed or left out as schema.yaml says."""

import hmac
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite
from numbers import Integral
from typing import Any

from ...common.errors import SettingsError
from ...data.row_contract import Fault
from ...data.values import write
from ..scored import Scored

FIELDS = ("time", "version", "input", "fault", "class", "number", "probability", "decision")
# What is known at prediction time and matters to the model or to who looks for a row.
LOGGED_ROLES = ("feature", "time", "group", "id")
KEY = f"{__name__.partition('.')[0].upper()}_LOG_KEY"
LEAST_KEY = 16
# How numpy and pandas write what is missing.
NOTHING = ("nan", "NaN", "NaT", "<NA>")
# json.dumps makes an encoder at each call that has options.
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Record = tuple[Any, ...]


class Recorder:
    """Makes the records of one model."""

    def __init__(self, columns: Iterable[Mapping[str, Any]], version: str) -> None:
        """Take the columns of schema.yaml, each with name, role and log, and the version.

        Raises:
            SettingsError: A column is to be hashed, and there is no key.
        """
        logged = [column for column in columns if column["role"] in LOGGED_ROLES]
        self._kept = [column["name"] for column in logged if column["log"] == "keep"]
        self._hashed = [column["name"] for column in logged if column["log"] == "hash"]
        self._version = version
        self._key = _read_key(self._hashed) if self._hashed else b""

    def record(self, time: datetime, row: Mapping[str, object], scored: Scored) -> Record:
        """Make the record of a row: its values in the order of FIELDS."""
        label = scored.prediction if isinstance(scored.prediction, str) else None
        probability = scored.probability
        if label is not None and scored.probabilities is not None:
            probability = scored.probabilities[label]
        return (
            write_time(time),
            self._version,
            self._write_row(row),
            "; ".join(map(self._write_fault, scored.faults)) or None,
            label,
            scored.prediction if label is None else None,
            probability,
            scored.decision,
        )

    def _write_row(self, row: Mapping[str, object]) -> str:
        values = {name: plain(row[name]) for name in self._kept if name in row}
        values |= {name: self._hash(plain(row[name])) for name in self._hashed if name in row}
        return ENCODE(values)

    def _write_fault(self, fault: Fault) -> str:
        # Its value is that of the row.
        shown = str(fault) if fault.column in self._kept else f"{fault.column} {fault.rule}"
        return str(plain(shown))

    def _hash(self, value: Any) -> str | None:
        if value is None:
            return None
        return hmac.digest(self._key, write(value).encode(), "sha256").hex()


def write_time(time: datetime) -> str:
    """Write a moment in UTC so that its texts are ordered as moments are."""
    return time.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")


def plain(value: Any) -> Any:
    """Give a value as JSON and both databases hold it; text with what neither takes replaced."""
    kind = value.__class__
    if value is None or kind is int or kind is bool or (kind is float and isfinite(value)):
        return value
    if isinstance(value, float) and isfinite(value):
        return float(value)
    if isinstance(value, Integral):
        return int(value)
    text = str(value)
    if kind is not str and text in NOTHING:
        return None
    if text.isascii() and "\0" not in text:
        return text
    # Halves of surrogate pairs, and the character that PostgreSQL's texts can't have.
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")


def _read_key(names: list[str]) -> bytes:
    key = os.environ.get(KEY, "")
    if len(key) < LEAST_KEY:
        state = f"has {len(key)} characters" if key else "is not set"
        raise SettingsError(
            f"schema.yaml says `log: hash` of {', '.join(names)}, and the environment variable "
            f"{KEY} {state}; set it to a secret of at least {LEAST_KEY} characters, the same at "
            "each start, or leave the columns out by `log: omit`"
        )
    return key.encode()
