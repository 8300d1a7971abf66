"""What changed in the prepared rows."""

from typing import Any

import pandas as pd

from ..schema import Schema


def diff_data(
    base: pd.DataFrame, now: pd.DataFrame, schema_base: Schema, schema_now: Schema
) -> dict[str, Any]:
    """Count rows and name the columns that are new or gone."""
    retyped = [
        {
            "column": name,
            "base": schema_base.columns[name].type,
            "now": schema_now.columns[name].type,
        }
        for name in now
        if name in schema_base.columns
        and name in schema_now.columns
        and schema_base.columns[name].type != schema_now.columns[name].type
    ]
    return {
        "rows": {"base": len(base), "now": len(now)},
        "added": [name for name in now if name not in base],
        "removed": [name for name in base if name not in now],
        "retyped": retyped,
        "columns": [],
    }
