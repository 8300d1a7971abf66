"""How far a distribution moved, and how far chance alone would have moved it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import gammaincc

Array = np.ndarray

# An empty bin counts as half a row, so that it gives no infinity.
EMPTY = 0.5
DRAWS = 1000
BINS = 10
# Numbers that are so few are told apart one by one.
MAX_DISTINCT = 10


def stability_index(base: Array, now: Array) -> Array:
    """Compute the population stability index of counts by bin.

    It is the sum of (share now - share of base) · ln(share now / share of base) over the bins
    (Siddiqi, Credit Risk Scorecards, 2006), the divergence of Jeffreys (1946). By the rule of
    thumb of credit scoring, 0.1 is a small change and 0.25 a large one.

    Args:
        base: Rows in each bin, of shape (..., n_bins); at least one row in all.
        now: The same of the later sample.

    Returns:
        The index, of shape (...).
    """
    shares = [
        np.maximum(counts, EMPTY) / counts.sum(axis=-1, keepdims=True) for counts in (base, now)
    ]
    terms = (shares[1] - shares[0]) * np.log(shares[1] / shares[0])
    return np.asarray(np.where((base == 0) & (now == 0), 0.0, terms).sum(axis=-1))


def expect_index(base: Array, now: Array) -> float:
    """Give the index to expect by chance: quick, but too large where many bins are rare.

    With many rows in each of k bins it is (k - 1)(1/n + 1/m) for samples of n and m rows
    (Yurdakul, Statistical Properties of Population Stability Index, 2018).
    """
    bins = int(((base > 0) | (now > 0)).sum())
    return float((bins - 1) * (1 / base.sum() + 1 / now.sum()))


class Chance(NamedTuple):
    """The index of two samples that differ by chance alone: its mean and variance."""

    mean: float
    variance: float

    def probability(self, index: float) -> float:
        """Say how often chance alone gives an index as large, or larger.

        It takes the index for gamma distributed. With many rows in each bin it is chi-squared
        distributed but for a factor (Yurdakul, 2018), and the gamma distribution follows it where
        bins are rare as well.
        """
        if not self.variance:
            return float(index <= self.mean)
        scale = self.variance / self.mean
        return float(gammaincc(self.mean / scale, index / scale))


def measure_chance(base: Array, rows: int) -> Chance:
    """Find out by drawing how large the index gets by chance.

    Args:
        base: Rows in each bin, of shape (n_bins,).
        rows: Of the later sample. The fewer there are, the larger is the index by chance.
    """
    return _draw_chance(tuple(base.tolist()), rows)


@lru_cache(maxsize=1024)
def _draw_chance(base: tuple[int, ...], rows: int) -> Chance:
    """Draw; remembered, as columns without ties have the same bins and windows the same size."""
    shares = np.maximum(base, EMPTY) / np.maximum(base, EMPTY).sum()
    random = np.random.default_rng(0)
    draws = [random.multinomial(n, shares, size=DRAWS) for n in (sum(base), rows)]
    index = stability_index(*draws)
    return Chance(float(index.mean()), float(index.var()))


def find_edges(numbers: Array) -> list[float]:
    """Find bins with a tenth of the numbers each, or one for each where they are few.

    Args:
        numbers: Of shape (n_rows,), none missing.

    Returns:
        The lowest number, then the upper end of each bin, which belongs to it. Empty without
        numbers.
    """
    distinct = np.unique(numbers)
    if len(distinct) > MAX_DISTINCT:
        # Numbers that occur, so that a bin never ends between equal ones.
        shares = np.arange(1, BINS + 1) / BINS
        ends = np.unique(np.quantile(numbers, shares, method="inverted_cdf"))
    else:
        ends = distinct
    return [float(edge) for edge in (*distinct[:1], *ends)]


def count_numbers(numbers: Array, edges: list[float]) -> Array:
    """Count numbers by bin.

    Args:
        numbers: Of shape (n_rows,), with NaN where they are missing.
        edges: From `find_edges`.

    Returns:
        Rows below the lowest number, in each bin, above the last, and missing ones.
    """
    found = numbers[~np.isnan(numbers)]
    # Below all edges is 0, and so is everything where there are none.
    places = np.searchsorted(np.array(edges[1:]), found, side="left") + 1
    places = np.where(found < edges[0], 0, places) if edges else np.zeros(len(found), dtype=int)
    counts = np.bincount(places, minlength=len(edges) + 1)
    return np.append(counts, len(numbers) - len(found))
