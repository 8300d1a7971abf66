"""The model behaves as people who know the matter expect: rewrite these for your own."""

import pandas as pd
import pytest

MORNING, AFTERNOON, EVENING = 7, 15, 19


@pytest.fixture
def flights(delivered) -> pd.DataFrame:
    """The newest flights."""
    return delivered.tail(1000)


def predict_at(bundle, flights, hour) -> float:
    """The mean probability of delay if all these flights left at that hour, and took as long."""
    shift = hour * 60 - clock_to_minutes(flights["sched_dep_time"])
    arrival = (clock_to_minutes(flights["sched_arr_time"]) + shift) % (24 * 60)
    day = pd.to_datetime(flights["time_hour"]).dt.floor("D")
    moved = flights.assign(
        sched_dep_time=hour * 100,
        sched_arr_time=arrival // 60 * 100 + arrival % 60,
        time_hour=day + pd.Timedelta(hours=hour + 5),
    )
    predicted = bundle.predict(moved)
    assert (predicted["fault"] == "").all()
    return predicted["probability"].mean()


def clock_to_minutes(clock: pd.Series) -> pd.Series:
    number = pd.to_numeric(clock)
    return number // 100 * 60 + number % 100


def test_later_departures_are_more_likely_to_be_late(bundle, flights):
    morning = predict_at(bundle, flights, MORNING)
    afternoon = predict_at(bundle, flights, AFTERNOON)
    evening = predict_at(bundle, flights, EVENING)
    assert morning < afternoon < evening
    assert evening > 1.2 * morning


def test_columns_known_only_later_or_ignored_change_no_prediction(bundle, flights):
    names = bundle.schema.with_role("known_later", "ignored", "target", "group", "id")
    shuffled = flights[names].sample(frac=1, random_state=0).set_axis(flights.index)
    assert (shuffled != flights[names]).any(axis=None)
    expected = bundle.predict(flights)
    assert bundle.predict(flights.assign(**shuffled)).equals(expected)
    assert bundle.predict(flights.drop(columns=names)).equals(expected)


def test_predictions_differ_between_flights(bundle, flights):
    assert bundle.predict(flights)["probability"].std() > 0.02
