"""Which rows no model has learnt from."""

import numpy as np
import pandas as pd

from ...data.split import hash_rows
from ...schema import Schema
from .not_comparable import NotComparableError


def find_unseen(rows: pd.DataFrame, learnt: list[pd.DataFrame], schema: Schema) -> np.ndarray:
    """Find the rows that are in none of the parts that a model was trained or stopped by.

    A row is known again by its id, or by all that was delivered of it and is a column of both; so
    a look-up that was completed later, or a corrected target, makes no other row of it.

    Args:
        rows: Prepared rows of shape (n_rows, n_columns).
        learnt: The parts, of any revision.
        schema: Today's; says which columns are delivered.

    Returns:
        Mask of shape (n_rows,).

    Raises:
        NotComparableError: A part has no column in common with the rows to know them by.
    """
    unseen = np.ones(len(rows), dtype=bool)
    for part in learnt:
        names = _key_columns(rows, part, schema)
        unseen &= ~hash_rows(rows, names).isin(hash_rows(part, names)).to_numpy()
    return unseen


def _key_columns(rows: pd.DataFrame, part: pd.DataFrame, schema: Schema) -> list[str]:
    for names in (schema.with_role("id"), schema.own_columns()):
        # The same value looks otherwise in another type.
        both = [name for name in names if name in part and part[name].dtype == rows[name].dtype]
        if both:
            return both
    raise NotComparableError(
        "no delivered column of today's rows is in its rows with the same type, so the rows that "
        "it learnt from can't be known again"
    )
