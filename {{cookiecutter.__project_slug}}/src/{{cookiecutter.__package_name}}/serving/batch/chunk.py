"""A part of a file's rows, as they came."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

TEXT = pa.large_string()


class Chunk(NamedTuple):
    """A part of a file's rows.

    Attributes:
        rows: DataFrame of shape (n_rows, n_columns) with values that mean what read_table's do.
        own: The same to be written again: Parquet with its own types, other formats as text.
    """

    rows: pd.DataFrame
    own: pa.Table


def describe_texts(names: Iterable[Any]) -> pa.Schema:
    """Give columns of these names the type text."""
    return pa.schema([(str(name), TEXT) for name in names])


def count_rows(schema: pa.Schema, cells: int) -> int:
    """Say how many rows with these columns have so many values, at least one."""
    return max(cells // max(len(schema), 1), 1)
