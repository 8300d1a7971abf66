"""The transform learns from the training rows, and never fails on what it has not seen."""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.common.settings import Featurize
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.schema import Schema

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "amount": {"type": "number"},
            "colour": {"type": "category"},
            "day": {"type": "datetime", "role": "time"},
            "since": {"type": "datetime"},
            "client": {"type": "category", "role": "id"},
            "churned": {"type": "boolean", "role": "target"},
        }
    }
)
SETTINGS = {"impute": "none", "scale": "none", "encode": "one_hot", "min_category_rows": 1}


def make_rows(amount=(1.0, 2.0, np.nan, 6.0), colour=("red", "blue", "red", None)):
    amount = np.array(amount, dtype="float64")
    moments = pd.Series(["2020-01-01"] * len(amount), dtype="datetime64[us]")
    return pd.DataFrame(
        {
            "amount": amount,
            "colour": pd.Series(colour, dtype="str"),
            "day": moments,
            "since": moments,
            "client": "c",
        }
    )


@pytest.fixture(autouse=True)
def _no_own_features(monkeypatch):
    monkeypatch.setattr(transform, "add_features", lambda rows: {})


def fit(rows, y=(0, 0, 1, 1), **settings):
    """Fit on five copies of the rows, as the target encoding needs five of a class."""
    inputs = transform.extend_rows(pd.concat([rows] * 5, ignore_index=True), SCHEMA)
    target = pd.Series([*y] * 5)
    return transform.fit_transform(inputs, target, Featurize(**SETTINGS | settings))[0]


def apply(fitted, rows):
    return transform.transform_rows(fitted, transform.extend_rows(rows, SCHEMA))


def test_rows_are_extended_by_own_features(monkeypatch):
    def add_features(rows):
        assert set(rows) == {"amount", "colour", "day", "since"}
        return {
            "twice": rows["amount"] * 2,
            "ratio": rows["amount"] / (rows["amount"] - 2),
            "kind": np.where(rows["amount"] > 1, "much", "little"),
            "list": [1, 2, 3, 4],
        }

    monkeypatch.setattr(transform, "add_features", add_features)
    rows = transform.extend_rows(make_rows(), SCHEMA)
    assert list(rows) == ["amount", "colour", "since", "twice", "ratio", "kind", "list"]
    assert rows["twice"].tolist()[::3] == [2.0, 12.0]
    assert rows["ratio"].isna().tolist() == [False, True, True, False]
    assert transform.name_inputs(rows) == (
        ["amount", "twice", "ratio", "list"],
        ["colour", "kind"],
    )


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
def test_truth_values_beside_numbers_become_numbers(monkeypatch, encode):
    def add_features(rows):
        return {"much": rows["amount"] > 1, "half": np.float32([0.5] * len(rows["amount"]))}

    monkeypatch.setattr(transform, "add_features", add_features)
    features = apply(fit(make_rows(), encode=encode), make_rows())
    assert (features.dtypes == "float64").all()
    assert features["much"].tolist() == [0.0, 1.0, 0.0, 1.0]


def test_own_features_may_not_change_the_columns(monkeypatch):
    def add_features(rows):
        rows["amount"][0] = 7

    monkeypatch.setattr(transform, "add_features", add_features)
    with pytest.raises(ValueError, match="read-only"):
        transform.extend_rows(make_rows(), SCHEMA)


def test_missing_category_is_none():
    assert transform.extend_rows(make_rows(), SCHEMA)["colour"].tolist()[-1] is None


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"amount": np.zeros(4)}, "'amount' is taken; give the feature another name"),
        ({"day": np.zeros(4)}, "'day' is taken; give the feature another name"),
        ({"new": np.zeros(3)}, r"'new' must have one value for each of the 4 rows; .* \(3,\)"),
        ({"new": 1.0}, r"'new' must have one value for each of the 4 rows; it has the shape \(\)"),
    ],
)
def test_own_feature_is_refused_when_its_name_or_shape_is_wrong(monkeypatch, added, said):
    monkeypatch.setattr(transform, "add_features", lambda rows: added)
    with pytest.raises(DataError, match=said):
        transform.extend_rows(make_rows(), SCHEMA)


