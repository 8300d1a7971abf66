"""Do two samples of a column come from the same distribution?"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from ...measure.column_profile import count_base, count_now, describe_column
from ...measure.shift import MAX_DISTINCT, stability_index

Array = np.ndarray

# Fewer expected rows in a cell make the chi-squared distribution a bad approximation.
MIN_EXPECTED = 5


class Tested(NamedTuple):
    """A test of two samples; without statistic where one of them has no values."""

    test: str
    statistic: float | None
    p_value: float | None


def compare_shares(base: pd.Series, now: pd.Series) -> float | None:
    """Compute the population stability index of two samples, `model/shift.py` says how.

    The bins are tenths of the base, or its frequent categories; missing values are one more.

    Returns:
        The index, or None where a sample has no rows.
    """
    if base.empty or now.empty:
        return None
    profile = describe_column(base)
    return float(stability_index(count_base(profile), count_now(profile, now)))


def compare_numbers(base: pd.Series, now: pd.Series) -> Tested:
    """Test numbers that are not missing with Kolmogorov's and Smirnov's test of two samples.

    That test finds too little in numbers of few values, such as 0 and 1: those are categories.
    """
    if pd.concat([base, now]).nunique() <= MAX_DISTINCT:
        return compare_categories(base, now)
    name = "Kolmogorov-Smirnov"
    samples = [values.dropna().to_numpy(dtype="float64") for values in (base, now)]
    if not all(map(len, samples)):
        return Tested(name, None, None)
    # The exact distribution takes long for many rows and does not hold for ties.
    found = stats.ks_2samp(*samples, method="asymp")
    return Tested(name, float(found.statistic), float(found.pvalue))


def compare_categories(base: pd.Series, now: pd.Series) -> Tested:
    """Test categories that are not missing with Pearson's chi-squared test of homogeneity.

    Rare categories are taken together, so that at least five rows are expected of each in both.
    """
    name = "chi-squared"
    counts = pd.DataFrame({"base": base.value_counts(), "now": now.value_counts()}).fillna(0)
    table = pool_rare(counts.to_numpy(dtype="float64"))
    if not table.size or not table.sum(axis=0).all():
        return Tested(name, None, None)
    if len(table) == 1:
        return Tested(name, 0.0, 1.0)
    found = stats.chi2_contingency(table, correction=False)
    return Tested(name, float(found.statistic), float(found.pvalue))


def pool_rare(table: Array) -> Array:
    """Add up the rows of a table of counts in which fewer than five are expected in a column.

    Args:
        table: Of shape (n_categories, 2).

    Returns:
        Table of shape (n_kept, 2) with the same sums. If the rare ones are rare even together,
        they are added to the rarest of the others.
    """
    if not table.sum():
        return table
    least = table.sum(axis=1) * table.sum(axis=0).min() / table.sum()
    ordered = table[np.argsort(-least, kind="stable")]
    n_sound = int((least >= MIN_EXPECTED).sum())
    sound, rest = ordered[:n_sound], ordered[n_sound:].sum(axis=0, keepdims=True)
    if not rest.any():
        return sound
    if n_sound and rest.sum() * table.sum(axis=0).min() / table.sum() < MIN_EXPECTED:
        return np.concatenate([sound[:-1], sound[-1:] + rest])
    return np.concatenate([sound, rest])
