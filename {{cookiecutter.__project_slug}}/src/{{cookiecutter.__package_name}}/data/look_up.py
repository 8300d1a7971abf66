"""A table in which rows look up columns, by keys compared by what they mean."""

from typing import NamedTuple

import pandas as pd

from ..common.errors import DataError
from ..schema import Schema
from .contract import coerce


class LookUp(NamedTuple):
    """A table to look rows up in.

    Attributes:
        name: Of the table.
        keys: The columns of the rows that say where to look.
        table: What is looked up, and the keys as `_mark` names and coerces them.
        schema: Says what the keys mean.
    """

    name: str
    keys: list[str]
    table: pd.DataFrame
    schema: Schema

    def join(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Give rows, in their order, the columns that are found for them."""
        marks = _mark(rows, self.keys, self.schema)
        rows = rows.drop(columns=self.table.columns, errors="ignore").join(marks)
        return rows.merge(self.table, on=[*marks], how="left").drop(columns=[*marks])


def make_look_up(name: str, table: pd.DataFrame, keys: list[str], schema: Schema) -> LookUp:
    """Check that a table has one row for each key.

    Args:
        name: Of the table.
        table: DataFrame with the keys and the columns to look up, by the names of schema.yaml.
        keys: The columns to look up by.
        schema: Says what the columns mean.

    Raises:
        DataError: A key has rows of different meanings.
    """
    marks = _mark(table, keys, schema)
    names = [*marks]
    table = table.drop(columns=keys).join(marks).dropna(subset=names)
    meant = [coerce(table[name], schema.columns[name])[0] for name in table if name not in marks]
    table = table[~pd.concat([table[names], *meant], axis=1).duplicated()]
    repeated = table.loc[table.duplicated(names), names]
    if len(repeated):
        values = ", ".join(f"{k} {v}" for k, v in zip(keys, repeated.iloc[0], strict=True))
        raise DataError(
            f"{name}: {len(repeated)} rows repeat the join key ({', '.join(keys)}), the first: "
            f"{values}; a look-up must be unique: remove the repeats or join by more columns"
        )
    return LookUp(name, keys, table, schema)


def _mark(rows: pd.DataFrame, keys: list[str], schema: Schema) -> pd.DataFrame:
    # Keys may be text on one side and dates or numbers on the other: compare what they mean.
    return pd.DataFrame({f"_key_{key}": coerce(rows[key], schema.columns[key])[0] for key in keys})
