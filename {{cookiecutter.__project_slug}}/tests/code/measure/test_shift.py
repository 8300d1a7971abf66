"""The stability index, its bins, and what chance gives."""

import numpy as np
import pytest

from {{ cookiecutter.__package_name }}.measure.shift import (
    count_numbers,
    find_edges,
    measure_chance,
    stability_index,
)

NAN = float("nan")


def test_stability_index_is_the_sum_over_the_bins():
    expected = (0.2 - 0.5) * np.log(0.2 / 0.5) + (0.8 - 0.5) * np.log(0.8 / 0.5)
    assert stability_index(np.array([50, 50]), np.array([20, 80])) == pytest.approx(expected)


def test_stability_index_of_equal_shares_is_zero():
    assert stability_index(np.array([5, 15, 0]), np.array([20, 60, 0])) == 0


def test_empty_bin_counts_as_half_a_row():
    expected = (0.005 - 0.5) * np.log(0.005 / 0.5) + (1 - 0.5) * np.log(1 / 0.5)
    assert stability_index(np.array([50, 50]), np.array([0, 100])) == pytest.approx(expected)


def test_bins_hold_a_tenth_each():
    numbers = np.random.default_rng(0).normal(size=1000)
    counts = count_numbers(numbers, find_edges(numbers))
    assert counts.tolist() == [0, *[100] * 10, 0, 0]


def test_few_numbers_have_a_bin_each():
    numbers = np.array([0.0] * 3 + [1.0] * 97)
    edges = find_edges(numbers)
    assert count_numbers(numbers, edges).tolist() == [0, 3, 97, 0, 0]
    assert count_numbers(np.array([-1, 0, 0.5, 1, 2, NAN]), edges).tolist() == [1, 1, 2, 1, 1]


def test_number_that_most_rows_share_has_a_bin_of_its_own():
    numbers = np.append(np.zeros(950), np.arange(1, 51))
    counts = count_numbers(numbers, find_edges(numbers))
    assert counts.tolist() == [0, 950, 50, 0, 0]


def test_constant_that_becomes_another_is_found():
    edges = find_edges(np.full(100, 3.0))
    counts = [count_numbers(np.full(100, value), edges) for value in (3.0, 4.0, 2.0)]
    assert stability_index(counts[0], counts[1]) > 5
    assert stability_index(counts[0], counts[2]) > 5


def test_numbers_that_are_all_missing_have_two_bins():
    assert find_edges(np.array([])) == []
    assert count_numbers(np.array([NAN, NAN]), []).tolist() == [0, 2]
    assert count_numbers(np.array([NAN, 1.0, 2.0]), []).tolist() == [2, 1]


@pytest.mark.parametrize("rows", [100, 1000])
def test_chance_knows_how_large_the_index_gets(rows):
    base, shares = np.full(10, 400), np.full(10, 0.1)
    chance = measure_chance(base, rows)
    random = np.random.default_rng(3)
    drawn = stability_index(
        random.multinomial(4000, shares, size=4000), random.multinomial(rows, shares, size=4000)
    )
    assert chance.mean == pytest.approx(drawn.mean(), rel=0.1)
    found = np.mean([chance.probability(index) < 0.05 for index in drawn])
    assert found == pytest.approx(0.05, abs=0.02)


def test_chance_is_larger_in_a_smaller_window():
    base = np.full(10, 400)
    assert measure_chance(base, 100).mean > 2 * measure_chance(base, 1000).mean
    assert measure_chance(base, 100).probability(0.2) > 0.001
    assert measure_chance(base, 1000).probability(0.2) < 1e-9


def test_chance_gives_nothing_where_there_is_one_bin():
    chance = measure_chance(np.array([50]), 20)
    assert (chance.mean, chance.probability(0.0), chance.probability(0.1)) == (0, 1, 0)
