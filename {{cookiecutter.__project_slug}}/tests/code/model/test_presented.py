"""What a service says of the model, from settings, schema and rows."""

import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.settings import Positive
from {{ cookiecutter.__package_name }}.model.presented import (
    choose_example,
    choose_rows,
    describe_positive,
    find_levels,
)
from {{ cookiecutter.__package_name }}.schema import Column, Schema

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "day": {"type": "datetime", "role": "time", "format": "%d.%m.%Y"},
            "since": {"type": "datetime"},
            "items": {"type": "integer"},
            "member": {"type": "boolean"},
            "place": {"type": "category", "sensitive": True},
            "amount": {"type": "number"},
            "client": {"type": "category", "role": "id"},
            "bought": {"type": "number", "role": "target"},
        }
    }
)


def test_example_is_the_row_with_the_fewest_gaps_and_shows_nothing_sensitive():
    rows = pd.DataFrame(
        {
            "day": pd.to_datetime(["2020-01-02", "2020-03-04", "2020-05-06"]),
            "since": pd.to_datetime([None, "2019-01-02 03:04", "2019-05-06 00:00"]),
            "items": [None, 7.0, 8.0],
            "member": [0.0, 1.0, 0.0],
            "place": ["here", "there", "here"],
            "amount": [1.5, None, None],
            "client": ["a", "b", "c"],
        }
    )
    assert choose_example(rows, SCHEMA) == {
        "day": "04.03.2020",
        "since": "2019-01-02T03:04:00",
        "items": 7,
        "member": True,
        "place": "here",
        "amount": None,
    }


def test_chosen_rows_are_spread_and_show_no_one():
    columns = {
        "weight": {"type": "number"},
        "sex": {"type": "category", "sensitive": True},
        "card": {"type": "category", "log": "hash"},
        "phone": {"type": "integer", "log": "omit", "missing": "quarantine"},
        "bought": {"type": "number", "role": "target"},
    }
    rows = pd.DataFrame(
        {
            "weight": [0.0, 1.0, 2.0, 3.0, 4.0],
            "sex": ["m", "f", "f", "m", "f"],
            "card": ["a", "b", "c", "d", "e"],
            "phone": [1.0, 2.0, 2.0, 3.0, 4.0],
        }
    )
    schema = Schema.model_validate({"columns": columns})
    hidden = {"sex": "f", "card": None, "phone": 2}
    assert choose_rows(rows, schema, 3) == [{"weight": n} | hidden for n in (0.0, 2.0, 4.0)]
    assert len(choose_rows(rows, schema, 9)) == 5


def test_levels_are_those_of_the_categories():
    number, category = {"kind": "number"}, {"kind": "category", "counts": {"b": 7, "a": 3}}
    profile = {"columns": {"amount": number, "place": category}}
    assert find_levels(profile) == {"place": ["b", "a"]}


@pytest.mark.parametrize(
    ("positive", "column", "words"),
    [
        (None, {"type": "category"}, None),
        (Positive(above=15.0), {"type": "number", "unit": "minutes"}, "delay above 15 minutes"),
        (Positive(above=0.5), {"type": "number"}, "delay above 0.5"),
        (Positive(above=0.0), {"type": "boolean"}, "delay is true"),
        (Positive(equals="long"), {"type": "category"}, "delay is long"),
    ],
)
def test_positive_is_put_into_words(positive, column, words):
    assert describe_positive(positive, "delay", Column(**column)) == words
