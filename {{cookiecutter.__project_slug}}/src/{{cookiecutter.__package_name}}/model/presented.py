"""What a service says of the model to those who ask it, as JSON that needs no other file."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..common.numbers import show_limit
from ..common.settings import Goal, Positive
from ..schema import Column, Schema

Json = dict[str, Any]


def present_model(
    goal: Goal, schema: Schema, profile: Mapping[str, Any], rows: pd.DataFrame
) -> Json:
    """Say what the model is for and what it needs to be told.

    Args:
        goal: Of params.yaml.
        schema: The contract of its rows.
        profile: As of model/profile.py.
        rows: Clean rows, as prepare writes them.

    Returns:
        `goal`, `columns`, `levels` and `example`, as serving/service/view.py explains them, and
        `schema`: every column, of which the prediction log keeps some.
    """
    target = schema.columns[goal.target]
    words = {
        "statement": goal.statement,
        "owner": goal.owner,
        "target": goal.target,
        "unit": target.unit,
        "positive": describe_positive(goal.positive, goal.target, target),
    }
    return {
        "goal": words,
        "columns": describe_columns(schema, schema.with_role("feature", "time")),
        "schema": describe_columns(schema, [*schema.columns]),
        "levels": find_levels(profile),
        "example": choose_example(rows, schema),
    }


def describe_columns(schema: Schema, names: list[str]) -> list[Json]:
    """Give what schema.yaml says of columns, each with its `name`."""
    return [{"name": name} | schema.columns[name].model_dump(exclude={"source"}) for name in names]


def find_levels(profile: Mapping[str, Any]) -> dict[str, list[str]]:
    """Name the levels of each category that the training part had, the most frequent first.

    Args:
        profile: As of model/profile.py, which has a hundred of them at most.
    """
    columns = profile["columns"].items()
    return {name: [*column["counts"]] for name, column in columns if column["kind"] == "category"}


def choose_example(rows: pd.DataFrame, schema: Schema) -> Json:
    """Choose the first of the rows with the fewest gaps, as JSON that shows no one.

    Args:
        rows: Clean rows, as prepare writes them.
        schema: Their contract.
    """
    known = schema.with_role("feature", "time")
    place = int(rows[known].isna().sum(axis=1).to_numpy().argmin())
    return present_rows(rows, schema, [place])[0]


def choose_rows(rows: pd.DataFrame, schema: Schema, n: int) -> list[Json]:
    """Choose n rows, or all if there are fewer, spread evenly, as JSON that shows no one."""
    places = np.linspace(0, len(rows) - 1, min(n, len(rows))).astype(int)
    return present_rows(rows, schema, places.tolist())


def present_rows(rows: pd.DataFrame, schema: Schema, places: list[int]) -> list[Json]:
    """Give rows as JSON, with one value of all rows for what must not be shown.

    That is the most frequent one in a sensitive column; where schema.yaml says `log: hash` or
    `log: omit` of another one, it is null if the column may have gaps.

    Args:
        rows: Clean rows, as prepare writes them.
        schema: Their contract.
        places: Of the rows, from 0.
    """
    chosen = rows[schema.with_role("feature", "time")].iloc[places].copy()
    for name in chosen:
        column = schema.columns[name]
        if column.log != "keep" or column.sensitive:
            found = rows[name].mode()
            shown = len(found) and (column.sensitive or column.missing != "keep")
            chosen[name] = found.iloc[0] if shown else None
    return [
        {name: _to_json(value, schema.columns[name]) for name, value in row.items()}
        for row in chosen.to_dict("records")
    ]


def describe_positive(positive: Positive | None, target: str, column: Column) -> str | None:
    """Say in words what counts as yes in a binary task, of which `column` is the target."""
    if positive is None:
        return None
    if positive.above is None:
        return f"{target} is {positive.equals}"
    if column.type == "boolean":
        return f"{target} is true"
    return f"{target} above {show_limit(positive.above)}" + (
        f" {column.unit}" if column.unit else ""
    )


def _to_json(value: Any, column: Column) -> Any:
    if pd.isna(value):
        return None
    if column.type == "datetime":
        return value.strftime(column.format) if column.format else value.isoformat()
    kinds = {"integer": int, "boolean": bool, "number": float, "category": str}
    return kinds[column.type](value)
