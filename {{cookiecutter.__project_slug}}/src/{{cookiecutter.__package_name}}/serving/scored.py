"""What is said of a scored row."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..data.row_contract import Fault

# What a compiled model may differ by, in proportion beyond 1; LightGBM differs by nothing.
TOLERANCE = 1e-6
MAX_CONTRIBUTIONS = 10


@dataclass(slots=True)
class Scored:
    """The faults of a row, or its prediction.

    Attributes:
        faults: The first broken rule of each column; where there is one, nothing else is set.
        prediction: The class of a multi-class task, the number of a regression.
        probability: Of yes, in a binary task.
        decision: Whether the probability reaches the chosen threshold, in a binary task.
        probabilities: Of each class, in a multi-class task.
        contributions: If asked for and if the model has them: what each column and each custom
            feature added to the raw score, which is the log-odds in a binary task, that of the
            predicted class in a multi-class one, and the number itself in a regression.
        base: The raw score without them.
    """

    faults: list[Fault] = field(default_factory=list)
    prediction: str | float | None = None
    probability: float | None = None
    decision: bool | None = None
    probabilities: dict[str, float] | None = None
    contributions: dict[str, float] | None = None
    base: float | None = None


def find_free_name(name: str, taken: Container[str]) -> str:
    """Give a column of predictions a name that none of the rows' own columns has."""
    while name in taken:
        name += "_predicted"
    return name


def conclude(graph: Mapping[str, Any], outputs: list[float]) -> Scored:
    """Say what the numbers that a model predicts for a row mean.

    Args:
        graph: The serving graph, for the task, the classes and the threshold.
        outputs: As TrainedModel.predict returns them for one row.
    """
    if graph["task"] == "regression":
        return Scored(prediction=outputs[0])
    if graph["task"] == "binary":
        threshold = graph["threshold"]
        decision = None if threshold is None else outputs[0] >= threshold
        return Scored(probability=outputs[0], decision=decision)
    best = graph["classes"][outputs.index(max(outputs))]
    return Scored(prediction=best, probabilities=dict(zip(graph["classes"], outputs, strict=True)))


def describe_scored(scored: Scored) -> dict[str, Any]:
    """Say of a sound row what /predict answers."""
    binary = scored.probability is not None
    said: dict[str, Any] = {"prediction": scored.decision if binary else scored.prediction}
    if binary:
        said["probability"] = scored.probability
    if scored.probabilities is not None:
        said["probabilities"] = scored.probabilities
    if scored.contributions is not None:
        pairs = sorted(scored.contributions.items(), key=lambda pair: -abs(pair[1]))
        said["contributions"] = [
            {"feature": feature, "value": value} for feature, value in pairs[:MAX_CONTRIBUTIONS]
        ]
        said["base"] = scored.base
    return said
