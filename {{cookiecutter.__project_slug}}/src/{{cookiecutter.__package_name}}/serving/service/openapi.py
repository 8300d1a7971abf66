"""The OpenAPI description of /predict, with the columns' types, limits, units and an example."""

from typing import Any

from .refusals import MAX_FAULTS
from .scoring import CSV, JSON, PARQUET
from .state import KEY_HEADER
from .view import View

Json = dict[str, Any]
TYPES: dict[str, Json] = {
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "category": {"type": "string"},
    "datetime": {"type": "string"},
}
REFUSALS = {
    "400": "The body is no such JSON, CSV or Parquet.",
    "401": "The key is wrong or missing.",
    "408": "The body came too slowly.",
    "413": "Too many bytes or rows.",
    "415": "The body is of another type.",
    "503": "The rows take too long.",
}


def describe_api(api: Json, view: View) -> Json:
    """Add /predict to what FastAPI says of the other addresses.

    Args:
        api: An OpenAPI document.
        view: Of the model.
    """
    schemas = {
        "Row": describe_row(view),
        "Prediction": describe_prediction(view),
        "Fault": describe_fault(),
    }
    components = api.get("components", {})
    parts = {"schemas": components.get("schemas", {}) | schemas}
    paths = {"/predict": {"post": describe_predict(view)}} | api["paths"]
    return api | {"paths": paths, "components": components | parts}


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


def describe_predict(view: View) -> Json:
    """Describe the operation."""
    rows = {
        "type": "object",
        "required": ["rows"],
        "properties": {
            "rows": {"type": "array", "items": refer("Row")},
            "contributions": {"type": "boolean", "default": False},
        },
    }
    bodies = {
        JSON: {
            "schema": {"oneOf": [refer("Row"), rows]},
            "examples": {
                "one": {"value": view.example},
                "many": {"value": {"rows": [view.example], "contributions": True}},
            },
        },
        CSV: {"schema": {"type": "string"}},
        PARQUET: {"schema": {"type": "string", "format": "binary"}},
    }
    answer = {
        "type": "object",
        "properties": {
            "model": {"type": "string"},
            "version": {"type": "string"},
            "predictions": {"type": "array", "items": refer("Prediction")},
        },
    }
    faults = {
        "type": "object",
        "properties": {"detail": {"type": "array", "items": refer("Fault")}},
    }
    tables = {kind: {"schema": {"type": "string"}} for kind in (CSV, PARQUET)}
    return {
        "summary": "Predict one row or many",
        "description": view.goal["statement"],
        "security": [{}, {KEY_HEADER: []}],
        "parameters": [
            {"name": "contributions", "in": "query", "schema": {"type": "boolean"}},
        ],
        "requestBody": {"required": True, "content": bodies},
        "responses": {
            "200": {
                "description": "The predictions; a table comes back with them, and with `fault`.",
                "content": {JSON: {"schema": answer}} | tables,
            },
            "422": {
                "description": f"Broken rules, at most {MAX_FAULTS}.",
                "content": {JSON: {"schema": faults}},
            },
        }
        | {status: {"description": text} for status, text in REFUSALS.items()},
    }


def refer(name: str) -> Json:
    """Point to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}