@pytest.mark.parametrize(
    ("impute", "scale", "expected"),
    [
        ("none", "none", [1.0, 2.0, np.nan, 6.0]),
        ("median", "none", [1.0, 2.0, 2.0, 6.0]),
        ("mean", "none", [1.0, 2.0, 3.0, 6.0]),
        ("none", "standard", [-0.9258, -0.4629, np.nan, 1.3887]),
        ("mean", "standard", [-1.0690, -0.5345, 0.0, 1.6036]),
        ("median", "robust", [-0.8, 0.0, 0.0, 3.2]),
    ],
)
def test_numbers_are_imputed_and_scaled(impute, scale, expected):
    rows = make_rows()
    features = apply(fit(rows, impute=impute, scale=scale), rows)
    assert features["amount"].tolist() == pytest.approx(expected, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(
    ("encode", "names", "red"),
    [
        ("one_hot", ["colour_blue", "colour_red", "colour_None"], [0.0, 1.0, 0.0]),
        ("ordinal", ["colour"], [1.0]),
        ("target", ["colour"], [0.5]),
    ],
)
def test_categories_are_encoded(encode, names, red):
    rows = make_rows()
    features = apply(fit(rows, encode=encode), rows)
    assert features.drop(columns="amount").columns.tolist() == names
    assert features[names].loc[0].tolist() == red
    assert (features.dtypes == "float64").all()


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
@pytest.mark.parametrize("min_category_rows", [1, 6, 30])
def test_unknown_and_missing_categories_are_taken(encode, min_category_rows):
    fitted = fit(make_rows(), encode=encode, min_category_rows=min_category_rows)
    features = apply(fitted, make_rows(colour=("green", None, "", "red")))
    assert len(features) == 4
    assert (features.dtypes == "float64").all()


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
def test_missing_category_is_taken_when_the_training_rows_have_none(encode):
    fitted = fit(make_rows(colour=("red", "blue", "red", "blue")), encode=encode)
    assert len(apply(fitted, make_rows(colour=(None, None, None, None)))) == 4


def test_rare_categories_are_taken_together():
    rows = make_rows(colour=("red", "red", "blue", "green"))
    features = apply(fit(rows, min_category_rows=6), rows)
    assert features["colour_infrequent_sklearn"].tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
def test_transform_does_not_depend_on_the_rows_it_is_applied_to(encode):
    fitted = fit(make_rows(), impute="mean", scale="standard", encode=encode)
    other = make_rows(amount=(100.0, 2.0, 0.0, np.nan), colour=("green", "blue", None, "red"))
    alone, together = apply(fitted, make_rows()), apply(fitted, pd.concat([make_rows(), other]))
    assert together.iloc[:4].equals(alone)


def test_target_encoding_of_a_number_is_one_column_when_all_are_whole():
    fitted = fit(make_rows(), y=[10.0, 20.0, 30.0, 20.0], encode="target")
    assert list(apply(fitted, make_rows())) == ["amount", "colour"]


def test_target_encoding_has_a_column_for_each_of_three_classes():
    fitted = fit(make_rows(), y=["a", "b", "c", "c"], encode="target")
    assert list(apply(fitted, make_rows())) == ["amount", "colour_a", "colour_b", "colour_c"]


@pytest.mark.parametrize("impute", ["median", "mean"])
def test_column_without_any_value_stays(impute):
    rows = make_rows(amount=[np.nan] * 4)
    assert apply(fit(rows, impute=impute), rows)["amount"].tolist() == [0.0] * 4


def test_own_feature_that_needs_an_unknown_column_is_named(monkeypatch):
    monkeypatch.setattr(transform, "add_features", lambda rows: {"x": rows["amuont"]})
    with pytest.raises(DataError, match=r"asks for 'amuont', but .*; did you mean 'amount'\?"):
        transform.extend_rows(make_rows(), SCHEMA)


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("target", "amount", "'target' is taken; give the feature another name"),
        ("age", "day", r"'age' has values of type datetime64\[us\]; make numbers of them, or text"),
    ],
)
def test_own_feature_that_the_model_cannot_use_is_refused(monkeypatch, name, column, said):
    monkeypatch.setattr(transform, "add_features", lambda rows: {name: rows[column]})
    with pytest.raises(DataError, match=said):
        transform.extend_rows(make_rows(), SCHEMA)


def test_category_that_gives_the_name_of_a_column_is_refused():
    rows = pd.DataFrame({"a": pd.Series(["b", "c"], dtype=object), "a_b": [1.0, 2.0]})
    with pytest.raises(DataError, match=r"rename a column or a category: .*a_b"):
        transform.fit_transform(rows, pd.Series([0, 1]), Featurize(**SETTINGS))


def test_target_encoding_does_not_tell_a_training_row_its_own_target():
    random = np.random.default_rng(0)
    labels = pd.Series([f"c{number}" for number in random.integers(500, size=1000)], dtype=object)
    y = pd.Series(random.integers(2, size=1000))
    settings = Featurize(**SETTINGS | {"encode": "target"})
    rows = pd.DataFrame({"colour": labels})
    fitted, learnt = transform.fit_transform(rows, y, settings)
    assert abs(learnt["colour"].corr(y)) < 0.1
    assert transform.transform_rows(fitted, rows)["colour"].corr(y) > 0.3
    assert learnt.equals(transform.fit_transform(rows, y, settings)[1])
