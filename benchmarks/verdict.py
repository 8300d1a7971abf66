"""How often the verdict of `compare` is wrong, by simulation.

Runs in a generated project, as that of `make demo`, with the project's own code:

    cd build/demo/flight-delays && uv run python ../../../benchmarks/verdict.py

Two models see the target through the same signal and noise, and a little noise of their own, as two
trainings on nearly the same rows do. In each trial their scores are drawn for new rows and judged.
"""

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
from flight_delays.measure.bootstrap import draw_weights, weighted_scores
from flight_delays.review.comparison.paired import count_needed_rows, judge_difference, pair_scores
from scipy.stats import norm

SHARE_POSITIVE = 0.25
ROC_AUC = 0.70
# Correlation of the scores of rows of one class. In the flights example it is 0.93 to 0.98 between
# the models of two months that follow each other, and 0.81 to 0.86 between March and November.
SHARED_NOISE = 0.9
# What review.min_difference asks for.
MIN_DIFFERENCE = 0.01


class Case(NamedTuple):
    """Two models: how much better the second is, and on how many rows they are compared."""

    name: str
    gain: float
    rows: int


class Outcome(NamedTuple):
    """The verdict of one trial, and the rows that it said would be needed."""

    verdict: str
    needed_rows: int


def main() -> None:
    """Run the trials and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000, help="of each case (default 1000)")
    parser.add_argument("--resamples", type=int, default=300, help="of a trial (default 300)")
    arguments = parser.parse_args()
    judge = partial(judge_trials, arguments.trials, arguments.resamples)
    print("| compared | rows | called different | called better | goal |\n|---|---|---|---|---|")
    equal = Case("equal models", 0.0, 1000)
    report(equal, judge(equal), "different in at most 5 %")
    better = Case(f"better by {MIN_DIFFERENCE}", MIN_DIFFERENCE, 1000)
    outcomes = judge(better)
    needed = int(np.median([outcome.needed_rows for outcome in outcomes]))
    report(better, outcomes, f"better in 80 %, or say how many rows it takes: {needed:,}")
    enough = Case(f"better by {MIN_DIFFERENCE}, on so many rows", MIN_DIFFERENCE, needed)
    report(enough, judge(enough), "better in 80 %")


def judge_trials(trials: int, resamples: int, case: Case) -> list[Outcome]:
    """Judge as many trials as asked for, each with seeds of its own."""
    # Many rows take long, so that there are fewer trials; the share is then less exact.
    trials = trials * 1000 // max(case.rows, 1000)
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(judge_trial, case, resamples), range(trials), chunksize=10))


def judge_trial(case: Case, resamples: int, seed: int) -> Outcome:
    """Draw rows and both models' scores of them, and judge the difference as `compare` does."""
    random = np.random.default_rng([case.rows, seed])
    y = (random.random(case.rows) < SHARE_POSITIVE).astype(int)
    shared = np.sqrt(SHARED_NOISE) * random.normal(size=case.rows)
    base, now = (
        weighted_scores(y, score_rows(y, shared, auc, random), "binary", 2)
        for auc in (ROC_AUC, ROC_AUC + case.gain)
    )
    weights = draw_weights(case.rows, resamples, seed)
    pairs = pair_scores(
        {"roc_auc": base["roc_auc"]}, {"roc_auc": now["roc_auc"]}, weights, case.rows
    )
    pair = pairs["roc_auc"]
    verdict = judge_difference(pair.as_gain(lower_is_better=False))
    return Outcome(verdict, count_needed_rows(pair, case.rows, MIN_DIFFERENCE) or 0)


def score_rows(
    y: np.ndarray, shared: np.ndarray, auc: float, random: np.random.Generator
) -> np.ndarray:
    """Draw a model's scores of shape (n_rows,): normal, apart by what gives the ROC AUC.

    For normal scores of variance 1 that is √2 · Φ⁻¹(AUC) (Green and Swets, 1966).
    """
    own = np.sqrt(1 - SHARED_NOISE) * random.normal(size=len(y))
    return np.asarray(norm.cdf(y * np.sqrt(2) * norm.ppf(auc) + shared + own))


def report(case: Case, outcomes: list[Outcome], goal: str) -> None:
    """Print a row of the table."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    better, worse = (counts[verdict] / len(outcomes) for verdict in ("better", "worse"))
    rows = f"{case.rows:,}, {len(outcomes):,} trials"
    cells = [case.name, rows, f"{better + worse:.1%}", f"{better:.1%}", goal]
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
