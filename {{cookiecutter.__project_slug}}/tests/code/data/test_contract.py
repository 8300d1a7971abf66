"""Rows get the types of schema.yaml, and the first broken rule of each row is found."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.data.contract import apply_contract, coerce
from {{ cookiecutter.__package_name }}.schema import Column, Schema

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "amount": {"type": "number", "min": 0, "max": 100},
            "items": {"type": "integer", "missing": "quarantine"},
            "colour": {"type": "category", "levels": ["red", "7"]},
            "day": {"type": "datetime", "format": "%d.%m.%Y"},
            "churned": {"type": "boolean", "role": "target"},
        }
    }
)
SOUND = {"amount": "1.5", "items": "2", "colour": "red", "day": "31.12.2020", "churned": "yes"}


def coerce_values(values, type_, **options):
    column = Column.model_validate({"type": type_} | options)
    coerced, unreadable = coerce(pd.Series(values), column)
    return coerced, unreadable.tolist()


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("number", ["1.5", " 2 ", "-1e3"], [1.5, 2.0, -1000.0]),
        ("number", [decimal.Decimal("1.5"), 2, True], [1.5, 2.0, 1.0]),
        ("integer", ["7", "7.0", 7], [7.0, 7.0, 7.0]),
        ("boolean", ["true", "No", "1"], [1.0, 0.0, 1.0]),
        ("boolean", [True, False, np.True_], [1.0, 0.0, 1.0]),
        ("boolean", [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]),
        ("category", [" red ", "7", "Ünï"], ["red", "7", "Ünï"]),
        ("category", [7, 8, 9], ["7", "8", "9"]),
        ("category", [7.0, 8.5, -0.0], ["7", "8.5", "0"]),
        ("category", [7.0, True, "7.0"], ["7", "True", "7.0"]),
        ("category", pd.Series([0.1, 7, 1], dtype="float32"), ["0.1", "7", "1"]),
        ("category", ["NA", "null", "-"], ["NA", "null", "-"]),
    ],
)
def test_values_get_the_type_of_their_column(type_, values, expected):
    coerced, unreadable = coerce_values(values, type_)
    assert coerced.tolist() == expected
    assert unreadable == [False, False, False]


def test_whole_numbers_are_the_same_categories_beside_a_missing_value():
    coerced, unreadable = coerce_values([7.0, None, 8.0], "category")
    assert coerced.tolist()[::2] == ["7", "8"]
    assert coerced.isna().tolist() == [False, True, False]
    assert unreadable == [False, False, False]


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (["2020-12-31", "2020-12-31T23:30:00Z", "2020-12-31 23:30:00+00:00"], {}),
        (["31.12.2020", " 31.12.2020 ", "31.12.2020"], {"format": "%d.%m.%Y"}),
        ([20201231, 20201231.0, 20201231], {"format": "%Y%m%d"}),
        ([datetime.date(2020, 12, 31), "2020-12-31", pd.Timestamp("2020-12-31")], {}),
        (pd.to_datetime(["2020-12-31T00:30:00+00:00"] * 3).tz_convert("Asia/Tokyo"), {}),
    ],
)
def test_moments_become_naive_utc(values, options):
    coerced, unreadable = coerce_values(values, "datetime", **options)
    assert coerced.dtype == "datetime64[us]"
    assert coerced.dt.date.unique().tolist() == [datetime.date(2020, 12, 31)]
    assert unreadable == [False, False, False]


def test_moment_is_the_same_beside_one_in_nanoseconds():
    coerced, unreadable = coerce_values(["1500-01-01", "2020-01-01T00:00:00.123456789"], "datetime")
    assert coerced.tolist() == [
        pd.Timestamp("1500-01-01"),
        pd.Timestamp("2020-01-01T00:00:00.123456"),
    ]
    assert unreadable == [False, False]


def test_integer_is_read_beside_one_beyond_all_numbers():
    coerced, unreadable = coerce_values([1, 10**400, True], "number")
    assert coerced.tolist()[::2] == [1.0, 1.0]
    assert unreadable == [False, True, False]


def test_moments_in_numbers_are_read_beside_a_missing_value():
    coerced, unreadable = coerce_values([20201231, None], "datetime", format="%Y%m%d")
    assert coerced[0] == pd.Timestamp(2020, 12, 31)
    assert unreadable == [False, False]


@pytest.mark.parametrize("type_", ["number", "integer", "boolean", "category", "datetime"])
def test_missing_and_blank_values_are_missing_and_not_unreadable(type_):
    coerced, unreadable = coerce_values([None, "", "  ", float("nan")], type_)
    assert coerced.isna().all()
    assert unreadable == [False, False, False, False]


@pytest.mark.parametrize(
    "values",
    [
        [7.0, 8.5],
        [7.0, None],
        pd.to_datetime(["2020-01-01 00:00", "2020-01-01 12:00"]),
        pd.to_datetime(["2020-01-01", None]),
        pd.Series([7, None], dtype="Int64"),
        pd.Series(["a", None], dtype="category"),
        pd.Series([True, None], dtype="object"),
    ],
)
def test_category_is_written_the_same_whatever_stands_beside_it(values):
    values = pd.Series(values)
    column = Column.model_validate({"type": "category"})
    assert coerce(values, column)[0][0] == coerce(values.head(1), column)[0][0]


@pytest.mark.parametrize("type_", ["number", "integer", "boolean", "datetime"])
def test_words_for_missing_are_missing_and_not_unreadable(type_):
    coerced, unreadable = coerce_values(["NA", "n/a", " NaN ", "null", "None", "-"], type_)
    assert coerced.isna().all()
    assert unreadable == [False] * 6


def test_integers_that_float_can_not_tell_apart_are_unreadable():
    coerced, unreadable = coerce_values([2**53 - 1, 2**53, -(2**53), "9007199254740993"], "integer")
    assert coerced.isna().tolist() == unreadable == [False, True, True, True]


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("number", ["many", "1,5", "inf", "9" * 400, [1]]),
        ("number", [np.inf, -np.inf]),
        ("number", [10**400, -(10**400), "x"]),
        ("datetime", ["now", "today"]),
        ("integer", ["1.5", "x"]),
        ("boolean", ["maybe", "2", 2, 0.5]),
        ("datetime", ["yesterday", "2020-13-01", "31.12.2020", "99999-01-01"]),
    ],
)
def test_values_of_another_type_are_unreadable(type_, values):
    assert all(coerce_values(values, type_)[1])


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ("", "", "")),
        ({"amount": "0"}, ("", "", "")),
        ({"amount": ""}, ("", "", "")),
        ({"amount": "-0.1"}, ("amount", "must be at least 0", "-0.1")),
        ({"amount": "101"}, ("amount", "must be at most 100", "101")),
        ({"amount": "much"}, ("amount", "must be a valid number", "much")),
        ({"items": ""}, ("items", "must not be missing", "")),
        ({"items": None}, ("items", "must not be missing", "")),
        ({"items": "2.5"}, ("items", "must be a valid integer", "2.5")),
        (
            {"items": str(2**53)},
            ("items", "must be below 2**53; declare an identifier as category", str(2**53)),
        ),
        ({"colour": "blue"}, ("colour", "must be one of red, 7", "blue")),
        ({"day": "2020-12-31"}, ("day", "must be the format %d.%m.%Y", "2020-12-31")),
        ({"churned": "perhaps"}, ("churned", "must be a valid boolean", "perhaps")),
        ({"items": "x", "colour": "blue"}, ("items", "must be a valid integer", "x")),
    ],
)
def test_first_broken_rule_is_found(changed, fault):
    rows = pd.DataFrame([SOUND, SOUND | changed])
    _, faults = apply_contract(rows, SCHEMA)
    assert faults.loc[0].tolist() == ["", "", ""]
    assert tuple(faults.loc[1]) == fault


def test_contract_keeps_index_and_order_and_passes_over_other_columns():
    rows = pd.DataFrame([SOUND, SOUND], index=[7, 3]).drop(columns="churned").assign(other=1)
    coerced, faults = apply_contract(rows, SCHEMA)
    assert list(coerced) == ["amount", "items", "colour", "day"]
    assert coerced.index.tolist() == faults.index.tolist() == [7, 3]
    assert rows["amount"].tolist() == ["1.5", "1.5"]


def test_contract_on_no_rows_finds_none():
    coerced, faults = apply_contract(pd.DataFrame(columns=[*SCHEMA.columns]), SCHEMA)
    assert coerced.shape == (0, 5)
    assert faults.shape == (0, 3)
