"""The OpenAPI schemas of rows, predictions and broken rules."""

from typing import Any

from .view import View

Json = dict[str, Any]
TYPES: dict[str, Json] = {
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "category": {"type": "string"},
    "datetime": {"type": "string"},
}


def describe_row(view: View) -> Json:
    """Describe a row."""
    columns = view.columns
    return {
        "type": "object",
        "required": [column["name"] for column in columns],
        "properties": {column["name"]: describe_column(column, view) for column in columns},
        "example": view.example,
    }


def describe_column(column: Json, view: View) -> Json:
    """Describe a value of a column: null where it may be missing."""
    kind = TYPES[column["type"]]
    optional = column["missing"] == "keep"
    texts = [column["description"], column["unit"] and f"in {column['unit']}"]
    if column["type"] == "datetime":
        texts.append(
            f"as {column['format']}" if column["format"] else "ISO 8601, in UTC if no zone"
        )
    limits = {"minimum": column["min"], "maximum": column["max"]}
    levels = column["levels"]
    said = {
        "type": [kind["type"], "null"] if optional else kind["type"],
        "description": ", ".join(filter(None, texts)) or None,
        "enum": levels and [*levels, *([None] if optional else [])],
        "x-unit": column["unit"],
        "x-most-frequent": view.levels.get(column["name"]) if not levels else None,
        "examples": [view.example[column["name"]]],
    }
    return {key: value for key, value in (said | limits).items() if value is not None}


def describe_prediction(view: View) -> Json:
    """Describe what is said of a row."""
    number = {"type": "number"}
    unit, positive = view.goal["unit"], view.goal["positive"]
    by_task: dict[str, Json] = {
        "binary": {
            "prediction": {
                "type": ["boolean", "null"],
                "description": f"{positive}: whether its probability reaches {view.threshold}",
            },
            "probability": number | {"description": f"of {positive}"},
        },
        "multiclass": {
            "prediction": {"type": "string", "enum": view.classes},
            "probabilities": {"type": "object", "additionalProperties": number},
        },
        "regression": {"prediction": number | ({"description": f"in {unit}"} if unit else {})},
    }
    found = by_task[view.task]
    contribution = {
        "type": "object",
        "properties": {"feature": {"type": "string"}, "value": number},
    }
    asked = {
        "contributions": {
            "type": ["array", "null"],
            "items": contribution,
            "description": "If asked for: what moved the raw score most, the first most.",
        },
        "base": number | {"description": "The raw score without any contribution."},
    }
    return {"type": "object", "required": [*found], "properties": found | asked}


def describe_fault() -> Json:
    """Describe a broken rule."""
    texts = {name: {"type": ["string", "null"]} for name in ("column", "value", "rule")}
    return {"type": "object", "properties": {"row": {"type": ["integer", "null"]}} | texts}
