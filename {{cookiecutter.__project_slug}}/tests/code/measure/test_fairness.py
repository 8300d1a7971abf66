"""Groups that are treated otherwise are seen."""

import numpy as np

from {{ cookiecutter.__package_name }}.measure.fairness import RATES, compare_groups
from {{ cookiecutter.__package_name }}.measure.slices import Slice

Y = np.array([1, 1, 0, 0, 1, 1, 0, 0])
IN_A = np.arange(8) < 4
GROUPS = [Slice("sex", "a", IN_A), Slice("sex", "b", ~IN_A)]


def test_rates_of_the_groups_are_compared():
    decisions = np.array([1, 1, 0, 0, 1, 0, 0, 0], dtype=bool)
    found = compare_groups(Y, decisions, GROUPS)
    assert found["column"] == "sex"
    assert [[group[name] for name in ("group", "rows", *RATES)] for group in found["groups"]] == [
        ["a", 4, 0.5, 1.0, 0.0],
        ["b", 4, 0.25, 0.5, 0.0],
    ]
    assert found["ratio"] == {
        "selection_rate": 0.5,
        "true_positive_rate": 0.5,
        "false_positive_rate": None,
    }
    assert found["difference"] == {
        "selection_rate": 0.25,
        "true_positive_rate": 0.5,
        "false_positive_rate": 0.0,
    }


def test_groups_that_are_treated_alike_have_no_difference():
    decisions = np.array([1, 0, 1, 0] * 2, dtype=bool)
    found = compare_groups(Y, decisions, GROUPS)
    assert set(found["difference"].values()) == {0.0}
    assert set(found["ratio"].values()) == {1.0}


def test_one_group_alone_is_compared_with_none():
    found = compare_groups(Y, Y == 1, GROUPS[:1])
    assert set(found["ratio"].values()) == {None}
    assert set(found["difference"].values()) == {None}


def test_group_without_positives_has_no_true_positive_rate():
    groups = [GROUPS[0], Slice("sex", "b", Y == 0)]
    found = compare_groups(Y, Y == 1, groups)
    assert found["groups"][1]["true_positive_rate"] is None
    assert found["difference"]["true_positive_rate"] == 0.0
