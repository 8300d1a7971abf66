"""Rows scored by the serving graph, without pandas and scikit-learn."""

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.row_contract import Contract, blame
from .features import Features
from .linear import Linear, UnscalableError
from .scored import Scored, conclude
from .trees import Trees


class FastEngine:
    """The contract, the features and the model of a serving graph."""

    def __init__(self, graph: Mapping[str, Any], folder: Path) -> None:
        """Take the graph and, for LightGBM, its model from the bundle's folder.

        Raises:
            ModelError: LightGBM can't be loaded, or can't read the model.
        """
        self._graph = graph
        self._contract = Contract(graph["columns"])
        self._features = Features(graph)
        self._inputs = {
            place: entry["column"] for entry in graph["inputs"] for place in entry["places"]
        }
        model = graph["model"]
        self._model: Trees | Linear = (
            Trees((folder / model["file"]).read_bytes(), len(graph["features"]))
            if model["kind"] == "lightgbm"
            else Linear(model)
        )

    def score(self, rows: Sequence[Mapping[str, Any]], contributions: bool) -> list[Scored]:
        """Score rows, in their order.

        Raises:
            DataError: features/custom.py gives what no feature can be.
        """
        read = [self._contract.read(row) for row in rows]
        made = iter(self._features.make([values for values, faults in read if not faults]))
        return [
            Scored(faults) if faults else self._score_features(row, next(made), contributions)
            for row, (_, faults) in zip(rows, read, strict=True)
        ]

    def _score_features(
        self, row: Mapping[str, Any], features: "array[float]", contributions: bool
    ) -> Scored:
        try:
            outputs = self._model.predict(features)
        except UnscalableError as error:
            return Scored([blame(self._inputs[error.args[0]], row)])
        scored = conclude(self._graph, outputs)
        if contributions:
            output = outputs.index(max(outputs))
            *parts, scored.base = self._model.contribute(features, output)
            scored.contributions = dict.fromkeys(self._inputs.values(), 0.0)
            for place, column in self._inputs.items():
                scored.contributions[column] += parts[place]
        return scored
