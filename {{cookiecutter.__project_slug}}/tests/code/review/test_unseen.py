"""Rows that a model has learnt from are known again."""

import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.review.comparison.not_comparable import NotComparableError
from {{ cookiecutter.__package_name }}.review.comparison.unseen import find_unseen
from {{ cookiecutter.__package_name }}.schema import Schema

NONE = float("nan")


def make_schema(**roles):
    columns = {name: {"type": "category", "role": role} for name, role in roles.items()}
    columns["looked_up"] = {"type": "number", "source": "weather.rain"}
    columns["sold"] = {"type": "category", "role": "target"}
    return Schema.model_validate({"columns": columns})


def test_row_is_known_by_its_id_whatever_else_changed():
    schema = make_schema(order="id", shop="feature")
    rows = pd.DataFrame({"order": ["1", "2", "3"], "shop": ["a", "b", "a"]})
    learnt = pd.DataFrame({"order": ["2"], "shop": ["corrected"]})
    assert find_unseen(rows, [learnt], schema).tolist() == [True, False, True]


def test_row_without_id_is_known_by_what_was_delivered():
    schema = make_schema(shop="feature", colour="feature")
    rows = pd.DataFrame(
        {"shop": ["a", "a", "b"], "colour": ["red", None, None], "looked_up": [1.0, 2.0, 3.0]}
    )
    learnt = rows.assign(looked_up=[9.0, NONE, 9.0], target=[1, 0, 1]).iloc[1:]
    assert find_unseen(rows, [learnt], schema).tolist() == [True, False, False]


def test_every_part_counts():
    schema = make_schema(shop="feature")
    rows = pd.DataFrame({"shop": ["a", "b", "c"]})
    assert find_unseen(rows, [rows[:1], rows[2:]], schema).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "learnt",
    [
        pd.DataFrame({"shop": ["a"]}),
        pd.DataFrame({"shop": ["a"], "size": ["1"]}),
    ],
    ids=["column is new", "type changed"],
)
def test_columns_that_both_have_decide(learnt):
    schema = make_schema(shop="feature", size="feature")
    rows = pd.DataFrame({"shop": ["a", "b"], "size": [1.0, 2.0]})
    assert find_unseen(rows, [learnt], schema).tolist() == [False, True]


def test_nothing_in_common_is_not_comparable():
    schema = make_schema(shop="feature")
    rows = pd.DataFrame({"shop": ["a"]})
    with pytest.raises(NotComparableError, match="can't be known again"):
        find_unseen(rows, [pd.DataFrame({"store": ["a"]})], schema)
