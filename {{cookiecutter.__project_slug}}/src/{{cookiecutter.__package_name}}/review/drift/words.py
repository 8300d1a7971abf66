"""What changed in a column, in words."""

from typing import Any, TypedDict

import pandas as pd

from ...common.numbers import say
from ...measure.column_profile import (
    QUANTILES,
    ColumnProfile,
    NumberProfile,
    count_base,
    count_now,
    name_bins,
)

HOURS = "h"
MEDIAN = QUANTILES.index(0.5)


class Bin(TypedDict):
    """The share of the rows in a bin, in the training part and now."""

    name: str
    then: float
    now: float


def describe_change(profile: ColumnProfile, now: pd.Series) -> str:
    """Say in words what changed most: the median, the missing share, or a category's share."""
    n, base = max(len(now), 1), count_base(profile)
    parts = []
    if profile["kind"] == "number":
        parts += _describe_numbers(profile, now)
    else:
        total = base.sum()
        shares = {name: count / total for name, count in profile["counts"].items()}
        later = (now.astype("str").value_counts() / n).to_dict()
        names = [*shares, *(name for name in later if name not in shares)]
        moved = max(
            names, key=lambda name: abs(later.get(name, 0) - shares.get(name, 0)), default=""
        )
        if moved:
            parts.append(f"{moved} {shares.get(moved, 0):.1%} → {later.get(moved, 0):.1%}")
        parts += [f"new: {', '.join(new)}" for new in [find_new(profile, now)[:3]] if new]
    missing = base[-1] / base.sum(), now.isna().mean() if len(now) else 0.0
    if abs(missing[1] - missing[0]) >= 0.02:
        parts.append(f"missing {missing[0]:.1%} → {missing[1]:.1%}")
    return "; ".join(parts)


def _describe_numbers(profile: NumberProfile, now: pd.Series) -> list[str]:
    if not profile["edges"] or not now.notna().any():
        return []
    median, mean = profile["quantiles"][MEDIAN], profile["mean"]
    if {*profile["edges"]} <= {0, 1}:
        return [f"share of 1 {mean:.1%} → {now.mean():.1%}"]
    if median == now.median():
        return [f"mean {say(mean)} → {say(now.mean())}"]
    return [f"median {say(median)} → {say(now.median())}"]


def find_new(profile: ColumnProfile, now: pd.Series) -> list[str]:
    """Name the categories that the training rows lacked, the most frequent first."""
    if profile["kind"] == "number" or profile["rest"]:
        return []
    names: list[Any] = now.astype("str").value_counts().index.tolist()
    return [name for name in names if name not in profile["counts"]]


def compare_bins(profile: ColumnProfile, now: pd.Series) -> list[Bin]:
    """Give the share of each bin that has rows."""
    base, later = count_base(profile), count_now(profile, now)
    return [
        {"name": name, "then": float(n / base.sum()), "now": float(m / later.sum())}
        for name, n, m in zip(name_bins(profile), base, later, strict=True)
        if n or m
    ]


def name_ends(start: Any, window: str, newest: Any) -> tuple[str, str]:
    """Name the first and the last day of a window, or its hours where it is shorter."""
    if not isinstance(start, pd.Timestamp):
        return f"part {start + 1}", f"part {start + 1}"
    end = start + pd.Timedelta(window)
    if window.endswith(HOURS):
        return f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"
    # No further than to the newest row, as the last window may have only begun.
    last = min(end - pd.Timedelta(days=1), newest)
    return f"{start:%Y-%m-%d}", f"{last:%Y-%m-%d}"
