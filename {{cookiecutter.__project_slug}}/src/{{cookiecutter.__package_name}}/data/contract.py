"""The contract of schema.yaml on rows: coerced to their types, and each fault found.

What a value means depends neither on the format of its file nor on the other rows. Blank text is
missing, and so are NA, N/A, NaN, null, None and - (in any case) where the type is not category.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..schema import Column, Schema
from .rules import (
    BEYOND_MICROSECONDS,
    BOOLEANS,
    INTEGERS_END,
    MISSING,
    NOT_MOMENTS,
    describe_rules,
    parse_number,
)


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
        for rule, broken in _broken_rules(coerced[name], column, unreadable, rows[name]):
            if not broken.any():
                continue
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
    if values.dtype != "str":
        return _coerce(values, column)
    # To read each text once takes a tenth of the time; most columns hold few different ones.
    codes, found = pd.factorize(values)
    coerced, unreadable = _coerce(pd.Series(found), column)
    unreadable = unreadable.reindex(codes, fill_value=False).set_axis(values.index)
    return coerced.reindex(codes).set_axis(values.index), unreadable


def _coerce(values: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    if column.type == "category":
        texts = as_text(values)
        return texts.mask(texts == ""), pd.Series(False, index=values.index)
    if column.type == "datetime":
        coerced = _as_datetime(values, column.format)
    elif column.type == "boolean":
        coerced = as_text(values).str.lower().map(BOOLEANS).astype("float64")
    else:
        coerced = _as_number(values)
    unreadable = coerced.isna() & values.notna()
    words = as_text(values[unreadable]).str.lower()
    unreadable[unreadable] = ~words.isin(MISSING).to_numpy()
    if column.type == "integer":
        unreadable |= (coerced % 1 > 0) | (coerced.abs() >= INTEGERS_END)
    return coerced.mask(unreadable), unreadable


def as_text(values: pd.Series) -> pd.Series:
    """Write each value by itself as text without space around it; missing ones stay missing.

    A gap turns the whole numbers of a column into floats, so 7.0 is written as 7.
    """
    if values.dtype == "str":
        return values.str.strip()
    if values.dtype == "object":
        pairs = zip(values, values.isna(), strict=True)
        texts = [None if missing else _write(value) for value, missing in pairs]
    else:
        codes, found = pd.factorize(values)
        if pd.api.types.is_float_dtype(values):
            # pandas would hand out float32 as float64, which shows digits that were never there.
            found = np.asarray(found)
        texts = [*np.array([*map(_write, found), None], dtype="object")[codes]]
    return pd.Series(texts, values.index, dtype="str").str.strip()


def _write(value: Any) -> str:
    whole = isinstance(value, float | np.floating) and value.is_integer()
    return str(int(value) if whole else value)


def _as_number(values: pd.Series) -> pd.Series:
    if values.dtype in ("str", "object"):
        values = values.map(_parse)
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    return numbers.mask(np.isinf(numbers))


def _parse(value: Any) -> Any:
    # Of long numbers, such as 84011653.5157527747, pandas may get the last bit wrong.
    if isinstance(value, str):
        return parse_number(value)
    try:
        return float(value) if isinstance(value, int) else value
    except OverflowError:
        return np.inf


def _as_datetime(values: pd.Series, form: str | None) -> pd.Series:
    if not pd.api.types.is_datetime64_any_dtype(values):
        values = as_text(values)
        values = values.mask(values.isin(NOT_MOMENTS))
        if form is None:
            values = values.str.replace(BEYOND_MICROSECONDS, r"\1", regex=True)
    moments = pd.to_datetime(values, utc=True, errors="coerce", format=form or "ISO8601")
    return moments.dt.tz_localize(None).dt.as_unit("us")


def _broken_rules(
    values: pd.Series, column: Column, unreadable: pd.Series, delivered: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    broken_by: dict[str, Callable[[], pd.Series]] = {
        "too_large": lambda: _as_number(delivered).abs() >= INTEGERS_END,
        "unreadable": lambda: unreadable,
        "missing": values.isna,
        "below": lambda: values < column.min,
        "above": lambda: values > column.max,
        "unknown": lambda: values.notna() & ~values.isin(column.levels),
    }
    for key, rule in describe_rules(column).items():
        # Nothing unreadable, nothing too large, and it is dear to look for.
        if key != "too_large" or unreadable.any():
            yield rule, broken_by[key]()
