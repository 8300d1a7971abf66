"""Rows as dicts to predictions: the interface of whatever serves a packaged model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from ..common.io import read_json
from ..model.manifest import GRAPH, check_manifest
from .fast import FastEngine
from .scored import Scored


class Scorer:
    """A packaged model that scores rows.

    Threads may share it. It holds nothing that a call changes, and LightGBM locks its own parts.

    Attributes:
        version: Of the packaged model.
        task: binary, multiclass or regression.
        classes: Of a multi-class task, else empty.
        threshold: The probability from which the decision is yes, in a binary task.
        not_compiled: None if rows take the fast way, else why they take the slow one.
    """

    def __init__(self, graph: Mapping[str, Any], folder: Path, version: str) -> None:
        """Take a serving graph and the folder of its bundle; `load` checks both first."""
        self.version = version
        self.task: str = graph["task"]
        self.classes: list[str] = graph["classes"]
        self.threshold: float | None = graph["threshold"]
        self.not_compiled: str | None = graph["not_compiled"]
        self._engine = _make_slow(graph, folder) if self.not_compiled else FastEngine(graph, folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Check a bundle against its manifest, then load it.

        Raises:
            ModelError: A file is missing, was changed after packaging, or may run code.
        """
        version = check_manifest(folder)
        return cls(read_json(folder / GRAPH), folder, version)

    def score(
        self, rows: Sequence[Mapping[str, object]], *, contributions: bool = False
    ) -> list[Scored]:
        """Score rows as they come: checked by the contract, with custom features.

        Args:
            rows: Each with a value for each column of the roles feature and time, as JSON has
                them: a number, text, true, false or null. Other keys are passed over.
            contributions: Whether to say what moved each prediction, which takes longer.

        Returns:
            For each row its faults or its prediction.

        Raises:
            DataError: features/custom.py gives what no feature can be.
        """
        return self._engine.score(rows, contributions)


def _make_slow(graph: Mapping[str, Any], folder: Path) -> Any:
    from ..model.bundle import assemble_bundle
    from ..model.manifest import MODEL, SCHEMA, TRANSFORM
    from .slow import SlowEngine

    bundle = assemble_bundle(folder / SCHEMA, folder / TRANSFORM, folder / MODEL, "")
    return SlowEngine(graph, bundle)
