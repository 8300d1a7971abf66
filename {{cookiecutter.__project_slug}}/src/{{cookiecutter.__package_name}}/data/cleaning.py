"""Raw rows become clean rows, and each row that does not is accounted for."""

from typing import NamedTuple

import pandas as pd

from ..errors import DataError
from ..io import TARGET
from ..schema import Schema
from ..settings import Goal, Positive
from .contract import apply_contract
from .sources import FILE, ROW

SHOWN_ROWS = 3


class Cleaned(NamedTuple):
    """What became of the rows: in = kept + quarantined + duplicates."""

    kept: pd.DataFrame
    quarantined: pd.DataFrame
    duplicates: int


def clean(rows: pd.DataFrame, schema: Schema) -> Cleaned:
    """Sort rows into kept, quarantined and duplicates.

    A row is a duplicate when all its columns, or its id if there is one, come again in a later
    row; the last one counts, so a delivery can correct an earlier one.

    Args:
        rows: DataFrame from `read_sources`.
        schema: The contract.

    Returns:
        The kept rows, coerced, without file and row; the quarantined rows as they came, with the
        columns `column`, `rule`, `value`, `_file` and `_row`; the number of duplicates.
    """
    ids = schema.with_role("id")
    repeated = rows.duplicated(ids or [*schema.columns], keep="last")
    unique = rows[~repeated | rows[ids].isna().any(axis=1)]
    coerced, faults = apply_contract(unique, schema)
    faulty = faults["column"] != ""
    quarantined = faults[faulty].join(unique[faulty])
    return Cleaned(
        coerced[~faulty].reset_index(drop=True),
        quarantined.reset_index(drop=True),
        len(rows) - len(unique),
    )


def check_quarantined_share(cleaned: Cleaned, limit: float) -> None:
    """Stop when too many rows broke the contract.

    Raises:
        DataError: The quarantined share of the unique rows is above the limit; names the most
            broken rule, with the first rows that broke it.
    """
    quarantined = cleaned.quarantined
    share = len(quarantined) / max(len(quarantined) + len(cleaned.kept), 1)
    if share <= limit:
        return
    column, rule = quarantined[["column", "rule"]].value_counts().index[0]
    worst = quarantined[(quarantined["column"] == column) & (quarantined["rule"] == rule)]
    examples = [
        f"row {row[ROW]} of {row[FILE]} has {row['value']!r}"
        for _, row in worst.head(SHOWN_ROWS).iterrows()
    ]
    raise DataError(
        f"{len(quarantined)} rows ({share:.1%}) break schema.yaml, above "
        f"prepare.max_quarantined_share of {limit:.1%}. Most often ({len(worst)} rows): {column} "
        f"{rule}; {', '.join(examples)}. Mend the delivery, the rule in schema.yaml, or the limit"
    )


def add_target(rows: pd.DataFrame, goal: Goal, schema: Schema) -> pd.DataFrame:
    """Derive the target and drop what is known only later.

    Args:
        rows: Kept rows.
        goal: Says what the target is.
        schema: Says which columns are not known at prediction time.

    Returns:
        DataFrame with the columns of the roles feature, time, group and id, and `target`: 0 or 1
        for a binary task, text for a multi-class one, a number for a regression.

    Raises:
        DataError: The target's type does not fit the task.
    """
    values = rows[goal.target]
    numeric = pd.api.types.is_float_dtype(values)
    if goal.positive is not None:
        target = _is_positive(values, goal.positive, numeric)
    elif (goal.task == "regression") != numeric:
        wanted = "number" if goal.task == "regression" else "category"
        raise DataError(
            f"schema.yaml: columns.{goal.target}.type must be {wanted} for a {goal.task} task"
        )
    else:
        target = values
    known = schema.with_role("feature", "time", "group", "id")
    return rows[known].assign(**{TARGET: target})


def _is_positive(values: pd.Series, positive: Positive, numeric: bool) -> pd.Series:
    if (positive.above is not None) != numeric:
        raise DataError(
            "params.yaml: goal.positive must be `above` for a number and `equals` for a category"
        )
    if positive.above is not None:
        return (values > positive.above).astype("int64")
    if not (values == positive.equals).any():
        raise DataError(
            f"params.yaml: goal.positive.equals is {positive.equals!r}, which no row has; found: "
            f"{', '.join(sorted(values.unique())[:10])}"
        )
    return (values == positive.equals).astype("int64")
