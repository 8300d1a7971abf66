"""The serving graph: contract, transform and model as plain JSON, which scores single rows.

What can't be written so is refused with a reason; then rows are served by the slower bundle.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from ..data.moments import is_readable
from ..data.rules import describe_rules
from ..schema import Schema
from .bundle import Bundle
from .graph_levels import ENCODERS, tabulate
from .graph_steps import Json, NotCompilableError, Numbers, compile_linear, compile_numeric
from .manifest import MODEL
from .trained import TEXT, TrainedModel


def compile_graph(bundle: Bundle, decision: Mapping[str, Any] | None) -> Json:
    """Write what scores rows as JSON.

    Args:
        bundle: The contract, the fitted transform and the model.
        decision: In a binary task, the `decision` of reports/details.json.

    Returns:
        The graph; its `not_compiled` is None, or the reason why it has no `inputs` and `model`.
    """
    schema, model = bundle.schema, bundle.model
    known = schema.with_role("feature", "time")
    graph: Json = asdict(model.description) | {
        "threshold": decision["threshold"] if decision else None,
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
        inputs = compile_transform(bundle.transform, model.description.features)
        return graph | {"inputs": inputs, "model": _compile_model(model)}
    except NotCompilableError as reason:
        return graph | {"not_compiled": str(reason), "inputs": None, "model": None}


def compile_transform(transform: Any, features: list[str]) -> list[Json]:
    """Write a fitted transform as what it does to each of its input columns.

    Args:
        transform: A ColumnTransformer as of features/transform.py.
        features: The columns that the model was trained on, in their order.

    Returns:
        For each input its `column`, its `places` among the features, and either `fill`, `shift`
        and `scale` of a number, or for a category `levels`, `missing` and `unknown`: lists of
        places and the codes there, the others being 0. None stands for NaN.

    Raises:
        NotCompilableError: The transform is of another kind.
    """
    if type(transform) is not ColumnTransformer or transform.transformer_weights:
        raise NotCompilableError(f"the transform {type(transform).__name__}")
    names = [*transform.get_feature_names_out()]
    if transform.sparse_output_ or not {*features} <= {*names}:
        raise NotCompilableError("a sparse transform")
    places = [features.index(name) if name in features else None for name in names]
    inputs: list[Json] = []
    for name, fitted, columns in transform.transformers_:
        if len(columns) and fitted != "drop":
            compile_step = _compile_categories if type(fitted) in ENCODERS else _compile_numbers
            inputs += compile_step(fitted, [*columns], places[transform.output_indices_[name]])
    return inputs


def _compile_numbers(fitted: Any, columns: list[str], places: list[int | None]) -> list[Json]:
    if len(columns) != len(places):
        raise NotCompilableError("a step that adds or drops columns")
    steps = [step for _, step in fitted.steps] if type(fitted) is Pipeline else [fitted]
    numbers = compile_numeric(steps, len(columns))
    return [
        {"column": column, "places": [place]} | {key: numbers[key][i] for key in numbers}
        for i, (column, place) in enumerate(zip(columns, places, strict=True))
        if place is not None
    ]


def _compile_categories(fitted: Any, columns: list[str], places: list[int | None]) -> list[Json]:
    inputs = []
    for i, column in enumerate(columns):
        levels, missing, unknown, own = tabulate(fitted, columns, i, len(places))
        # Most rare levels are coded as unknown ones are.
        pairs = {
            level: _pair(places[own], codes) for level, codes in levels.items() if codes != unknown
        }
        missing_pairs, unknown_pairs = _pair(places[own], missing), _pair(places[own], unknown)
        inputs.append(
            {"column": column, "places": [place for place in places[own] if place is not None]}
            | {"levels": pairs, "missing": missing_pairs, "unknown": unknown_pairs}
        )
    return inputs


def _pair(places: list[int | None], codes: Numbers) -> list[list[Any]]:
    pairs = zip(places, codes, strict=True)
    return [[place, code] for place, code in pairs if place is not None and code != 0]


def _compile_model(model: TrainedModel) -> Json:
    if hasattr(model.estimator, "feature_importance"):
        return {"kind": "lightgbm", "file": f"{MODEL}/{TEXT}"}
    return compile_linear(model.estimator)


def _check_formats(schema: Schema, names: list[str]) -> None:
    for name in names:
        form = schema.columns[name].format
        if form and not is_readable(form):
            raise NotCompilableError(f"the format {form!r} of {name!r} in schema.yaml")
