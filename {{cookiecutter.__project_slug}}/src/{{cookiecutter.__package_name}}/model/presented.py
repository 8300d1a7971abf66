"""What a service says of the model to those who ask it, as JSON that needs no other file."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..schema import Column, Schema
from ..settings import Goal, Positive

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
    """Choose the first of the rows with the fewest gaps, as JSON.

    A sensitive column gets its most frequent value, so that no one is shown.

    Args:
        rows: Clean rows, as prepare writes them.
        schema: Their contract.
    """
    known = schema.with_role("feature", "time")
    example = rows[known].loc[rows[known].isna().sum(axis=1).idxmin()]
    for name in {*known} & {*schema.sensitive()}:
        found = rows[name].mode()
        example[name] = found.iloc[0] if len(found) else None
    return {name: _to_json(example[name], schema.columns[name]) for name in known}


def describe_positive(positive: Positive | None, target: str, column: Column) -> str | None:
    """Say in words what counts as yes in a binary task, of which `column` is the target."""
    if positive is None:
        return None
    if positive.above is None:
        return f"{target} is {positive.equals}"
    if column.type == "boolean":
        return f"{target} is true"
    return f"{target} above {positive.above:g}" + (f" {column.unit}" if column.unit else "")


def _to_json(value: Any, column: Column) -> Any:
    if pd.isna(value):
        return None
    if column.type == "datetime":
        return value.strftime(column.format) if column.format else value.isoformat()
    kinds = {"integer": int, "boolean": bool, "number": float, "category": str}
    return kinds[column.type](value)
