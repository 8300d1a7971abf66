"""Your own features: this file is yours, as features/custom.py is; rewrite both together.

It imports functions of the example by name. Without them pytest can't even collect the other tests.
"""

import numpy as np
import pytest

from {{ cookiecutter.__package_name }}.features.custom import (
    add_features,
    minutes_after_midnight,
)


def make_flights(**changed):
    flights = {
        "time_hour": np.array(["2013-03-01T10", "2013-12-31T23"], dtype="datetime64[us]"),
        "sched_dep_time": np.array([530.0, 2355.0]),
        "sched_arr_time": np.array([813.0, 130.0]),
        "plane_year": np.array([2003.0, np.nan]),
    }
    return flights | changed


def test_scheduled_minutes_count_across_midnight():
    assert add_features(make_flights())["scheduled_minutes"].tolist() == [163.0, 95.0]


def test_plane_age_is_missing_when_the_year_is():
    age = add_features(make_flights())["plane_age"]
    assert age[0] == 10
    assert np.isnan(age[1])


def test_features_have_a_value_for_each_row_when_there_is_none():
    none = {name: values[:0] for name, values in make_flights().items()}
    assert [values.shape for values in add_features(none).values()] == [(0,), (0,)]


@pytest.mark.parametrize(("clock", "minutes"), [(0, 0), (517, 317), (1200, 720), (2400, 1440)])
def test_clock_becomes_minutes(clock, minutes):
    assert minutes_after_midnight(np.array([clock])).tolist() == [minutes]
