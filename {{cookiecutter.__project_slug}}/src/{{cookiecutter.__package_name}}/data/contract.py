"""The contract of schema.yaml on rows: coerced to their types, and each fault found."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..schema import Column, Schema

BOOLEANS = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}


def apply_contract(rows: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Coerce rows to the types of schema.yaml and find those that break a rule.

    Args:
        rows: DataFrame with at least the columns of the schema, of any dtype.
        schema: The contract; columns that the frame lacks are passed over.

    Returns:
        The coerced frame (numbers, integers and booleans as float64 with NaN, categories as text,
        datetimes as naive UTC), and a frame with the same index and the columns `column`, `rule`
        and `value` that name the first broken rule of each row, empty where none is broken.
    """
    coerced = {}
    faults = pd.DataFrame({"column": "", "rule": "", "value": ""}, index=rows.index, dtype=str)
    for name, column in schema.columns.items():
        if name not in rows:
            continue
        coerced[name], unreadable = coerce(rows[name], column)
        for rule, broken in _broken_rules(coerced[name], column, unreadable):
            first = broken & (faults["column"] == "")
            faults.loc[first, "column"] = name
            faults.loc[first, "rule"] = rule
            faults.loc[first, "value"] = rows.loc[first, name].astype("str").fillna("")
    return pd.DataFrame(coerced, index=rows.index), faults


def coerce(values: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    """Give values the type of their column.

    Returns:
        The coerced values, missing where they are missing or unreadable, and a mask of the
        unreadable ones.
    """
    missing = values.isna()
    if column.type == "category":
        texts = _as_text(values)
        return texts.mask(missing | (texts == "")), pd.Series(False, index=values.index)
    if column.type == "datetime":
        coerced = _as_datetime(values, column.format)
    elif column.type == "boolean":
        coerced = _as_text(values).str.lower().map(BOOLEANS).astype("float64")
    else:
        coerced = pd.to_numeric(values, errors="coerce").astype("float64")
        coerced = coerced.mask(np.isinf(coerced))
    blank = missing | (_as_text(values) == "") if values.dtype in ("str", "object") else missing
    unreadable = coerced.isna() & ~blank
    if column.type == "integer":
        unreadable |= coerced.notna() & (coerced % 1 != 0)
    return coerced, unreadable


def _as_text(values: pd.Series) -> pd.Series:
    # A missing value turns whole numbers into floats: 7.0 is still the category 7.
    present = values.dropna()
    if pd.api.types.is_float_dtype(values) and ((present % 1 == 0) & (present < 2**63)).all():
        values = values.astype("Int64")
    return values.astype("str").str.strip()


def _as_datetime(values: pd.Series, form: str | None) -> pd.Series:
    if not pd.api.types.is_datetime64_any_dtype(values):
        values = _as_text(values)
    moments = pd.to_datetime(values, utc=True, errors="coerce", format=form or "ISO8601")
    return moments.dt.tz_localize(None).dt.as_unit("us")


def _broken_rules(
    values: pd.Series, column: Column, unreadable: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    expected = f"the format {column.format}" if column.format else f"a valid {column.type}"
    yield f"must be {expected}", unreadable
    if column.missing == "quarantine":
        yield "must not be missing", values.isna()
    if column.min is not None:
        yield f"must be at least {column.min:g}", values < column.min
    if column.max is not None:
        yield f"must be at most {column.max:g}", values > column.max
    if column.levels is not None:
        yield (
            f"must be one of {', '.join(column.levels)}",
            values.notna() & ~values.isin(column.levels),
        )
