"""What evaluate found out, for those who write it up."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .verdict import Verdict

Content = Mapping[str, Any]


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
