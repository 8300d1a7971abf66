"""The curves of two models, thinned for a report."""

from pathlib import Path
from typing import TypedDict

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from ...common.settings import Task
from .compared_rows import ComparedRows

MAX_POINTS = 60
LEARNING = "reports/train/plots/metrics/validation/metric.tsv"

Points = list[list[float]]


class Curves(TypedDict):
    """Points of each curve of a model; none where there is no such curve."""

    roc: Points
    learning: Points


def trace_curves(now: Path, base: Path, rows: ComparedRows | None, task: Task) -> dict[str, Curves]:
    """Trace the learning curves of both models, and for a binary task their ROC on the same rows.

    Args:
        now: The project's folder.
        base: Where the earlier revision is checked out, with its outputs.
        rows: The rows with both predictions, if the models can be compared.
        task: Of both models.
    """
    compared = rows if task == "binary" else None
    return {
        "base": {
            "roc": trace_roc(compared.y, compared.base) if compared else [],
            "learning": read_learning_curve(base),
        },
        "now": {
            "roc": trace_roc(compared.y, compared.now) if compared else [],
            "learning": read_learning_curve(now),
        },
    }


def trace_roc(y: np.ndarray, probabilities: np.ndarray) -> Points:
    """Trace false and true positive rate."""
    false_positive_rate, true_positive_rate, _ = roc_curve(y, probabilities)
    return _thin(np.column_stack([false_positive_rate, true_positive_rate]))


def read_learning_curve(folder: Path) -> Points:
    """Read step and metric on the validation part, as DVCLive logged them."""
    path = folder / LEARNING
    if not path.exists():
        return []
    table = pd.read_csv(path, sep="\t")
    if not {"step", "metric"} <= {*table}:
        return []
    return _thin(table[["step", "metric"]].dropna().to_numpy(dtype="float64"))


def _thin(points: np.ndarray) -> Points:
    places = np.unique(np.linspace(0, len(points) - 1, MAX_POINTS).round().astype(int))
    thinned: Points = points[places[places >= 0]].tolist()
    return thinned
