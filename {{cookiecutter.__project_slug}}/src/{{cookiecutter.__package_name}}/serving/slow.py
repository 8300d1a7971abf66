"""Rows scored by the pipeline's own code, for what no serving graph can hold."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..data.contract import apply_contract
from ..data.row_contract import ABSENT, Fault, blame
from ..features.transform import extend_rows, transform_rows
from ..model.bundle import Bundle
from .scored import Scored, conclude


class SlowEngine:
    """The bundle behind the interface of FastEngine."""

    def __init__(self, graph: Mapping[str, Any], bundle: Bundle) -> None:
        """Take the threshold from the graph and all else from the bundle."""
        self._graph, self._bundle = graph, bundle

    def score(self, rows: Sequence[Mapping[str, Any]], contributions: bool) -> list[Scored]:
        """Score rows, in their order.

        Raises:
            DataError: features/custom.py gives what no feature can be.
        """
        known = self._bundle.schema.with_role("feature", "time")
        table = pd.DataFrame(
            {
                name: pd.Series([_clean(row.get(name)) for row in rows], dtype=object)
                for name in known
            }
        )
        scored = [Scored(faults) for faults in self._find_faults(rows, table)]
        sound = [place for place, found in enumerate(scored) if not found.faults]
        if sound:
            kept = [rows[place] for place in sound]
            made = self._score_sound(table.iloc[sound], kept, contributions)
            for place, found in zip(sound, made, strict=True):
                scored[place] = found
        return scored

    def _find_faults(
        self, rows: Sequence[Mapping[str, Any]], table: pd.DataFrame
    ) -> list[list[Fault]]:
        found: list[list[Fault]] = [[] for _ in rows]
        for name in table:
            _, broken = apply_contract(table[[name]], self._bundle.schema)
            faults = zip(rows, found, broken.itertuples(index=False, name=None), strict=True)
            for row, of_row, fault in faults:
                if name not in row:
                    of_row.append(Fault(name, ABSENT, ""))
                elif fault[0]:
                    of_row.append(Fault(*fault))
        return found

    def _score_sound(
        self, table: pd.DataFrame, rows: Sequence[Mapping[str, Any]], contributions: bool
    ) -> list[Scored]:
        model = self._bundle.model
        coerced, _ = apply_contract(table, self._bundle.schema)
        predicted, blamed = self._bundle.predict_sound(coerced)
        outputs = predicted.select_dtypes("number").to_numpy().tolist()
        scored = [
            Scored([blame(name, row)]) if name else conclude(self._graph, found)
            for name, row, found in zip(blamed, rows, outputs, strict=True)
        ]
        if contributions and hasattr(model.estimator, "feature_importance"):
            extended = extend_rows(coerced, self._bundle.schema)
            X = transform_rows(self._bundle.transform, extended)[model.description.features]
            raw = model.estimator.predict(X.to_numpy(), pred_contrib=True)
            for found, values, line in zip(scored, outputs, raw, strict=True):
                parts = line.reshape(len(values), -1)[int(np.argmax(values))]
                found.contributions = dict(zip(X.columns, parts[:-1].tolist(), strict=True))
                found.base = float(parts[-1])
        return scored


def _clean(value: Any) -> Any:
    # Arrow takes no half of a surrogate pair, which JSON may hold.
    return value.encode(errors="replace").decode() if isinstance(value, str) else value
