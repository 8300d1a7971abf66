"""How often windows are called moved that did not move, and how often those that did."""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.settings import Drift
from {{ cookiecutter.__package_name }}.measure.column_profile import describe_column
from {{ cookiecutter.__package_name }}.review.drift.windows import follow_column, has_drifted

DRIFT = Drift(window="7D", last=3, over=2, min_rows=100, max_stability_index=0.2)
# A limit that any chance is above, so that the test for chance has to hold by itself.
STRICT = Drift(window="7D", last=3, over=2, min_rows=100, max_stability_index=1e-9)
COLUMNS = 20


def follow_year(drift: Drift, random: np.random.Generator, rows: int) -> list[list[bool]]:
    """Follow columns of numbers and of categories that never move over 52 windows."""
    followed = []
    for _ in range(COLUMNS // 2):
        for draw in (draw_numbers, draw_categories):
            windows = {week: draw(random, rows) for week in range(52)}
            moves = follow_column(describe_column(draw(random, 2000)), windows, drift, COLUMNS)
            followed.append([move["over"] for move in moves])
    return followed


def draw_numbers(random: np.random.Generator, n: int) -> pd.Series:
    return pd.Series(random.lognormal(size=n))


def draw_categories(random: np.random.Generator, n: int) -> pd.Series:
    shares = [0.4, 0.3, 0.15, 0.1, 0.03, 0.01, 0.01]
    return pd.Series(random.choice([*"abcdefg"], n, p=shares))


def test_a_year_of_undisturbed_draws_gives_no_false_alarm():
    random = np.random.default_rng(11)
    over = follow_year(DRIFT, random, 300)
    alarms = [has_drifted(column[: week + 1], DRIFT) for column in over for week in range(52)]
    assert sum(alarms) == 0


@pytest.mark.parametrize("rows", [100, 400])
def test_chance_alone_is_rarely_called_a_move(rows):
    over = np.array(follow_year(STRICT, np.random.default_rng(12), rows))
    # One window in a hundred for any of the columns, and what chance does to 52 windows.
    assert over.any(axis=0).sum() <= 3


def test_a_shift_is_found_within_three_windows():
    random, found = np.random.default_rng(13), 0
    for _ in range(20):
        profile = describe_column(pd.Series(random.normal(size=2000)))
        windows = {week: pd.Series(random.normal(0.8, size=300)) for week in range(3)}
        moves = follow_column(profile, windows, DRIFT, COLUMNS)
        found += has_drifted([move["over"] for move in moves], DRIFT)
    assert found == 20


@pytest.mark.parametrize(
    ("over", "drifted"),
    [
        ([], False),
        ([True], False),
        ([True, True], True),
        ([True, False, True], True),
        ([True, True, False, False], False),
    ],
)
def test_enough_of_the_last_windows_have_to_be_over(over, drifted):
    assert has_drifted(over, DRIFT) is drifted
