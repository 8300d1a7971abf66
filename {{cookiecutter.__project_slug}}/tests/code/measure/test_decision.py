"""The threshold makes the most of the value, on the rows that it was chosen on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.common.settings import Value
from {{ cookiecutter.__package_name }}.measure.decision import NEVER, choose_threshold, value_rows

Y = np.array([0, 1, 0, 1, 1])
P = np.array([0.1, 0.3, 0.5, 0.7, 0.9])


def make_value(tp, fp, fn=0, tn=0):
    return Value(true_positive=tp, false_positive=fp, false_negative=fn, true_negative=tn)


@pytest.mark.parametrize(
    ("value", "threshold"),
    [
        (make_value(1, -10), 0.6),  # a false alarm is dear
        (make_value(10, -1), 0.2),  # a hit is worth some false alarms
        (make_value(1, 1), 0.0),  # always yes
        (make_value(-1, -1), NEVER),
        (make_value(0, 0, fn=-10, tn=1), 0.2),  # a miss is dear
        (None, 0.4),  # as many as there are
    ],
)
def test_threshold_is_worth_most(value, threshold):
    assert choose_threshold(Y, P, value) == pytest.approx(threshold)


def test_threshold_does_not_divide_equal_probabilities():
    y, same = np.array([1, 0, 0]), np.array([0.5, 0.5, 0.5])
    assert choose_threshold(y, same, make_value(10, -1)) == 0.0
    assert choose_threshold(y, same, make_value(1, -1)) == NEVER


@given(seed=st.integers(0, 10**6), worth=st.tuples(*[st.integers(-5, 5)] * 4))
def test_no_other_threshold_is_worth_more(seed, worth):
    random = np.random.default_rng(seed)
    y, probabilities = random.integers(2, size=20), random.random(20).round(1)
    value = make_value(*worth)
    chosen = choose_threshold(y, probabilities, value)
    best = value_rows(y, probabilities >= chosen, value).sum()
    for other in [*probabilities, 0.0, NEVER]:
        assert value_rows(y, probabilities >= other, value).sum() <= best


def test_each_kind_of_decision_has_its_value():
    y, decisions = np.array([1, 0, 1, 0]), np.array([True, True, False, False])
    assert value_rows(y, decisions, make_value(3, -1, -2, 0.5)).tolist() == [3, -1, -2, 0.5]
