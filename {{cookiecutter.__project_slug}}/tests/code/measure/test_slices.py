"""Slices hold the rows that they name, each row of a column once."""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.settings import Slices
from {{ cookiecutter.__package_name }}.measure.slices import divide, find_slices, number_groups
from {{ cookiecutter.__package_name }}.schema import Schema

ROWS = pd.DataFrame(
    {
        "shop": ["a", "b", "a", None, "a", "b"],
        "weight": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan],
        "size": [1.0, 2.0, 1.0, 2.0, 2.0, 2.0],
        "day": pd.to_datetime(["2020-01-01", "2020-01-31", *["2020-02-01"] * 4]),
        "same": ["x"] * 6,
    }
)
SCHEMA = Schema.model_validate(
    {
        "columns": {
            "shop": {"type": "category"},
            "weight": {"type": "number"},
            "size": {"type": "number", "role": "target"},
            "day": {"type": "datetime", "role": "time"},
        }
    }
)


@pytest.mark.parametrize(
    ("column", "slices"),
    [
        ("shop", {"a": 3, "b": 2, "no value": 1}),
        ("weight", {"1 to 3": 2, "3 to 5": 3, "no value": 1}),
        ("size", {"1": 2, "2": 4}),
        ("day", {"2020-01": 2, "2020-02": 4}),
    ],
)
def test_column_is_divided_into_slices(column, slices):
    found = [*divide(ROWS[column], 2)]
    assert {each.slice: each.mask.sum() for each in found} == slices
    assert (np.sum([each.mask for each in found], axis=0) == 1).all()


def test_column_without_a_value_has_one_slice():
    assert [each.slice for each in divide(pd.Series([np.nan] * 3, name="x"), 2)] == ["no value"]


def test_numbers_that_look_alike_are_written_apart():
    large = pd.Series([1_000_000.0, 1_000_001.0, 1_000_002.0, 1_000_003.0] * 3, name="x")
    assert [each.slice for each in divide(large, 4)] == ["1000000", "1000001", "1000002", "1000003"]
    assert [each.slice for each in divide(large, 2)] == [
        "1000000 to 1000002",
        "1000002 to 1000003",
    ]


def test_groups_are_numbered_and_no_group_is_one_too():
    schema = Schema.model_validate(
        {
            "columns": {
                "shop": {"type": "category", "role": "group"},
                "weight": {"type": "number"},
                "size": {"type": "number", "role": "target"},
            }
        }
    )
    assert number_groups(ROWS, schema).tolist() == [0, 1, 0, 2, 0, 1]
    assert number_groups(ROWS, SCHEMA) is None


def test_skewed_numbers_have_fewer_bins():
    slices = [*divide(pd.Series([0.0] * 4 + [1.0, 2.0, 3.0], name="x"), 3)]
    assert [(each.slice, each.mask.sum()) for each in slices] == [("0 to 1", 4), ("1 to 3", 3)]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["day"], ["2020-01", "2020-02"]),
        (["shop"], ["a", "b"]),  # one row is too few
        (["same"], []),  # what all have in common
        ([], ["a", "b", "1 to 3", "3 to 5"]),  # every feature
    ],
)
def test_slices_of_the_named_columns_with_enough_rows_are_found(columns, found):
    settings = Slices(columns=columns, bins=2, min_rows=2)
    assert [each.slice for each in find_slices(ROWS, settings, SCHEMA)] == found
