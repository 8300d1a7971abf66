"""How long one prediction of the packaged model takes, here and now."""

import time
from pathlib import Path

import numpy as np

from ..io import read_part
from ..serving.scorer import Scorer
from ..wheel.unpack import open_wheel

PREDICTIONS = 1000
# Another program's turn on the processor is no property of the model; the best round has the
# fewest of them.
ROUNDS = 3


def measure_latency(dist: Path, prepared: Path) -> float:
    """Measure the time that 99 of 100 predictions of one row take at most.

    Args:
        dist: Folder of the packaged model, whose code is the project's while dvc.lock is true.
        prepared: Folder of the clean rows, of which the test part is predicted.

    Returns:
        Milliseconds in process, without the way through HTTP; the best of three rounds.

    Raises:
        ModelError: The wheel's model was changed.
    """
    rows = read_part(prepared, "test").head(PREDICTIONS).to_dict("records")
    with open_wheel(dist) as package:
        scorer = Scorer.load(package / "bundle")
        seconds = np.empty((ROUNDS, PREDICTIONS))
        for times in seconds:
            for place in range(PREDICTIONS):
                start = time.perf_counter()
                scorer.score([rows[place % len(rows)]])
                times[place] = time.perf_counter() - start
    return float(np.percentile(seconds, 99, axis=1).min() * 1000)
