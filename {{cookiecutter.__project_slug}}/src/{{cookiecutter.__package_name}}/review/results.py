"""What evaluate found out, for those who write it up."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..common.settings import is_loss
from .verdict import Verdict

Content = Mapping[str, Any]


def arrow(metric: str) -> str:
    """Point to where the metric is better."""
    return "↓" if is_loss(metric) else "↑"


def spell(metric: str) -> str:
    """Name a metric in words, at whose ends a narrow terminal can wrap them, with its arrow."""
    return f"{metric.replace('_', ' ')} {arrow(metric)}"


class Results(NamedTuple):
    """The results of the last `dvc repro`.

    Attributes:
        verdict: From `judge`.
        metrics: Metrics by part, the content of metrics.json.
        details: The content of details.json.
        counts: The content of the prepare stage's counts.json.
    """

    verdict: Verdict
    metrics: Content
    details: Content
    counts: Content
