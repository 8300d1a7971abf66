"""Numbers as people read them."""

from math import inf, nan

import pytest

from {{ cookiecutter.__package_name }}.common.numbers import say, show, show_change, show_limit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (nan, "-"),
        (0.0, "0"),
        (0.7173, "0.717"),
        (0.999_96, "1.000"),
        (12.345, "12.3"),
        (-1_234_567.8, "-1,234,568"),
        (0.000_42, "0.00042"),
        (0.000_000_42, "4.2e-07"),
        (inf, "inf"),
    ],
)
def test_number_has_three_digits_at_any_scale(value, text):
    assert show(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.7173, "0.7173"),
        (0.5, "0.5"),
        (100.0, "100"),
        (12_345.678, "12,346"),
        (0.004_237_4, "0.004237"),
    ],
)
def test_number_in_a_sentence_has_four_digits_and_no_idle_zeros(value, text):
    assert say(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0004, "+0.0004"), (-0.0123, "-0.012"), (1234.5, "+1,234")]
)
def test_change_has_a_sign(value, text):
    assert show_change(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1_234_567.0, "1234567"), (0.05, "0.05"), (1e6, "1000000")]
)
def test_limit_has_all_its_digits(value, text):
    assert show_limit(value) == text
