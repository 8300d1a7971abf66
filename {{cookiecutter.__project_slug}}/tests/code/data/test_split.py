"""Rows go to train, validation and test, and none ever changes sides because others came."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.common.settings import Split
from {{ cookiecutter.__package_name }}.data.split import check_classes, split_rows
from {{ cookiecutter.__package_name }}.schema import Schema

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "client": {"type": "category", "role": "id"},
            "family": {"type": "category", "role": "group"},
            "day": {"type": "datetime", "role": "time"},
            "amount": {"type": "number"},
            "churned": {"type": "boolean", "role": "target"},
        }
    }
)


def make_rows(numbers) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "client": [f"c{number}" for number in numbers],
            "family": [f"f{number // 3}" for number in numbers],
            "day": pd.Timestamp(2020, 1, 1) + pd.to_timedelta(numbers, unit="D"),
            "amount": np.array(numbers) / 7,
            "target": [number % 2 for number in numbers],
        }
    )


def split_by(by, rows, test=0.4, validation=0.4):
    return split_rows(rows, Split(by=by, test=test, validation=validation), SCHEMA)


@pytest.mark.parametrize("by", ["time", "group", "id", "row"])
def test_parts_hold_each_row_once_and_in_its_order(by):
    parts = split_by(by, make_rows(range(60)))
    assert list(parts) == ["train", "validation", "test"]
    clients = [client for part in parts.values() for client in part["client"]]
    assert sorted(clients) == sorted(make_rows(range(60))["client"])
    assert all(part["day"].is_monotonic_increasing for part in parts.values())


@pytest.mark.parametrize("by", ["group", "id", "row"])
@given(
    old=st.lists(st.integers(0, 500), min_size=30, max_size=60, unique=True),
    new=st.lists(st.integers(501, 999), min_size=1, max_size=60, unique=True),
)
def test_no_row_changes_sides_when_rows_are_added(by, old, new):
    try:
        before = split_by(by, make_rows(old))
    except DataError:
        assume(False)
    after = split_by(by, make_rows([*new, *old]))
    for part, rows in before.items():
        assert set(rows["client"]) <= set(after[part]["client"])


def test_no_row_changes_sides_when_another_has_a_time_of_day():
    rows = make_rows(range(60))
    later = rows.tail(1).assign(day=pd.Timestamp(2021, 1, 1, 12, 30), client="new")
    before, after = split_by("row", rows), split_by("row", pd.concat([rows, later]))
    for part in before:
        assert set(before[part]["client"]) == set(after[part]["client"]) - {"new"}


def test_no_row_changes_sides_when_a_look_up_is_completed():
    rows = make_rows(range(60)).assign(rain=np.nan)
    rain = {"type": "number", "source": "weather.rain"}
    schema = Schema.model_validate({"columns": SCHEMA.model_dump()["columns"] | {"rain": rain}})
    split = Split(by="row", test=0.4, validation=0.4)
    before, after = (
        split_rows(rows, split, schema),
        split_rows(rows.assign(rain=1.5), split, schema),
    )
    for part in before:
        assert before[part]["client"].tolist() == after[part]["client"].tolist()


def test_rows_of_a_group_stay_together():
    parts = split_by("group", make_rows(range(60)))
    assert sum(part["family"].nunique() for part in parts.values()) == 20


def test_row_stays_on_its_side_when_only_the_target_changes():
    rows = make_rows(range(60))
    before, after = split_by("row", rows), split_by("row", rows.assign(target=0))
    assert before["test"]["client"].tolist() == after["test"]["client"].tolist()


def test_hash_gives_about_the_wanted_shares():
    parts = split_by("id", make_rows(range(3000)), test=0.2, validation=0.25)
    shares = [len(part) / 3000 for part in parts.values()]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.03)


def test_newest_rows_are_the_test_part_and_the_next_the_validation_part():
    rows = make_rows(range(10)).sample(frac=1, random_state=0)
    parts = split_by("time", rows, test=0.2, validation=0.25)
    assert sorted(parts["test"]["client"]) == ["c8", "c9"]
    assert sorted(parts["validation"]["client"]) == ["c6", "c7"]


@given(
    st.lists(st.integers(0, 20), min_size=5, max_size=40),
    st.floats(0.1, 0.9),
    st.floats(0.1, 0.9),
)
def test_rows_of_one_moment_stay_together_and_time_never_overlaps(days, test, validation):
    rows = make_rows(days).assign(client=range(len(days)))
    try:
        parts = split_by("time", rows, test, validation)
    except DataError:
        assume(False)
    spans = [(part["day"].min(), part["day"].max()) for part in parts.values()]
    assert spans[0][1] < spans[1][0]
    assert spans[1][1] < spans[2][0]
    assert len(parts["test"]) >= 1


@pytest.mark.parametrize("by", ["time", "id"])
@pytest.mark.parametrize("numbers", [[], [1], [1, 1, 1]])
def test_empty_part_is_told(by, numbers):
    with pytest.raises(DataError) as caught:
        split_by(by, make_rows(np.array(numbers, dtype=int)))
    assert f"part has no rows: {len(numbers)} rows split by {by}; deliver" in str(caught.value)


def make_parts(train, validation, test):
    values = {"train": train, "validation": validation, "test": test}
    return {part: pd.DataFrame({"target": targets}) for part, targets in values.items()}


@pytest.mark.parametrize(
    ("task", "parts"),
    [
        ("binary", make_parts([0, 1], [1, 0], [0, 1])),
        ("multiclass", make_parts(["a", "b", "c"], ["a"], ["b", "b"])),
        ("regression", make_parts([1.0], [1.0], [2.0])),
    ],
)
def test_classes_pass_when_each_part_can_be_judged(task, parts):
    check_classes(parts, task)


@pytest.mark.parametrize(
    ("task", "parts", "message"),
    [
        ("binary", make_parts([0, 1], [0, 0], [0, 1]), "all 2 rows of the validation part are neg"),
        ("binary", make_parts([1], [0, 1], [0, 1]), "all 1 rows of the train part are positive"),
        (
            "multiclass",
            make_parts(["a", "b", "c"], ["a"], ["d", "e"]),
            "the test part has the classes d, e, of which the training part has no row",
        ),
        (
            "multiclass",
            make_parts(["a", "b"], ["a"], ["b"]),
            r"only 2 classes \(a, b\); set goal.task in params.yaml to binary",
        ),
    ],
    ids=["one class", "one class in train", "unknown class", "two classes"],
)
def test_classes_are_refused_when_a_part_can_not_be_judged(task, parts, message):
    with pytest.raises(DataError, match=message):
        check_classes(parts, task)
