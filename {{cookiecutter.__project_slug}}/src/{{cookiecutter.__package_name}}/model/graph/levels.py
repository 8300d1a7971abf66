"""The levels of a category as scikit-learn's encoders code them, as plain numbers."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from .numbers import NotCompilableError, Numbers, write_numbers

ENCODERS = (OneHotEncoder, OrdinalEncoder, TargetEncoder)
# The levels of a one-hot encoder are looked up by so many at a time, each being a wide row.
CHUNK = 1000


def tabulate(
    encoder: Any, columns: list[str], column: int, n_outputs: int
) -> tuple[dict[str, Numbers], Numbers, Numbers, slice]:
    """Ask a fitted encoder how it codes each level of a column.

    Args:
        encoder: One of ENCODERS.
        columns: Its inputs.
        column: The place of one among them.
        n_outputs: How many columns it makes of all inputs.

    Returns:
        The codes of each level, of a missing value and of an unknown one, and where among the
        encoder's outputs they stand.

    Raises:
        NotCompilableError: A level is no text, or an unknown one is refused.
    """
    levels = [level for level in encoder.categories_[column] if level is not None]
    if not all(isinstance(level, str) for level in levels):
        raise NotCompilableError(f"the category {columns[column]!r}, whose levels are no texts")
    asked = [*levels, None, _make_unknown(levels)]
    rows = pd.DataFrame({name: [None] * len(asked) for name in columns}, dtype="object")
    rows[columns[column]] = pd.Series(asked, dtype="object")
    widths = _widths(encoder, n_outputs)
    own = slice(sum(widths[:column]), sum(widths[: column + 1]))
    codes: list[Numbers] = []
    for start in range(0, len(rows), CHUNK):
        codes += [
            write_numbers(line) for line in _encode(encoder, rows[start : start + CHUNK])[:, own]
        ]
    *of_levels, missing, unknown = codes
    return dict(zip(levels, of_levels, strict=True)), missing, unknown, own


def _encode(encoder: Any, rows: pd.DataFrame) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            # That it meets an unknown level is the purpose here.
            warnings.simplefilter("ignore", UserWarning)
            codes = encoder.transform(rows)
    except ValueError as error:
        name = type(encoder).__name__
        raise NotCompilableError(f"an {name} that refuses unknown levels") from error
    return np.asarray(codes.toarray() if issparse(codes) else codes, dtype="float64")


def _widths(encoder: Any, n_outputs: int) -> list[int]:
    n_inputs = len(encoder.categories_)
    if type(encoder) is not OneHotEncoder:
        return [n_outputs // n_inputs] * n_inputs
    if encoder.drop is not None:
        raise NotCompilableError("a OneHotEncoder that drops levels")
    # There is no such attribute where no level can be rare.
    rare = getattr(encoder, "infrequent_categories_", [None] * n_inputs)
    counts = [0 if levels is None else len(levels) for levels in rare]
    pairs = zip(encoder.categories_, counts, strict=True)
    return [len(levels) - n_rare + (n_rare > 0) for levels, n_rare in pairs]


def _make_unknown(levels: list[str]) -> str:
    return max(levels, default="") + "?"
