"""What changed in the data between two states of the project."""

from typing import Any, Literal, TypedDict

import pandas as pd

from ...schema import Schema
from .shift import compare_categories, compare_numbers, compare_shares

Kind = Literal["number", "category", "other"]
# Integers are numbers, too: a column that is declared more strictly can still be compared.
KINDS: dict[str, Kind] = {
    "number": "number",
    "integer": "number",
    "boolean": "number",
    "category": "category",
    "datetime": "other",
}
MAX_NAMED = 20


class ColumnDiff(TypedDict):
    """What changed in a column; numbers are None where a side has no values to compare."""

    column: str
    kind: Kind
    missing: dict[str, float | None]
    stability_index: float | None
    test: str
    statistic: float | None
    p_value: float | None
    new: list[str]
    vanished: list[str]


def diff_data(
    base: pd.DataFrame, now: pd.DataFrame, schema_base: Schema, schema_now: Schema
) -> dict[str, Any]:
    """Compare the rows of two states of the project.

    Columns of moments are not tested, as they always move; nor are those that hold numbers on one
    side and text on the other, which `retyped` names.

    Args:
        base: Clean rows of the earlier state, as of the prepare stage.
        now: Clean rows of the later state.
        schema_base: The contract of the earlier state.
        schema_now: The contract of the later state.

    Returns:
        "rows" on both sides; columns "added", "removed" and "retyped"; "columns" that both have,
        those that moved most first, with at most 20 new and 20 vanished categories each.
    """
    both = [name for name in now if name in base]
    types = {name: _types_of(name, base, now, schema_base, schema_now) for name in both}
    kinds = {name: {KINDS[found] for found in types[name]} for name in both}
    columns = [
        _diff_column(name, base[name], now[name], kinds[name].pop())
        for name in both
        if len(kinds[name]) == 1 and "other" not in kinds[name]
    ]
    return {
        "rows": {"base": len(base), "now": len(now)},
        "added": [name for name in now if name not in base],
        "removed": [name for name in base if name not in now],
        "retyped": [
            {"column": name, "base": old, "now": new}
            for name, (old, new) in types.items()
            if old != new
        ],
        "columns": sorted(columns, key=lambda found: -(found["stability_index"] or 0.0)),
    }


def _types_of(
    name: str, base: pd.DataFrame, now: pd.DataFrame, schema_base: Schema, schema_now: Schema
) -> tuple[str, str]:
    return _type_of(name, base, schema_base), _type_of(name, now, schema_now)


def _type_of(name: str, rows: pd.DataFrame, schema: Schema) -> str:
    if name in schema.columns:
        return schema.columns[name].type
    # The derived target, which schema.yaml does not know.
    kind = rows[name].dtype.kind
    return "number" if kind in "fiub" else "datetime" if kind == "M" else "category"


def _diff_column(name: str, base: pd.Series, now: pd.Series, kind: Kind) -> ColumnDiff:
    if kind == "number":
        base, now = base.astype("float64"), now.astype("float64")
        tested, new, vanished = compare_numbers(base, now), [], []
    else:
        base, now = base.astype("str"), now.astype("str")
        tested = compare_categories(base, now)
        new, vanished = _name_missing(now, base), _name_missing(base, now)
    return {
        "column": name,
        "kind": kind,
        "missing": {
            side: _share_missing(values) for side, values in (("base", base), ("now", now))
        },
        "stability_index": compare_shares(base, now),
        "test": tested.test,
        "statistic": tested.statistic,
        "p_value": tested.p_value,
        "new": new,
        "vanished": vanished,
    }


def _name_missing(values: pd.Series, other: pd.Series) -> list[str]:
    """Name the categories that the other sample lacks, the most frequent first."""
    found = values[~values.isin(other.dropna().unique())].value_counts()
    return [str(name) for name in found.index[:MAX_NAMED]]


def _share_missing(values: pd.Series) -> float | None:
    return float(values.isna().mean()) if len(values) else None
