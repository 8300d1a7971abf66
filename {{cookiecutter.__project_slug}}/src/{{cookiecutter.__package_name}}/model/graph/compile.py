"""The serving graph: contract, transform and model as plain JSON, which scores single rows.

What can't be written so is refused with a reason; then rows are served by the slower bundle.
"""

from dataclasses import asdict
from pathlib import Path

from ...data.moments import is_readable
from ...data.rules import describe_rules
from ...schema import Schema
from ..manifest import MODEL
from ..trained import SKOPS, TEXT, Description
from .numbers import Json, NotCompilableError


def compile_graph(
    schema: Schema, transform: Json, model: Path, description: Description, threshold: float | None
) -> Json:
    """Write what scores rows as JSON.

    Args:
        schema: The contract.
        transform: The fitted transform as of model/graph/transform.py.
        model: Folder of the model.
        description: Of the model.
        threshold: In a binary task, the probability from which the decision is yes.

    Returns:
        The graph; its `not_compiled` is None, or the reason why it has no `inputs` and `model`.
    """
    known = schema.with_role("feature", "time")
    graph: Json = asdict(description) | {
        "threshold": threshold,
        "not_compiled": None,
        "taken": [*schema.columns],
        "columns": [
            schema.columns[name].model_dump(include={"type", "role", "format", "min", "max"})
            | {"name": name, "levels": schema.columns[name].levels}
            | {"rules": describe_rules(schema.columns[name])}
            for name in known
        ],
    }
    try:
        _check_formats(schema, known)
        if transform["not_compiled"]:
            raise NotCompilableError(transform["not_compiled"])
        if transform["features"] != description.features:
            raise NotCompilableError("a model that was trained on a choice of the features")
        return graph | {"inputs": transform["inputs"], "model": _compile_model(model)}
    except NotCompilableError as reason:
        return graph | {"not_compiled": str(reason), "inputs": None, "model": None}


def _compile_model(folder: Path) -> Json:
    if (folder / TEXT).exists():
        return {"kind": "lightgbm", "file": f"{MODEL}/{TEXT}"}
    from ..skops_file import load
    from .steps import compile_linear

    return compile_linear(load(folder / SKOPS))


def _check_formats(schema: Schema, names: list[str]) -> None:
    for name in names:
        form = schema.columns[name].format
        if form and not is_readable(form):
            raise NotCompilableError(f"the format {form!r} of {name!r} in schema.yaml")
