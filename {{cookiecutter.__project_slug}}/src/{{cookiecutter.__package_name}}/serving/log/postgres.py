"""A prediction log in PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from ...common.errors import SettingsError
from .database import CHUNK, INDEX, SECONDS, TABLE


class Postgres:
    """A PostgreSQL server."""

    # A lock that another holds on the table must not hold the writer for ever.
    mark, begin = "%s", f"SET LOCAL statement_timeout = '{SECONDS}s'"

    def __init__(self, url: str) -> None:
        """Take the URL of a database."""
        try:
            import psycopg
        except ImportError as error:
            raise SettingsError(
                "--log names a PostgreSQL database, and psycopg is not installed: install the "
                "wheel with its extra, as in `pip install 'WHEEL[postgres]'`"
            ) from error
        self.error: type[Exception] = psycopg.Error
        self.unfit: type[Exception] = psycopg.DataError
        self._driver, self._url = psycopg, url
        try:
            settings = psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.Error:
            # Without its cause, whose text may hold the password.
            raise SettingsError(
                "--log is no URL that PostgreSQL takes; write it as postgresql://user@host/database"
            ) from None
        self._secrets = [str(settings[key]) for key in settings if "password" in key]

    def connect(self) -> Any:
        """Connect, and make the table: one who may only insert need not be allowed to."""
        connection = self._connect()
        if connection.execute("SELECT to_regclass('predictions')").fetchone()[0] is None:
            connection.execute(TABLE)
            connection.execute(INDEX)
        connection.commit()
        return connection

    def read(self, query: str, parameters: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows that a query finds, in chunks."""
        with self._connect() as connection, connection.cursor("log") as cursor:
            cursor.execute(query, parameters)
            while rows := cursor.fetchmany(CHUNK):
                yield rows

    def describe(self, error: Exception) -> str:
        """Say what went wrong, without the password."""
        text = (str(error) or type(error).__name__).splitlines()[0]
        for secret in filter(None, self._secrets):
            text = text.replace(secret, "***")
        return f"PostgreSQL: {text}"

    def _connect(self) -> Any:
        return self._driver.connect(
            self._url,
            connect_timeout=SECONDS,
            tcp_user_timeout=SECONDS * 1000,
            client_encoding="utf8",
            # Prepared statements do not live through a connection pooler.
            prepare_threshold=None,
        )
