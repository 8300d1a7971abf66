"""The bundle that a model travels in: all that a prediction needs, checked before it is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..common.errors import DataError, ModelError
from ..common.yaml_file import did_you_mean
from ..data.contract import apply_contract
from ..data.row_contract import blame
from ..features.transform import extend_rows, transform_rows
from ..schema import Schema, load_schema
from .manifest import MODEL, SCHEMA, TRANSFORM, check_manifest
from .overflow import predict_scalable
from .skops_file import load
from .trained import TrainedModel, load_model


@dataclass(frozen=True)
class Bundle:
    """A model with the contract and the transform of its rows."""

    schema: Schema
    transform: Any
    model: TrainedModel
    version: str

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Predict rows as they come, with the pipeline's own contract, features and transform.

        Args:
            rows: DataFrame of shape (n_rows, n_columns) with at least the columns of the roles
                feature and time, of any dtype.

        Returns:
            DataFrame of shape (n_rows, ...) with the index of the rows. `probability` for a
            binary task; `prediction` for the others, and `probability_<class>` for each class of a
            multi-class one; missing where the row breaks the contract or overflows in a linear
            model, as `fault` then says.

        Raises:
            DataError: A column is missing.
        """
        known = self.schema.with_role("feature", "time")
        for name in known:
            if name not in rows:
                # What has its own place in the contract is not another column misspelt.
                others = [str(column) for column in rows if column not in self.schema.columns]
                raise DataError(f"the rows have no column {name!r}{did_you_mean(name, others)}")
        coerced, faults = apply_contract(rows[known].reset_index(drop=True), self.schema)
        sound = faults["column"] == ""
        predicted, blamed = self.predict_sound(coerced[sound])
        fault = (faults["column"] + " " + faults["rule"]).mask(sound, "")
        value = (", is " + faults["value"]).mask(faults["value"] == "", "")
        fault += value
        for place, name in blamed[blamed != ""].items():
            fault[place] = str(blame(name, rows.iloc[place]))
        return predicted.reindex(coerced.index).assign(fault=fault).set_axis(rows.index)

    def predict_sound(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
        """Predict rows that keep to the contract.

        Args:
            rows: As `apply_contract` gives them.

        Returns:
            The predictions as of `predict`, without `fault`, and for each row the feature that
            overflows in a linear model, or "".
        """
        description = self.model.description
        names = description.name_outputs()
        # Neither scikit-learn nor LightGBM takes a table without rows.
        values, blamed = np.empty((0, len(names))), np.empty(0, dtype=object)
        if len(rows):
            features = transform_rows(self.transform, extend_rows(rows, self.schema))
            values, blamed = predict_scalable(self.model, features)
        table = pd.DataFrame(values, columns=names, index=rows.index)
        if description.classes:
            best = [description.classes[place] for place in values.argmax(axis=1)]
            table.insert(0, "prediction", pd.Series(best, rows.index).where(blamed == ""))
        return table, pd.Series(blamed, rows.index)


def load_bundle(folder: Path) -> Bundle:
    """Check a bundle against its manifest, then load it.

    Raises:
        ModelError: A file is missing, was changed after packaging, or may run code.
    """
    version = check_manifest(folder)
    return assemble_bundle(folder / SCHEMA, folder / TRANSFORM, folder / MODEL, version)


def assemble_bundle(schema: Path, transform: Path, model: Path, version: str) -> Bundle:
    """Load a bundle from its parts.

    Raises:
        ModelError: A part is missing or may run code.
    """
    if not transform.exists():
        raise ModelError(f"{transform}: no such file; run `dvc repro`")
    return Bundle(load_schema(schema), load(transform), load_model(model), version)
