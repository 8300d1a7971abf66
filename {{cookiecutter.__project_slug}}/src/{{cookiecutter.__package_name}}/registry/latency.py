"""How long one prediction of the packaged model takes, here and now."""

import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

from ..io import read_part
from ..serving.scorer import Scorer

PREDICTIONS = 1000
# Another program's turn on the processor is no property of the model; the best round has the
# fewest of them.
ROUNDS = 3


def measure_latency(wheel: Path, prepared: Path) -> float:
    """Measure the time that 99 of 100 predictions of one row take at most.

    Args:
        wheel: The packaged model; its code is that of the project while dvc.lock is true.
        prepared: Folder of the clean rows, of which the test part is predicted.

    Returns:
        Milliseconds in process, without the way through HTTP; the best of three rounds.

    Raises:
        ModelError: The wheel's model was changed.
    """
    rows = read_part(prepared, "test").head(PREDICTIONS).to_dict("records")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with zipfile.ZipFile(wheel) as content:
            content.extractall(folder)
        scorer = Scorer.load(next(Path(folder).glob("*/bundle")))
        seconds = np.empty((ROUNDS, PREDICTIONS))
        for times in seconds:
            for place in range(PREDICTIONS):
                start = time.perf_counter()
                scorer.score([rows[place % len(rows)]])
                times[place] = time.perf_counter() - start
    return float(np.percentile(seconds, 99, axis=1).min() * 1000)
