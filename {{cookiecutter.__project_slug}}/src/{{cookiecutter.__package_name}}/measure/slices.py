"""Parts of the rows that have something in common, to be judged on their own."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..common.settings import Slices
from ..schema import Schema

MISSING = "no value"


class Slice(NamedTuple):
    """Rows with one category of a column, or with numbers in one range.

    Attributes:
        column: The column's name.
        slice: The category or range in words.
        mask: True for the rows of the slice, of shape (n_rows,).
    """

    column: str
    slice: str
    mask: np.ndarray


def find_slices(rows: pd.DataFrame, settings: Slices, schema: Schema) -> list[Slice]:
    """Find the slices of the columns that the settings name, or of every feature.

    Args:
        rows: Clean rows of shape (n_rows, n_columns).
        settings: The columns, the bins of a number, the least rows of a slice.
        schema: Says which columns are features.

    Returns:
        The slices with enough rows, of each column in turn: each category, each value of a number
        with few, else each quantile bin, each month of a datetime, and the missing values. What
        all rows have in common is no slice.
    """
    columns = settings.columns or schema.with_role("feature")
    found = (part for name in columns for part in divide(rows[name], settings.bins))
    return [part for part in found if settings.min_rows <= part.mask.sum() < len(rows)]


def number_groups(rows: pd.DataFrame, schema: Schema) -> np.ndarray | None:
    """Number the group of each row, of shape (n_rows,), if a column has the role group.

    Rows of one group are alike: drawn one by one, they would seem to say more than they do.
    """
    for name in schema.with_role("group"):
        return np.asarray(pd.factorize(rows[name], use_na_sentinel=False)[0])
    return None


def divide(values: pd.Series, bins: int) -> Iterator[Slice]:
    """Divide a column into slices.

    Args:
        values: The column, of shape (n_rows,).
        bins: Into how many quantile bins to divide numbers with more distinct values than that.

    Yields:
        Each slice that has a row.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        labels = values.dt.strftime("%Y-%m")
    elif pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        labels = values.astype("object")
    elif values.nunique() > bins:
        yield from _divide_numbers(values, bins)
        labels = values.where(values.isna(), None).astype("object")
    else:
        labels = values.map(dict(_write_apart(values.dropna().unique()))).astype("object")
    for label in sorted(labels.dropna().unique(), key=str):
        yield Slice(str(values.name), str(label), (labels == label).to_numpy(dtype=bool))
    if values.isna().any():
        yield Slice(str(values.name), MISSING, values.isna().to_numpy())


def _divide_numbers(values: pd.Series, bins: int) -> Iterator[Slice]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, bins + 1)))
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    names = [name for _, name in _write_apart(edges)]
    for place, (low, high) in enumerate(pairwise(names)):
        mask = (places == place) & ~np.isnan(numbers)
        if mask.any():
            yield Slice(str(values.name), f"{low} to {high}", mask)


def _write_apart(numbers: np.ndarray) -> list[tuple[float, str]]:
    """Write distinct numbers with as many digits as it takes to tell them apart."""
    for digits in range(6, 18):
        names = [f"{number:.{digits}g}" for number in numbers]
        if len({*names}) == len(names):
            break
    return list(zip(numbers, names, strict=True))
