"""What the values of a column looked like: small enough to travel in the model."""

from itertools import pairwise
from typing import Literal, NotRequired, TypedDict

import numpy as np
import pandas as pd

from ..common.numbers import show
from .shift import count_numbers, find_edges

Array = np.ndarray

MAX_CATEGORIES = 100
# Rarer categories are judged together.
MIN_SHARE = 0.01
QUANTILES = [place / 20 for place in range(21)]


class NumberProfile(TypedDict):
    """A column of numbers: rows by bin, as `count_numbers` gives them, 21 quantiles, the mean."""

    kind: Literal["number"]
    edges: list[float]
    counts: list[int]
    quantiles: list[float]
    mean: float | None
    usual: NotRequired[float]


class CategoryProfile(TypedDict):
    """A column of categories: rows of the most frequent ones, of the rest, and missing ones."""

    kind: Literal["category"]
    counts: dict[str, int]
    rest: int
    missing: int
    usual: NotRequired[float]


ColumnProfile = NumberProfile | CategoryProfile


def describe_column(values: pd.Series) -> ColumnProfile:
    """Describe a column: numbers and booleans by bins, anything else by categories."""
    if values.dtype.kind in "fiub":
        numbers = values.to_numpy(dtype="float64")
        # In order, so that the mean does not depend on the order of the rows.
        found = np.sort(numbers[~np.isnan(numbers)])
        edges = find_edges(found)
        grid = np.quantile(found, QUANTILES).tolist() if len(found) else []
        return {
            "kind": "number",
            "edges": edges,
            "counts": count_numbers(numbers, edges).tolist(),
            "quantiles": grid,
            "mean": float(found.mean()) if len(found) else None,
        }
    frequent = values.value_counts()
    # By name where equally frequent, so that the order of the rows decides nothing.
    order = sorted(frequent.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return {
        "kind": "category",
        "counts": {str(name): int(n) for name, n in order[:MAX_CATEGORIES]},
        "rest": int(sum(n for _, n in order[MAX_CATEGORIES:])),
        "missing": int(values.isna().sum()),
    }


def count_base(profile: ColumnProfile) -> Array:
    """Count the profile's own rows by bin, of shape (n_bins,); the last bin is what is missing."""
    if profile["kind"] == "number":
        return np.array(profile["counts"])
    frequent = _frequent(profile)
    rare = sum(profile["counts"].values()) - sum(frequent.values())
    return np.array([*frequent.values(), rare, profile["rest"], profile["missing"]])


def count_now(profile: ColumnProfile, values: pd.Series) -> Array:
    """Count later values by the profile's bins.

    Of categories, each frequent one is a bin, the rare ones are one, and those that the profile
    does not name are one.

    Returns:
        Rows by bin, of shape (n_bins,), as of `count_base`.
    """
    if profile["kind"] == "number":
        return count_numbers(values.to_numpy(dtype="float64"), profile["edges"])
    counts = values.astype("str").value_counts().to_dict()
    frequent = [counts.get(name, 0) for name in _frequent(profile)]
    known = sum(n for name, n in counts.items() if name in profile["counts"])
    found = sum(counts.values())
    return np.array([*frequent, known - sum(frequent), found - known, len(values) - found])


def name_bins(profile: ColumnProfile) -> list[str]:
    """Name the bins of `count_base` and `count_now`."""
    if profile["kind"] == "category":
        return [*_frequent(profile), "rarer ones", "others", "missing"]
    if not (edges := profile["edges"]):
        return ["any", "missing"]
    ends = [show(edge) for edge in edges]
    bins = [f"{low} to {high}" if low != high else low for low, high in pairwise(ends)]
    return [f"below {ends[0]}", *bins, f"above {ends[-1]}", "missing"]


def _frequent(profile: CategoryProfile) -> dict[str, int]:
    least = MIN_SHARE * (sum(profile["counts"].values()) + profile["rest"])
    return {name: n for name, n in profile["counts"].items() if n >= least}
