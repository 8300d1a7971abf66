"""A prediction log in a file of SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ...common.errors import DataError, SettingsError
from .database import CHUNK, INDEX, SECONDS, TABLE


class Sqlite:
    """A file, which several processes of one machine may write."""

    mark, begin = "?", "BEGIN IMMEDIATE"
    error: type[Exception] = sqlite3.Error
    unfit: type[Exception] = sqlite3.DataError

    def __init__(self, path: Path) -> None:
        """Take the path of the file, which need not exist."""
        if not path.absolute().parent.is_dir():
            raise SettingsError(
                f"--log: {path.parent}: no such folder; make it, or name another file"
            )
        self._path = path

    def connect(self) -> Any:
        """Open the file to write, beside other writers and readers."""
        connection = sqlite3.connect(self._path, timeout=SECONDS, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", TABLE, INDEX):
            connection.execute(statement)
        return connection

    def read(self, query: str, parameters: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows that a query finds, in chunks."""
        if not self._path.exists():
            raise DataError(f"--log: {self._path}: no such file; name the log of the service")
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, timeout=SECONDS, uri=True)) as connection:
            cursor = connection.execute(query, parameters)
            while rows := cursor.fetchmany(CHUNK):
                yield rows

    def describe(self, error: Exception) -> str:
        """Say what went wrong with the file."""
        return f"{self._path}: {error}"
