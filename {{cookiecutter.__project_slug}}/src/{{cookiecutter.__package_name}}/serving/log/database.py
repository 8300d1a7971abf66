"""What the prediction log asks of its database, be it SQLite or PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

# Both databases take these words, and `input ->> 'column'` reads a value of a row in both.
TABLE = """
CREATE TABLE IF NOT EXISTS predictions (
    time TIMESTAMPTZ NOT NULL,
    version TEXT NOT NULL,
    input JSON NOT NULL,
    fault TEXT,
    class TEXT,
    number DOUBLE PRECISION,
    probability DOUBLE PRECISION,
    decision BOOLEAN
)
"""
INDEX = "CREATE INDEX IF NOT EXISTS predictions_by_time ON predictions (time)"
# How long the writer waits for another one's transaction, or for an answer.
SECONDS = 5
CHUNK = 10_000


class Database(Protocol):
    """What differs between the databases.

    Attributes:
        mark: What stands for a parameter in SQL.
        begin: What begins a transaction that writes.
        error: What its driver raises.
        unfit: The part of it that will be raised again, whenever the same rows are written.
    """

    mark: str
    begin: str
    error: type[Exception]
    unfit: type[Exception]

    def connect(self) -> Any:
        """Open a connection to write by, and make the table if there is none."""

    def read(self, query: str, parameters: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows that a query finds, in chunks."""

    def describe(self, error: Exception) -> str:
        """Say in one line what went wrong and where, without a password."""
