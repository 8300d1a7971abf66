"""Raw rows become clean rows, and each row that does not is accounted for."""

from typing import NamedTuple

import pandas as pd

from ..common.errors import DataError
from ..common.io import TARGET
from ..common.settings import Goal
from ..schema import Schema
from .contract import apply_contract
from .sources import FILE, REST, ROW

SHOWN_ROWS = 3


class Cleaned(NamedTuple):
    """What became of the rows: in = kept + quarantined + duplicates."""

    kept: pd.DataFrame
    quarantined: pd.DataFrame
    duplicates: int


def clean(rows: pd.DataFrame, schema: Schema) -> Cleaned:
    """Sort rows into kept, quarantined and duplicates.

    A row is a duplicate when its id comes again in a later row, or, if no column has the role id,
    when all that was delivered of it comes again: what schema.yaml declares with the same meaning,
    the rest as the same text. The last one counts, so a delivery can correct an earlier one.

    Args:
        rows: DataFrame from `read_sources`.
        schema: The contract.

    Returns:
        The kept rows, coerced, without file and row; the quarantined rows as they came, with the
        columns `_column`, `_rule`, `_value`, `_file` and `_row`; the number of duplicates.
    """
    coerced, faults = apply_contract(rows, schema)
    repeated = _find_repeated(rows, coerced, faults, schema)
    faulty = (faults["column"] != "") & ~repeated
    quarantined = faults[faulty].add_prefix("_").join(rows[faulty].drop(columns=REST))
    return Cleaned(
        coerced[~faulty & ~repeated].reset_index(drop=True),
        quarantined.reset_index(drop=True),
        int(repeated.sum()),
    )


def _find_repeated(
    rows: pd.DataFrame, coerced: pd.DataFrame, faults: pd.DataFrame, schema: Schema
) -> pd.Series:
    for name in schema.with_role("id"):
        return coerced[name].duplicated(keep="last") & coerced[name].notna()
    # What can't be read is missing in the coerced rows; the fault holds its text.
    return pd.concat([coerced, faults.add_prefix("_"), rows[REST]], axis=1).duplicated(keep="last")


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
    column, rule = quarantined[["_column", "_rule"]].value_counts().index[0]
    worst = quarantined[(quarantined["_column"] == column) & (quarantined["_rule"] == rule)]
    examples = [
        f"row {row[ROW]} of {row[FILE]} has {row['_value']!r}"
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
        DataError: No row has the label that counts as positive.
    """
    values, positive = rows[goal.target], goal.positive
    target = derive_target(values, goal)
    if positive is not None and positive.equals is not None and not target.any():
        raise DataError(
            f"params.yaml: goal.positive.equals is {positive.equals!r}, which no row has; "
            f"found: {', '.join(sorted(values.unique())[:10])}"
        )
    known = schema.kept_columns()
    return rows[known].assign(**{TARGET: target})


def derive_target(values: pd.Series, goal: Goal) -> pd.Series:
    """Derive the target from the values of its column, none missing: 0 or 1 for a binary task."""
    if goal.positive is None:
        return values
    if goal.positive.above is not None:
        return (values > goal.positive.above).astype("int64")
    return (values == goal.positive.equals).astype("int64")
