"""What changed in the data between two states of the project."""

import json

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.review.comparison.data_diff import diff_data
from {{ cookiecutter.__package_name }}.review.comparison.shift import (
    compare_categories,
    compare_numbers,
    pool_rare,
)
from {{ cookiecutter.__package_name }}.schema import Schema


def make_schema(**types) -> Schema:
    columns = {name: {"type": found} for name, found in types.items()}
    columns["sold"] = {"type": "boolean", "role": "target"}
    return Schema.model_validate({"columns": columns})


def diff(base, now, schema_base, schema_now=None):
    found = diff_data(base, now, schema_base, schema_now or schema_base)
    return json.loads(json.dumps(found, allow_nan=False))


@pytest.fixture
def numbers():
    return np.random.default_rng(1).normal(size=(2, 500))


def test_biggest_movers_come_first(numbers):
    base = pd.DataFrame({"still": numbers[0], "much": numbers[0], "little": numbers[0]})
    now = pd.DataFrame({"still": numbers[1], "much": numbers[1] + 2, "little": numbers[1] + 0.5})
    found = diff(base, now, make_schema(still="number", much="number", little="integer"))
    assert [column["column"] for column in found["columns"]] == ["much", "little", "still"]
    assert found["rows"] == {"base": 500, "now": 500}
    assert found["columns"][0]["test"] == "Kolmogorov-Smirnov"
    assert found["columns"][0]["p_value"] < 1e-9
    assert found["columns"][2]["p_value"] > 0.01


def test_columns_added_removed_and_retyped_are_named():
    base = pd.DataFrame({"a": [1.0, 2], "b": [1.0, 2], "c": [1.0, 2], "d": ["x", "y"]})
    now = pd.DataFrame({"b": [1.0, 2], "c": ["1", "2"], "e": [1.0, 2], "d": ["x", "y"]})
    old = make_schema(a="number", b="number", c="integer", d="category")
    new = make_schema(b="integer", c="category", e="number", d="category")
    found = diff(base, now, old, new)
    assert (found["added"], found["removed"]) == (["e"], ["a"])
    assert found["retyped"] == [
        {"column": "b", "base": "number", "now": "integer"},
        {"column": "c", "base": "integer", "now": "category"},
    ]
    assert {column["column"] for column in found["columns"]} == {"b", "d"}


def test_new_and_vanished_categories_are_named_by_frequency():
    base = pd.DataFrame({"shop": ["a"] * 50 + ["b"] * 50})
    now = pd.DataFrame({"shop": ["a"] * 50 + ["d"] * 20 + ["c"] * 30})
    column = diff(base, now, make_schema(shop="category"))["columns"][0]
    assert (column["new"], column["vanished"]) == (["c", "d"], ["b"])
    assert (column["kind"], column["test"]) == ("category", "chi-squared")
    assert column["p_value"] < 1e-9


def test_missing_shares_are_given_and_move_the_index():
    base = pd.DataFrame({"heat": [1.0, 2, 3, 4] * 50})
    now = base.mask(base["heat"] == 1)
    column = diff(base, now, make_schema(heat="number"))["columns"][0]
    assert column["missing"] == {"base": 0, "now": 0.25}
    assert column["stability_index"] > 1


def test_booleans_are_tested_as_categories():
    base = pd.DataFrame({"open": [1.0] * 90 + [0.0] * 10})
    now = pd.DataFrame({"open": [True] * 50 + [False] * 50})
    column = diff(base, now, make_schema(open="boolean"))["columns"][0]
    assert (column["kind"], column["test"]) == ("number", "chi-squared")
    assert column["p_value"] < 1e-6


def test_moments_are_left_out():
    rows = pd.DataFrame({"day": pd.to_datetime(["2024-01-01"]), "a": [1.0]})
    found = diff(rows, rows, make_schema(day="datetime", a="number"))
    assert [column["column"] for column in found["columns"]] == ["a"]


def test_derived_target_is_compared():
    base, now = (pd.DataFrame({"a": [1.0] * 4, "target": [0, 1, 1, label]}) for label in (0, 1))
    found = diff(base, now, make_schema(a="number"))
    assert [column["column"] for column in found["columns"]] == ["target", "a"]


def test_empty_and_missing_columns_have_no_test():
    base = pd.DataFrame({"a": [np.nan, np.nan], "b": [None, None], "c": [1.0, 2.0]})
    now = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None], "c": [np.nan, np.nan]})
    schema = make_schema(a="number", b="category", c="number")
    for column in diff(base, now, schema)["columns"]:
        assert (column["statistic"], column["p_value"]) == (None, None)
        assert column["stability_index"] > 0
    for column in diff(base, now.head(0), schema)["columns"]:
        assert (column["stability_index"], column["missing"]["now"]) == (None, None)


def test_rare_categories_are_pooled_until_five_are_expected():
    table = np.array([[50.0, 50], [3, 0], [0, 4], [6, 4]])
    pooled = pool_rare(table)
    assert pooled.sum(axis=0).tolist() == table.sum(axis=0).tolist()
    expected = pooled.sum(axis=1, keepdims=True) * pooled.sum(axis=0) / pooled.sum()
    assert expected.min() >= 5


def test_rows_of_one_category_do_not_differ():
    assert compare_categories(pd.Series(["a"] * 9), pd.Series(["a"] * 9))[1:] == (0, 1)


@pytest.mark.parametrize("kind", ["numbers", "categories"])
def test_tests_err_as_often_as_they_say(kind):
    random, found = np.random.default_rng(2), 0
    for _ in range(400):
        if kind == "numbers":
            samples = [pd.Series(random.normal(size=200)) for _ in range(2)]
            found += compare_numbers(*samples).p_value < 0.05
        else:
            shares = [0.5, 0.3, 0.15, 0.02, 0.02, 0.01]
            samples = [pd.Series(random.choice([*"abcdef"], 200, p=shares)) for _ in range(2)]
            found += compare_categories(*samples).p_value < 0.05
    assert 0.02 < found / 400 < 0.08
