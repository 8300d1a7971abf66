"""The proof that rows served one by one get the pipeline's own predictions."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..common.errors import GateError
from .scored import TOLERANCE, Scored, describe_scored
from .scorer import Scorer

# More rows than that prove no more, and take minutes.
MAX_ROWS = 100_000
CHUNK = 1000


def prove_equal(scorer: Scorer, rows: pd.DataFrame, expected: pd.DataFrame) -> str:
    """Score rows and compare, unless a row is served by the pipeline's own code.

    Args:
        scorer: The packaged model.
        rows: Clean rows with just the columns of the roles feature and time.
        expected: The pipeline's own predictions for them, of shape (n_rows, n_outputs).

    Returns:
        How rows are served, in words, with the largest difference of a prediction, which is in
        proportion to predictions beyond 1.

    Raises:
        GateError: The predictions differ, or a decision or a class does.
    """
    if scorer.not_compiled:
        return f"serves single rows by pandas, as it can't compile {scorer.not_compiled}"
    places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MAX_ROWS)).astype(int))
    rows, numbers = rows.iloc[places], expected.to_numpy()[places]
    largest = 0.0
    for start in range(0, len(rows), CHUNK):
        chunk = rows.iloc[start : start + CHUNK]
        records = chunk.to_dict("records")
        scored = scorer.score(records)
        # The first chunk also one by one, as most requests come.
        alone = [scorer.score([record])[0] for record in records] if start == 0 else scored
        for found in (scored, alone):
            due = numbers[start : start + CHUNK]
            largest = max(largest, _compare(scorer, found, due, chunk.index))
    n_rows, size = len(rows), "none" if largest == 0 else f"at most {largest:.0e}"
    return f"serves single rows compiled (difference on {n_rows:,} test rows: {size})"


def answer_rows(scorer: Scorer, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask a model for rows whose answers travel with it.

    Args:
        scorer: The packaged model.
        rows: As JSON.

    Returns:
        `rows`, and `predictions` as /predict answers.
    """
    answer = {"rows": rows, "predictions": [*map(describe_scored, scorer.score(rows))]}
    # JSON has no infinity, which a linear model of huge numbers gives.
    found: dict[str, Any] = json.loads(json.dumps(answer), parse_constant=lambda _: None)
    return found


def _compare(
    scorer: Scorer, scored: Sequence[Scored], numbers: np.ndarray, index: pd.Index
) -> float:
    found = np.array([_numbers_of(each) for each in scored])
    scale = np.maximum(np.abs(numbers), 1.0)
    differences = (np.abs(found - numbers) / scale).max(axis=1, initial=0.0)
    decided = [each.prediction if scorer.classes else each.decision for each in scored]
    pairs = zip(decided, _decide(scorer, numbers), strict=True)
    wrong = ~(differences <= TOLERANCE) | [mine != due for mine, due in pairs]
    if wrong.any():
        place = int(wrong.argmax())
        raise GateError(
            f"the model is not packaged: served as a single row, the test row with index "
            f"{index[place]} gets {found[place].tolist()}, but "
            f"{numbers[place].tolist()} in the pipeline. Make each feature in features/custom.py "
            "depend on its own row only"
        )
    return float(differences.max(initial=0.0))


def _numbers_of(scored: Scored) -> list[float]:
    if scored.probabilities is not None:
        return [*scored.probabilities.values()]
    number = scored.prediction if scored.probability is None else scored.probability
    # A row with faults has no number, which equals none.
    return [float("nan") if number is None else float(number)]


def _decide(scorer: Scorer, numbers: np.ndarray) -> list[Any]:
    if scorer.classes:
        return [scorer.classes[place] for place in numbers.argmax(axis=1)]
    if scorer.threshold is None:
        return [None] * len(numbers)
    return [number >= scorer.threshold for number in numbers[:, 0].tolist()]
