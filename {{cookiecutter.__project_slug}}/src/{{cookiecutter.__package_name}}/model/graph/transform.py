"""A fitted transform as plain JSON, which the serving graph takes over."""

from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from .levels import ENCODERS, tabulate
from .numbers import Json, NotCompilableError, Numbers
from .steps import compile_numeric


def compile_transform(transform: Any) -> Json:
    """Write a fitted transform as what it does to each of its input columns.

    Args:
        transform: A ColumnTransformer as of features/transform.py.

    Returns:
        `features`, the names of what it gives, and `inputs`: for each input its `column`, its
        `places` among the features, and either `fill`, `shift` and `scale` of a number, or for a
        category `levels`, `missing` and `unknown`: lists of places and the codes there, the
        others being 0. None stands for NaN. `not_compiled` is None, or why there are no inputs.
    """
    graph: Json = {"features": [*transform.get_feature_names_out()]}
    try:
        return graph | {"not_compiled": None, "inputs": _compile_inputs(transform)}
    except NotCompilableError as reason:
        return graph | {"not_compiled": str(reason), "inputs": None}


def _compile_inputs(transform: Any) -> list[Json]:
    if type(transform) is not ColumnTransformer or transform.transformer_weights:
        raise NotCompilableError(f"the transform {type(transform).__name__}")
    if transform.sparse_output_:
        raise NotCompilableError("a sparse transform")
    places = [*range(len(transform.get_feature_names_out()))]
    inputs: list[Json] = []
    for name, fitted, columns in transform.transformers_:
        if len(columns) and fitted != "drop":
            compile_step = _compile_categories if type(fitted) in ENCODERS else _compile_numbers
            inputs += compile_step(fitted, [*columns], places[transform.output_indices_[name]])
    return inputs


def _compile_numbers(fitted: Any, columns: list[str], places: list[int]) -> list[Json]:
    if len(columns) != len(places):
        raise NotCompilableError("a step that adds or drops columns")
    steps = [step for _, step in fitted.steps] if type(fitted) is Pipeline else [fitted]
    numbers = compile_numeric(steps, len(columns))
    return [
        {"column": column, "places": [place]} | {key: numbers[key][i] for key in numbers}
        for i, (column, place) in enumerate(zip(columns, places, strict=True))
    ]


def _compile_categories(fitted: Any, columns: list[str], places: list[int]) -> list[Json]:
    inputs = []
    for i, column in enumerate(columns):
        levels, missing, unknown, own = tabulate(fitted, columns, i, len(places))
        # Most rare levels are coded as unknown ones are.
        pairs = {
            level: _pair(places[own], codes) for level, codes in levels.items() if codes != unknown
        }
        missing_pairs, unknown_pairs = _pair(places[own], missing), _pair(places[own], unknown)
        inputs.append(
            {"column": column, "places": places[own]}
            | {"levels": pairs, "missing": missing_pairs, "unknown": unknown_pairs}
        )
    return inputs


def _pair(places: list[int], codes: Numbers) -> list[list[Any]]:
    pairs = zip(places, codes, strict=True)
    return [[place, code] for place, code in pairs if code != 0]
