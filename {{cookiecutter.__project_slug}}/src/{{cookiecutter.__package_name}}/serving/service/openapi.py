"""The OpenAPI description of /predict, with the columns' types, limits, units and an example."""

from .refusals import MAX_FAULTS
from .schemas import Json, describe_fault, describe_prediction, describe_row
from .scoring import CSV, JSON, PARQUET
from .state import KEY_HEADER
from .view import View

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
