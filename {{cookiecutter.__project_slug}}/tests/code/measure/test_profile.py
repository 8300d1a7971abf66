"""The training profile that travels in the model."""

import json

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.settings import Drift
from {{ cookiecutter.__package_name }}.measure.column_profile import (
    count_base,
    count_now,
    describe_column,
    name_bins,
)
from {{ cookiecutter.__package_name }}.measure.profile import (
    Predicted,
    find_windows,
    make_profile,
    readable_predictions,
)
from {{ cookiecutter.__package_name }}.model.trained import Description
from {{ cookiecutter.__package_name }}.schema import Schema

DRIFT = Drift(window="7D", last=3, over=2, min_rows=50, max_stability_index=0.2)
SCHEMA = Schema.model_validate(
    {
        "columns": {
            "day": {"type": "datetime", "role": "time"},
            "opened": {"type": "datetime"},
            "heat": {"type": "number"},
            "mass": {"type": "number"},
            "shop": {"type": "category"},
            "sold": {"type": "boolean", "role": "target"},
        }
    }
)
BINARY = Description("binary", ["heat"], [])


def make_rows(weeks: int, per_week: int = 100) -> pd.DataFrame:
    """Rows whose heat is another each week."""
    n = weeks * per_week
    random, week = np.random.default_rng(5), np.arange(n) // per_week
    return pd.DataFrame(
        {
            "day": pd.Timestamp(2024, 1, 1) + pd.to_timedelta(week * 7, unit="D"),
            "opened": pd.Timestamp(2020, 1, 1),
            "heat": random.normal(week % 4, 0.3),
            "mass": random.normal(size=n),
            "shop": random.choice(["a", "b", None], n),
            "target": random.integers(2, size=n),
        }
    ).astype({"shop": "str"})


def profile_of(rows: pd.DataFrame) -> dict:
    predicted = Predicted(rows, np.linspace(0, 1, len(rows)), BINARY, 0.75)
    return make_profile(rows, predicted, SCHEMA, DRIFT)


def test_profile_describes_features_target_and_prediction():
    profile = profile_of(make_rows(8))
    assert [*profile["columns"]] == ["heat", "mass", "shop"]
    assert profile["rows"] == 800
    assert (profile["from"], profile["to"]) == ("2024-01-01 00:00:00", "2024-02-19 00:00:00")
    assert (profile["threshold"], profile["selected"]) == (0.75, 0.25)
    assert profile["target"]["edges"] == [0, 0, 1]
    assert profile["prediction"]["counts"] == [0, *[80] * 10, 0, 0]


def test_profile_is_small_json_and_does_not_depend_on_the_order_of_the_rows():
    rows = make_rows(8)
    text = json.dumps(profile_of(rows), allow_nan=False)
    assert len(text) < 8000
    mixed = rows.sample(frac=1, random_state=0)
    predicted = Predicted(rows, np.linspace(0, 1, len(rows)), BINARY, 0.75)
    assert json.dumps(make_profile(mixed, predicted, SCHEMA, DRIFT)) == text


def test_usual_is_large_only_where_windows_differ_by_themselves():
    columns = profile_of(make_rows(8))["columns"]
    assert columns["heat"]["usual"] > 1
    assert abs(columns["mass"]["usual"]) < 0.2


def test_usual_is_unknown_with_fewer_than_three_windows():
    assert "usual" not in profile_of(make_rows(2))["columns"]["heat"]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([1.0, 2.0, np.nan, 2.0]),
        pd.Series([np.nan, np.nan]),
        pd.Series([True, False]),
        pd.Series(["a", "b", None, "b"], dtype="str"),
        pd.Series([None, None], dtype="object"),
        pd.Series([], dtype="str"),
        pd.Series([], dtype="float64"),
    ],
    ids=["numbers", "no numbers", "booleans", "texts", "no texts", "empty texts", "empty numbers"],
)
def test_profile_counts_its_own_rows_alike(values):
    profile = describe_column(values)
    counts = count_base(profile)
    assert counts.tolist() == count_now(profile, values).tolist()
    assert counts.sum() == len(values)
    assert len(name_bins(profile)) == len(counts)
    assert counts[-1] == values.isna().sum()


def test_categories_beyond_the_hundred_most_frequent_are_counted_together():
    values = pd.Series([f"c{n:03d}" for n in range(150) for _ in range(150 - n)])
    profile = describe_column(values)
    assert len(profile["counts"]) == 100
    assert profile["rest"] == sum(range(1, 51))
    assert count_base(profile).tolist() == count_now(profile, values).tolist()


def test_rare_categories_share_a_bin_and_new_ones_have_their_own():
    profile = describe_column(pd.Series(["a"] * 995 + ["b"] * 3 + ["c"] * 2))
    counts = count_now(profile, pd.Series(["a", "b", "c", "new", None], dtype="str"))
    assert name_bins(profile) == ["a", "rarer ones", "others", "missing"]
    assert counts.tolist() == [1, 2, 1, 1]


def test_weeks_start_on_mondays():
    moments = pd.Series(pd.to_datetime(["2024-01-07 23:59", "2024-01-08 00:00", None]))
    starts = find_windows(moments, "7D")
    assert starts.tolist()[:2] == [pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 1, 8)]
    assert starts.isna()[2]


def test_prediction_of_classes_is_the_most_probable_one():
    values = np.array([[0.2, 0.8], [0.9, 0.1]])
    description = Description("multiclass", ["heat"], ["no", "yes"])
    assert readable_predictions(values, description).tolist() == ["yes", "no"]
