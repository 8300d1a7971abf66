"""Two models on the same rows: the difference, and whether chance could have made it."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypedDict

import numpy as np
from scipy.stats import norm

from ...common.settings import Comparison
from ...measure.bootstrap import Score, is_defined, percentile_interval, resample_scores

Array = np.ndarray


class ScorePair(TypedDict):
    """A score of both models; the difference is now minus base, with its 95 % interval."""

    base: float
    now: float
    difference: float
    low: float
    high: float


class Difference(TypedDict):
    """How much better the model of now is; negative where it is worse."""

    value: float
    low: float
    high: float
    probability_better: float


class Paired(NamedTuple):
    """A score of both models on all rows, and on resamples.

    Attributes:
        base: The earlier model's score.
        now: Today's.
        resampled: Differences, now minus base, of shape (n_resamples,); NaN where the score is not
            defined.
    """

    base: float
    now: float
    resampled: Array

    def as_scores(self) -> ScorePair:
        """Give both scores and their difference as it is."""
        interval = percentile_interval(self.resampled)
        difference = self.now - self.base
        return {"base": self.base, "now": self.now, "difference": difference, **interval}

    def as_gain(self, *, lower_is_better: bool) -> Difference:
        """Give the difference so that positive means better.

        The probability of being better is the share of resamples in which it is, ties counting
        half.
        """
        sign = -1 if lower_is_better else 1
        gains = sign * self.resampled[np.isfinite(self.resampled)]
        return {
            "value": sign * (self.now - self.base),
            **percentile_interval(gains),
            "probability_better": float((gains > 0).mean() + (gains == 0).mean() / 2),
        }


def pair_scores(
    base: Mapping[str, Score], now: Mapping[str, Score], weights: Iterable[Array], n_rows: int
) -> dict[str, Paired]:
    """Compute scores of both models, each resample the same for both (paired bootstrap).

    Args:
        base: Scores of the earlier model.
        now: The same scores of today's.
        weights: From `draw_weights`.
        n_rows: How many rows there are.

    Returns:
        By name. A score that is not defined on all rows, or on too few resamples, is left out.
    """
    both = {f"base {name}": score for name, score in base.items()}
    drawn = resample_scores(both | {f"now {name}": score for name, score in now.items()}, weights)
    once = np.ones((1, n_rows))
    pairs = {
        name: Paired(
            float(base[name](once)[0]),
            float(now[name](once)[0]),
            drawn[f"now {name}"] - drawn[f"base {name}"],
        )
        for name in now
    }
    return {name: pair for name, pair in pairs.items() if _is_defined(pair)}


def _is_defined(pair: Paired) -> bool:
    return is_defined(pair.resampled) and math.isfinite(pair.base) and math.isfinite(pair.now)


def judge_difference(gain: Mapping[str, float] | Difference) -> Comparison:
    """Say whether the model is better: only what chance could hardly have made counts."""
    if gain["low"] > 0:
        return "better"
    return "worse" if gain["high"] < 0 else "same within noise"


def count_needed_rows(pair: Paired, n_rows: int, min_difference: float) -> int | None:
    """Estimate how many rows it takes to find a difference.

    The sample size for 80 % power of a two-sided test at 5 %,
    n = ((z_0.975 + z_0.8) · sd / difference)² (Lachin, 1981, Controlled Clinical Trials 2:93-113),
    where sd / √n is the standard error of the difference, here that of the bootstrap.

    Args:
        pair: The score of both models.
        n_rows: On how many rows.
        min_difference: The difference to find, in the unit of the score.

    Returns:
        Number of rows, or None if both models predict alike, so that there is nothing to find.
    """
    error = float(np.std(pair.resampled[np.isfinite(pair.resampled)], ddof=1))
    if error == 0:
        return None
    spread = float(norm.ppf(0.975) + norm.ppf(0.8)) * error
    return math.ceil(n_rows * (spread / min_difference) ** 2)
