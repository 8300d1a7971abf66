"""Train, validation and test parts that no row ever leaves for another by chance."""

import numpy as np
import pandas as pd

from ..common.errors import DataError
from ..common.io import PARTS, TARGET
from ..common.settings import Split, Task
from ..schema import Schema


def split_rows(rows: pd.DataFrame, split: Split, schema: Schema) -> dict[str, pd.DataFrame]:
    """Divide rows into parts.

    By time, test is the newest share and validation the newest share of the rest; rows of one
    moment stay together. Otherwise a hash of the group, the id or the row decides, so a row stays
    on its side however many rows are added. Columns with a `source` don't count for the row: a
    look-up that is completed later moves no row.

    Args:
        rows: DataFrame of shape (n_rows, n_columns).
        split: By what, and the shares of test (of all) and validation (of the rest).
        schema: Says which column has the role.

    Returns:
        The rows of "train", "validation" and "test", in their order.

    Raises:
        DataError: A part has no rows.
    """
    if split.by == "time":
        is_test = _newest(rows[schema.with_role("time")[0]], split.test)
        rest = rows.loc[~is_test, schema.with_role("time")[0]]
        is_validation = _newest(rest, split.validation).reindex(rows.index, fill_value=False)
    else:
        place = _hash(rows, split, schema)
        is_test = place < split.test
        is_validation = ~is_test & (place < split.test + (1 - split.test) * split.validation)
    masks = (~is_test & ~is_validation, is_validation, is_test)
    parts = {
        part: rows[mask].reset_index(drop=True) for part, mask in zip(PARTS, masks, strict=True)
    }
    for part, members in parts.items():
        if members.empty:
            raise DataError(
                f"the {part} part has no rows: {len(rows)} rows split by {split.by}; deliver more "
                "rows or change prepare.split in params.yaml"
            )
    return parts


def _newest(moments: pd.Series, share: float) -> pd.Series:
    if moments.empty:
        return moments.astype(bool)
    return moments >= moments.quantile(1 - share, interpolation="higher")


def _hash(rows: pd.DataFrame, split: Split, schema: Schema) -> pd.Series:
    """Map each row to a number in [0, 1) that depends on its key alone."""
    hashes = hash_rows(rows, schema.with_role(split.by) or schema.own_columns())
    return hashes.astype("float64") / float(np.iinfo(np.uint64).max)


def hash_rows(rows: pd.DataFrame, names: list[str]) -> pd.Series:
    """Hash each row by the columns named, of shape (n_rows,), as unsigned 64-bit integers."""
    keys = pd.DataFrame({name: _as_key(rows[name]) for name in names})
    return pd.util.hash_pandas_object(keys, index=False)


def _as_key(values: pd.Series) -> pd.Series:
    # As text, a moment would look otherwise beside others that have a time of day.
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.astype("datetime64[us]").astype("int64")
    return values.astype("str")


def check_classes(parts: dict[str, pd.DataFrame], task: Task) -> None:
    """Check that each part can be learnt from and judged by.

    Raises:
        DataError: A part of a binary task has one value of the target only, or a part of a
            multi-class task has a class that the training part lacks, or that has only two.
    """
    trained = set(parts["train"][TARGET])
    if task == "multiclass" and len(trained) < 3:
        raise DataError(
            f"the training part has only {len(trained)} classes ({', '.join(sorted(trained))}); "
            "set goal.task in params.yaml to binary, or deliver rows of more classes"
        )
    for part, rows in parts.items():
        classes = set(rows[TARGET])
        if task == "binary" and len(classes) < 2:
            found = "positive" if classes == {1} else "negative"
            raise DataError(
                f"all {len(rows)} rows of the {part} part are {found}; change goal.positive or "
                "prepare.split in params.yaml, or deliver more rows"
            )
        if task == "multiclass" and (unknown := classes - trained):
            raise DataError(
                f"the {part} part has the classes {', '.join(sorted(unknown))}, of which the "
                "training part has no row; deliver more rows, merge rare classes, or change "
                "prepare.split in params.yaml"
            )
