"""The prediction log: rows wait in memory, and a thread of its own writes them in batches."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice, repeat
from threading import Event, Lock, Thread
from typing import Any

from ..scored import Scored
from .address import open_database
from .database import Database
from .records import FIELDS, Record, Recorder

# Rows that wait while the database is down, of about 2 KB each. One call may go beyond it, so that
# a file of rows is not refused by its size alone.
MAX_WAITING = 10_000
BATCH = 500
# Seconds between looks for new rows, and the longest one between tries to reach the database.
PAUSE, LONGEST_PAUSE = 0.2, 30.0
# Seconds for what still waits when the service ends.
CLOSING = 5.0


def open_log(url: str, columns: Iterable[Mapping[str, Any]], version: str) -> "PredictionLog":
    """Open the log of a model; the database may be down.

    Args:
        url: sqlite:///path or postgresql://user@host/database.
        columns: Those of schema.yaml, each with at least `name`, `role` and `log`.
        version: The model's.

    Raises:
        SettingsError: The URL names no database, its driver is not installed, or a column is to be
            hashed and there is no key.
    """
    return PredictionLog(open_database(url), Recorder(columns, version))


class PredictionLog:
    """A log that never holds up who writes to it, and counts what it had to drop."""

    def __init__(self, database: Database, recorder: Recorder) -> None:
        """Begin to write in a thread; `open_log` makes the arguments."""
        self._database, self._recorder = database, recorder
        self._waiting: deque[tuple[datetime, Mapping[str, object], Scored]] = deque()
        self._lock, self._ending = Lock(), Event()
        self._written = self._dropped = 0
        self._error: str | None = None
        self._connection: Any = None
        self._writer = Thread(target=self._run, name="prediction log", daemon=True)
        self._writer.start()

    def put(self, rows: Sequence[Mapping[str, object]], scored: Sequence[Scored]) -> None:
        """Log rows with what was predicted for them: at once, and without an error."""
        now = datetime.now(UTC)
        with self._lock:
            if self._ending.is_set() or len(self._waiting) >= MAX_WAITING:
                self._dropped += len(rows)
            else:
                self._waiting.extend(zip(repeat(now), rows, scored, strict=False))

    def state(self) -> dict[str, Any]:
        """Say how many rows were `written` and `lost`, and what the `error` is, if there is one."""
        ending, error = self._ending.is_set(), self._error
        if not (ending or self._writer.is_alive()):
            error = "the writer broke down; the service's own output says why"
        with self._lock:
            lost = self._dropped + len(self._waiting) * ending
            return {"written": self._written, "lost": lost, "error": error}

    def close(self) -> None:
        """Write what waits, for as long as CLOSING at most."""
        with self._lock:
            self._ending.set()
        self._writer.join(CLOSING)

    def _run(self) -> None:
        pause = 0.0
        # The first look connects, so that a database that is down is known at once.
        while not self._ending.wait(pause):
            pause = PAUSE if self._write_waiting() else min(max(2 * pause, PAUSE), LONGEST_PAUSE)
        self._write_waiting()
        self._disconnect()

    def _write_waiting(self) -> bool:
        """Write batch after batch; False if the database did not take one but may take it later."""
        while True:
            with self._lock:
                rows = [*islice(self._waiting, BATCH)]
            try:
                self._write([self._recorder.record(*row) for row in rows])
            except self._database.unfit as error:
                # It can't be written at all, and must not keep the rest waiting.
                self._error = self._database.describe(error)
                with suppress(self._database.error):
                    self._connection.rollback()
                self._settle(len(rows), written=0)
            except self._database.error as error:
                self._error = self._database.describe(error)
                self._disconnect()
                return False
            else:
                self._settle(len(rows), written=len(rows))
            if len(rows) < BATCH:
                return True

    def _write(self, records: list[Record]) -> None:
        reconnects = self._connection is None
        if reconnects:
            self._connection = self._database.connect()
        if records:
            marks = ", ".join([self._database.mark] * len(FIELDS))
            self._connection.execute(self._database.begin)
            self._connection.cursor().executemany(
                f"INSERT INTO predictions ({', '.join(FIELDS)}) VALUES ({marks})", records
            )
            self._connection.commit()
        # To connect alone mends nothing where rows wait.
        if records or reconnects:
            self._error = None

    def _settle(self, rows: int, *, written: int) -> None:
        with self._lock:
            self._written += written
            self._dropped += rows - written
            for _ in range(rows):
                self._waiting.popleft()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
