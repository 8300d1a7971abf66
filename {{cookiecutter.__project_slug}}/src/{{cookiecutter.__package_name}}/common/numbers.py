"""Numbers as people read them, whatever their scale: a share, an error in dollars or in grams."""

import math

SMALL = 0.01


def show(value: float | None) -> str:
    """Write a number with at least three digits; "-" where there is none.

    One below 1 gets three decimals, unless it would look like zero.
    """
    return _write(value, 3)


def say(value: float | None) -> str:
    """Write a number into a sentence: with at least four digits, but no zeros at its end."""
    text = _write(value, 4)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def show_change(value: float) -> str:
    """Write a difference with its sign."""
    return f"{'-' if value < 0 else '+'}{show(abs(value))}"


def show_interval(low: float | None, high: float | None) -> str:
    """Write an interval."""
    return f"{show(low)} to {show(high)}"


def show_chance(probability: float) -> str:
    """Write a probability that was counted, so that none is said to be certain."""
    if probability < 0.01:
        return "less than 1%"
    return "more than 99%" if probability > 0.99 else f"{probability:.0%}"


def show_share(value: float | None) -> str:
    """Write a share in percent; "-" where there is none."""
    return "-" if value is None or math.isnan(value) else f"{value:.1%}"


def show_limit(value: float) -> str:
    """Write a number that somebody has set, with all its digits."""
    return f"{value:.15g}"


def _write(value: float | None, digits: int) -> str:
    if value is None or math.isnan(value):
        return "-"
    size = abs(value)
    if size in (0, math.inf):
        return f"{value:g}"
    if size < SMALL:
        return f"{value:.{digits}g}"
    before = math.floor(math.log10(size)) + 1 if size >= 1 else 0
    return f"{value:,.{max(0, digits - before)}f}"
