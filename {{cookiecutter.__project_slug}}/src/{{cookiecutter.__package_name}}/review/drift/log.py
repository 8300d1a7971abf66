"""The rows of a prediction log."""

import json
from typing import Any

import pandas as pd

from ...common.errors import DataError
from ...serving.log.address import open_database
from ...serving.log.records import write_time

# Names that begin with _ are no columns of schema.yaml.
ANSWER = {"fault": "_fault", "class": "_class", "number": "_number", "probability": "_probability"}
QUERY = f"SELECT CAST(input AS TEXT), {', '.join(ANSWER)} FROM predictions"


def read_log(url: str, since: pd.Timestamp | None = None) -> pd.DataFrame:
    """Read the rows of a prediction log, in the order of their predictions.

    Args:
        url: As of `open_log`.
        since: Moment in UTC; what was predicted earlier is left out.

    Returns:
        DataFrame of shape (n_rows, n_columns + 4): the columns that the log keeps, as they came,
        and `_fault`, `_class`, `_number` and `_probability`, missing where there is none.

    Raises:
        SettingsError: The URL names no database.
        DataError: The log can't be read, or holds no such row.
    """
    database = open_database(url)
    query = QUERY if since is None else f"{QUERY} WHERE time >= {database.mark}"
    parameters = [] if since is None else [write_time(since.tz_localize("UTC"))]
    try:
        chunks = database.read(f"{query} ORDER BY time", parameters)
        tables = [_tabulate(rows) for rows in chunks]
    except database.error as error:
        raise DataError(f"--log can't be read: {database.describe(error)}") from error
    if not tables:
        raise DataError("the log holds no row" + (f" since {since}" if since is not None else ""))
    return pd.concat(tables, ignore_index=True)


def _tabulate(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    inputs, *answers = zip(*rows, strict=True)
    # As objects: pandas would make floats of the whole numbers in a column with gaps.
    table = pd.DataFrame([json.loads(text) for text in inputs], dtype=object)
    return table.assign(**dict(zip(ANSWER.values(), answers, strict=True)))
