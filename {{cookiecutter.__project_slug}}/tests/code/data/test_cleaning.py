"""Each row is kept, quarantined with its reason, or a duplicate, and none is lost."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.common.settings import Goal
from {{ cookiecutter.__package_name }}.data.cleaning import (
    add_target,
    check_quarantined_share,
    clean,
)
from {{ cookiecutter.__package_name }}.data.sources import FILE, REST, ROW
from {{ cookiecutter.__package_name }}.schema import Schema

COLUMNS = {
    "client": {"type": "category", "role": "id", "missing": "quarantine"},
    "amount": {"type": "number", "max": 100},
    "day": {"type": "datetime", "role": "time"},
    "refund": {"type": "number", "role": "known_later"},
    "note": {"type": "category", "role": "ignored"},
    "churned": {"type": "category", "role": "target", "missing": "quarantine"},
}
WITH_ID = Schema.model_validate({"columns": COLUMNS})
WITHOUT_ID = Schema.model_validate(
    {"columns": COLUMNS | {"client": {"type": "category", "missing": "quarantine"}}}
)


def make_rows(*values) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=["client", "amount", "churned"], dtype="object")
    table = table.assign(day="2020-01-01", refund="0", note="n")[list(COLUMNS)]
    return table.assign(**{FILE: "orders/1.csv", ROW: range(1, len(table) + 1), REST: 0})


def make_goal(task="binary", target="churned", **positive) -> Goal:
    metric = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "r2"}[task]
    return Goal.model_validate(
        {
            "statement": "s",
            "owner": "o",
            "task": task,
            "target": target,
            "positive": positive or None,
            "metric": metric,
            "criteria": [{"metric": metric, "at_least": 0}],
        }
    )


def test_rows_are_kept_quarantined_or_duplicates():
    cleaned = clean(make_rows(("a", "1", "no"), ("b", "x", "no"), ("a", "2", "yes")), WITH_ID)
    assert cleaned.kept["client"].tolist() == ["a"]
    assert cleaned.kept["amount"].tolist() == [2.0]
    assert FILE not in cleaned.kept
    assert cleaned.quarantined[["_column", "_rule", "_value", FILE, ROW]].values.tolist() == [
        ["amount", "must be a valid number", "x", "orders/1.csv", 2]
    ]
    assert cleaned.duplicates == 1


def test_rows_that_differ_are_no_duplicates_when_there_is_no_id():
    rows = make_rows(("a", "1", "no"), ("a", "1", "no"), ("a", "2", "no"))
    assert clean(rows, WITHOUT_ID).duplicates == 1


def test_rows_without_an_id_are_quarantined_and_no_duplicates_of_each_other():
    cleaned = clean(make_rows((None, "1", "no"), (None, "2", "no"), ("a", "3", "no")), WITH_ID)
    assert cleaned.duplicates == 0
    assert cleaned.quarantined["_rule"].tolist() == ["must not be missing"] * 2


@pytest.mark.parametrize("type_", ["category", "integer"])
def test_id_is_the_same_however_it_was_written(type_):
    client = {"type": type_, "role": "id", "missing": "quarantine"}
    schema = Schema.model_validate({"columns": COLUMNS | {"client": client}})
    rows = make_rows(("7", "1", "no"), (7, "2", "no"), (" 7", "3", "no"), (7.0, "4", "no"))
    cleaned = clean(rows, schema)
    assert cleaned.kept["amount"].tolist() == [4]
    assert cleaned.duplicates == 3


def test_ids_that_can_not_be_told_apart_are_quarantined_and_no_duplicates():
    client = {"type": "integer", "role": "id", "missing": "quarantine"}
    schema = Schema.model_validate({"columns": COLUMNS | {"client": client}})
    cleaned = clean(make_rows((2**53 + 1, "1", "no"), (2**53, "2", "no")), schema)
    assert cleaned.duplicates == 0
    assert cleaned.quarantined["_rule"].str.startswith("must be below 2**53").tolist() == [True] * 2


def test_rows_with_values_that_have_no_hash_are_compared():
    rows = make_rows((["a"], "1", "no"), (["a"], "1", "no"), (["b"], ["2"], "no"))
    cleaned = clean(rows, WITHOUT_ID)
    assert cleaned.duplicates == 1
    assert cleaned.kept["client"].tolist() == ["['a']"]
    assert cleaned.quarantined["_value"].tolist() == ["['2']"]


def test_rows_that_differ_beyond_the_schema_or_where_unreadable_are_no_duplicates():
    rows = make_rows(("a", "1", "no"), ("a", "1", "no"), ("a", "x", "no"), ("a", "y", "no"))
    assert clean(rows, WITHOUT_ID).duplicates == 1
    assert clean(rows.assign(**{REST: range(4)}), WITHOUT_ID).duplicates == 0


def test_columns_may_have_the_names_of_what_is_said_of_a_row():
    names = {"amount": "value", "note": "column", "day": "rule"}
    columns = {names.get(name, name): column for name, column in COLUMNS.items()}
    rows = make_rows(("a", "x", "no"), ("b", "1", "no")).rename(columns=names)
    quarantined = clean(rows, Schema.model_validate({"columns": columns})).quarantined
    assert quarantined[["_column", "_value", "value"]].values.tolist() == [["value", "x", "x"]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "", None]),
            st.sampled_from(["1", "2", "x", "", None]),
            st.sampled_from(["yes", "no", None]),
        ),
        max_size=8,
    ),
    st.sampled_from([WITH_ID, WITHOUT_ID]),
)
def test_every_delivered_row_is_accounted_for(values, schema):
    rows = make_rows(*values)
    cleaned = clean(rows, schema)
    n_counted = len(cleaned.kept) + len(cleaned.quarantined) + cleaned.duplicates
    assert n_counted == len(rows)
    assert (cleaned.quarantined["_column"] != "").all()


def test_too_many_quarantined_rows_are_told_with_file_row_column_rule_and_value():
    rows = make_rows(("a", "1", "no"), ("b", "500", "no"), ("c", "", None), ("d", "600", "no"))
    with pytest.raises(DataError) as caught:
        check_quarantined_share(clean(rows, WITH_ID), 0.5)
    assert str(caught.value) == (
        "3 rows (75.0%) break schema.yaml, above prepare.max_quarantined_share of 50.0%. "
        "Most often (2 rows): amount must be at most 100; row 2 of orders/1.csv has '500', "
        "row 4 of orders/1.csv has '600'. Mend the delivery, the rule in schema.yaml, or the limit"
    )
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("values", [[("a", "1", "no"), ("b", "x", "no")], []])
def test_quarantined_share_passes_when_it_is_at_the_limit(values):
    check_quarantined_share(clean(make_rows(*values), WITH_ID), 0.5)


def test_target_is_1_for_the_positive_label_and_later_columns_are_dropped():
    kept = clean(make_rows(("a", "1", "no"), ("b", "2", "yes")), WITH_ID).kept
    rows = add_target(kept, make_goal(equals="yes"), WITH_ID)
    assert list(rows) == ["client", "amount", "day", "target"]
    assert rows["target"].tolist() == [0, 1]


def test_target_is_1_above_the_limit_only():
    kept = clean(make_rows(("a", "1", "no"), ("b", "2", "no")), WITH_ID).kept
    rows = add_target(kept, make_goal(target="amount", above=1), WITH_ID)
    assert rows["target"].tolist() == [0, 1]


@pytest.mark.parametrize(("task", "target"), [("multiclass", "churned"), ("regression", "amount")])
def test_target_stays_as_it_is_when_the_task_is_not_binary(task, target):
    kept = clean(make_rows(("a", "1", "no"), ("b", "2", "yes")), WITH_ID).kept
    rows = add_target(kept, make_goal(task, target), WITH_ID)
    assert rows["target"].tolist() == kept[target].tolist()


def test_target_is_refused_when_no_row_is_positive():
    kept = clean(make_rows(("a", "1", "no"), ("b", "2", "yes")), WITH_ID).kept
    with pytest.raises(DataError, match="equals is 'Yes', which no row has; found: no, yes"):
        add_target(kept, make_goal(equals="Yes"), WITH_ID)
