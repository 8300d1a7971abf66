"""A model on the rows of one file."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from ...common.errors import DataError
from ...common.yaml_file import did_you_mean
from ...data.tables import check_separator
from ...model.bundle import Bundle
from ..scored import find_free_name
from .chunk import TEXT, Chunk


class Completion(NamedTuple):
    """Gives rows the columns that they lack.

    Attributes:
        add: The function from rows to rows with more columns.
        identity: Changes with whatever may change what is added.
    """

    add: Callable[[pd.DataFrame], pd.DataFrame]
    identity: str


def add_nothing(_: list[str]) -> Completion:
    """Leave rows as they are."""
    return Completion(lambda rows: rows, "")


class Model(NamedTuple):
    """What predicts.

    Attributes:
        bundle: The model.
        identity: Changes with whatever may change a prediction, but for the threshold.
        threshold: The probability from which the decision is yes, in a binary task.
        prepare: Makes the completion for rows with these columns.
    """

    bundle: Bundle
    identity: str
    threshold: float | None = None
    prepare: Callable[[list[str]], Completion] = add_nothing


class Predictor:
    """Predicts chunks of a file.

    Attributes:
        schema: Of what it gives: the rows' own columns, then those of the prediction.
        identity: Changes with whatever may change a prediction.
    """

    def __init__(self, model: Model, path: Path, own: pa.Schema) -> None:
        """Check that the file has the columns that the model needs.

        Raises:
            DataError: It has not, and they can't be looked up.
        """
        self._bundle, self._threshold = model.bundle, model.threshold
        if own.names[0] not in model.bundle.schema.columns:
            check_separator(path, own.names)
        completion = model.prepare(own.names)
        self._add = completion.add
        self.identity = f"{model.identity} {model.threshold} {completion.identity}"
        rows = self._add(pd.DataFrame(columns=own.names, dtype="str"))
        _check_columns(path, own.names, rows, model.bundle)
        kinds = {"fault": TEXT}
        if model.bundle.model.description.classes:
            kinds["prediction"] = TEXT
        if self._threshold is not None:
            kinds["prediction"] = pa.bool_()
        self.schema = own
        for name in self._predict(rows):
            free = find_free_name(name, self.schema.names)
            self.schema = self.schema.append(pa.field(free, kinds.get(name, pa.float64())))

    def predict(self, chunk: Chunk) -> tuple[pa.Table, int]:
        """Give the rows with their predictions, and how many are faulty."""
        predicted = self._predict(self._add(chunk.rows))
        fields = [*self.schema][chunk.own.num_columns :]
        added = [
            pa.array(predicted[name], field.type, from_pandas=True)
            for name, field in zip(predicted, fields, strict=True)
        ]
        table = pa.Table.from_arrays([*chunk.own.columns, *added], schema=self.schema)
        return table, int((predicted["fault"] != "").sum())

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        predicted = self._bundle.predict(rows)
        if self._threshold is not None:
            decisions = predicted["probability"] >= self._threshold
            predicted.insert(0, "prediction", decisions.mask(predicted["fault"] != "", None))
        return predicted


def _check_columns(path: Path, own: list[str], rows: pd.DataFrame, bundle: Bundle) -> None:
    missing = [name for name in bundle.schema.with_role("feature", "time") if name not in rows]
    if missing:
        others = [name for name in own if name not in bundle.schema.columns]
        word = "column" if len(missing) == 1 else "columns"
        raise DataError(
            f"{path}: has no {word} {', '.join(missing)}{did_you_mean(missing[0], others)}; the "
            "model needs each column of the roles feature and time, looked-up ones too"
        )
