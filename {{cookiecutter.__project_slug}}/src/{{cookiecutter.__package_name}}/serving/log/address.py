"""The URL of a prediction log."""

import re
from pathlib import Path

from ...common.errors import SettingsError
from .database import Database
from .postgres import Postgres
from .sqlite import Sqlite

SQLITE = "sqlite:///"
# An @ or a slash in a password would make libpq take its rest for the host, and show it.
POSTGRES = re.compile(r"postgres(?:ql)?://(?:[^@/?\s]+@)?[^@/?\s]*(?:/[^@/?\s]*)?(?:\?[^@\s]*)?")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def open_database(url: str) -> Database:
    """Find the database that a URL names, without connecting to it.

    Raises:
        SettingsError: The URL names none, its folder is missing, or its driver is not installed.
    """
    if url.startswith(SQLITE) and url != SQLITE:
        return Sqlite(Path(url.removeprefix(SQLITE)))
    if POSTGRES.fullmatch(url) and not BAD_ESCAPE.search(url):
        return Postgres(url)
    # The URL is not shown: what is wrong with it may be its password.
    raise SettingsError(
        "--log must be a URL such as sqlite:///predictions.db or postgresql://user@host/database; "
        "in a password, write what is neither letter nor digit as % and two digits, such as %40"
    )
