"""How long one prediction of the packaged model takes, here and now."""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..common.console import show
from ..common.io import read_part
from ..common.numbers import show_limit
from ..serving.scorer import Scorer
from ..wheel.unpack import open_wheel

PREDICTIONS = 1000
# Another program's turn on the processor is no property of the model; the best round has the
# fewest of them.
ROUNDS = 3


class Latency(NamedTuple):
    """What a prediction takes.

    Attributes:
        milliseconds: From `measure_latency`; None without a test part or a wheel to measure with.
        fault: What is wrong with that, with its remedy; else empty.
    """

    milliseconds: float | None
    fault: str


def check_latency(folder: Path, budget: float) -> Latency:
    """Hold the packaged model against the goal's budget.

    Args:
        folder: The project.
        budget: Milliseconds, goal.budget.latency_ms.
    """
    if not (folder / "data/prepared/test.parquet").exists():
        return Latency(None, "data/prepared has no test part; run `uv run dvc pull`")
    show("measuring the latency")
    milliseconds = measure_latency(folder / "dist", folder / "data/prepared")
    if milliseconds <= budget:
        return Latency(milliseconds, "")
    return Latency(
        milliseconds,
        f"99 of 100 predictions must take at most {show_limit(budget)} ms, but take "
        f"{milliseconds:.3g} ms here; make the model smaller, or change goal.budget.latency_ms "
        "with the goal's owner",
    )


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
