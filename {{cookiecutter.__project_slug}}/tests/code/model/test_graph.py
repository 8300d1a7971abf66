"""The serving graph holds what it can, and names what it can't."""

import numpy as np
import pandas as pd
import pytest
from odd_rows import SCHEMA, add_features, fit_bundle
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.graph.compile import compile_graph
from {{ cookiecutter.__package_name }}.model.graph.numbers import NotCompilableError
from {{ cookiecutter.__package_name }}.model.graph.steps import compile_linear
from {{ cookiecutter.__package_name }}.model.graph.transform import compile_transform
from {{ cookiecutter.__package_name }}.schema import Schema

ROWS = pd.DataFrame(
    {
        "amount": [1.0, np.nan, 3.0, 8.0],
        "colour": pd.Series(["red", "blue", "red", None], dtype=object),
    }
)


def compile_steps(numeric, encoder=None, rows=ROWS):
    steps = [("numeric", numeric, ["amount"])]
    steps += [("categorical", encoder, ["colour"])] if encoder else []
    fitted = ColumnTransformer(steps, verbose_feature_names_out=False).fit(rows, [0, 1, 0, 1])
    return compile_inputs(fitted)


def compile_inputs(fitted):
    """Give the inputs, or the reason why there are none."""
    compiled = compile_transform(fitted)
    return compiled["not_compiled"] or compiled["inputs"]


def test_graph_holds_numbers_and_codes():
    numeric = Pipeline([("impute", SimpleImputer()), ("scale", StandardScaler(with_std=False))])
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    assert compile_steps(numeric, encoder) == [
        {"column": "amount", "places": [0], "fill": 4.0, "shift": 4.0, "scale": 1.0},
        {
            "column": "colour",
            "places": [1, 2, 3],
            "levels": {"blue": [[1, 1.0]], "red": [[2, 1.0]]},
            "missing": [[3, 1.0]],
            "unknown": [],
        },
    ]


def test_levels_that_are_coded_as_unknown_ones_are_left_out():
    colours = ["red", "red", None, None, "blue", "green"]
    rows = pd.DataFrame({"colour": pd.Series(colours, dtype=object)})
    encoder = OneHotEncoder(min_frequency=2, handle_unknown="infrequent_if_exist")
    steps = [("categorical", encoder.set_params(sparse_output=False), ["colour"])]
    fitted = ColumnTransformer(steps).fit(rows)
    (entry,) = compile_inputs(fitted)
    assert entry["levels"] == {"red": [[0, 1.0]]}
    assert (entry["missing"], entry["unknown"]) == ([[1, 1.0]], [[2, 1.0]])


def test_many_levels_are_tabulated():
    labels = [f"c{number}" for number in range(2500)]
    rows = pd.DataFrame({"colour": pd.Series(labels, dtype=object)})
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    fitted = ColumnTransformer([("categorical", encoder, ["colour"])]).fit(rows)
    (entry,) = compile_inputs(fitted)
    codes = {level: pairs[0][1] if pairs else 0.0 for level, pairs in entry["levels"].items()}
    assert codes == {level: float(place) for place, level in enumerate(sorted(labels))}
    assert entry["unknown"] == [[0, -1.0]]


@pytest.mark.parametrize(
    ("numeric", "encoder", "said"),
    [
        (MinMaxScaler(), None, "the step MinMaxScaler"),
        (SimpleImputer(add_indicator=True), None, "the step SimpleImputer"),
        (SimpleImputer(missing_values=-1), None, "the step SimpleImputer"),
        (
            Pipeline([("scale", StandardScaler()), ("impute", SimpleImputer())]),
            None,
            "the step SimpleImputer after another imputer or scaler",
        ),
        (
            Pipeline([("one", StandardScaler(with_mean=False)), ("two", RobustScaler())]),
            None,
            "the step RobustScaler after another imputer or scaler",
        ),
        ("passthrough", OneHotEncoder(drop="first", sparse_output=False), "that drops levels"),
        ("passthrough", OneHotEncoder(sparse_output=False), "that refuses unknown levels"),
    ],
)
def test_step_of_another_kind_is_named(numeric, encoder, said):
    rows = ROWS.assign(amount=[1.0, 2.0, 3.0, 8.0])
    assert said in compile_steps(numeric, encoder, rows)


@pytest.mark.filterwarnings("ignore:Skipping features without any observed values")
def test_step_that_drops_a_column_is_refused():
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    said = compile_steps(SimpleImputer(), encoder, ROWS.assign(amount=np.nan))
    assert said == "a step that adds or drops columns"


def encode_sparsely(threshold):
    steps = [("categorical", OneHotEncoder(handle_unknown="ignore"), ["colour"])]
    fitted = ColumnTransformer(steps, sparse_threshold=threshold).fit(ROWS)
    return compile_inputs(fitted)


def test_sparse_codes_are_compiled_where_the_transform_is_dense():
    assert encode_sparsely(threshold=0.3)[0]["levels"]["red"] == [[1, 1.0]]
    assert encode_sparsely(threshold=1.0) == "a sparse transform"


def test_levels_that_are_no_texts_are_not_compiled():
    rows = ROWS.assign(colour=pd.Series([1, 2, 1, 2], dtype=object))
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    said = compile_steps("passthrough", encoder, rows)
    assert said == "the category 'colour', whose levels are no texts"


def test_estimator_of_another_kind_is_named():
    X, y = [[1.0], [2.0]], [0, 1]
    with pytest.raises(NotCompilableError, match="the estimator DummyClassifier"):
        compile_linear(DummyClassifier().fit(X, y))
    assert compile_linear(LogisticRegression().fit(X, y))["link"] == "logistic"


@pytest.fixture
def compile_model(tmp_path, monkeypatch):
    """A function that compiles a small model with another schema or transform."""
    monkeypatch.setattr(transform, "add_features", add_features)
    bundle = fit_bundle(tmp_path, "binary")
    compiled = compile_transform(bundle.transform)

    def compile_with(schema=SCHEMA, **changes):
        folder, description = tmp_path / "estimator", bundle.model.description
        return compile_graph(schema, compiled | changes, folder, description, 0.5)

    return compile_with


def test_graph_names_a_format_that_can_not_be_compiled(compile_model):
    day = SCHEMA.columns["day"].model_copy(update={"format": "%Y %j"})
    graph = compile_model(Schema.model_construct(columns=SCHEMA.columns | {"day": day}))
    assert graph["not_compiled"] == "the format '%Y %j' of 'day' in schema.yaml"
    assert graph["inputs"] is graph["model"] is None


def test_graph_names_what_is_wrong_with_the_transform(compile_model):
    assert compile_model()["not_compiled"] is None
    assert compile_model(not_compiled="a step")["not_compiled"] == "a step"
    said = compile_model(features=["amount"])["not_compiled"]
    assert said == "a model that was trained on a choice of the features"
