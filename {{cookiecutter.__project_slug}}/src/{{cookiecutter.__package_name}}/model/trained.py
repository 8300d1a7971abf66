"""A trained model on disk and in memory."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from ..common.errors import ModelError
from ..common.io import read_json, write_json
from ..common.settings import Task

TEXT, SKOPS, DESCRIPTION = "model.txt", "model.skops", "description.json"


@dataclass(frozen=True)
class Description:
    """What must be known of a model to use it.

    Attributes:
        task: Decides what `predict` returns.
        features: The columns it was trained on, in their order.
        classes: The classes of a multi-class task, in the order of the columns that `predict`
            returns; else empty.
    """

    task: Task
    features: list[str]
    classes: list[str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read that of the model in a folder.

        Raises:
            ModelError: There is none.
        """
        if not (folder / DESCRIPTION).exists():
            raise ModelError(f"{folder}: holds no model; run `dvc repro`")
        return cls(**read_json(folder / DESCRIPTION))

    def name_outputs(self) -> list[str]:
        """Name the columns of what the model predicts."""
        if self.task == "multiclass":
            return [f"probability_{name}" for name in self.classes]
        return ["probability" if self.task == "binary" else "prediction"]


@dataclass(frozen=True)
class TrainedModel:
    """A model that predicts; its estimator is a LightGBM Booster or of scikit-learn."""

    description: Description
    estimator: Any

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Predict the target.

        Args:
            features: DataFrame of shape (n_rows, n_features) from the transform.

        Returns:
            Probability of 1 of shape (n_rows,) for a binary task, of each class of shape
            (n_rows, n_classes) for a multi-class one, the number of shape (n_rows,) else.
        """
        X = features[self.description.features].to_numpy()
        if not hasattr(self.estimator, "predict_proba"):
            return np.asarray(self.estimator.predict(X))
        probabilities = np.asarray(self.estimator.predict_proba(X))
        return probabilities[:, 1] if self.description.task == "binary" else probabilities


def encode_target(target: pd.Series, classes: list[str]) -> np.ndarray:
    """Give the target as numbers: the index of the class for a multi-class task."""
    if classes:
        target = pd.Series(pd.Categorical(target, categories=classes).codes, dtype="int64")
    return np.asarray(target)


def is_lightgbm(estimator: Any) -> bool:
    """Say whether the estimator is LightGBM's, without importing it."""
    return type(estimator).__module__.startswith("lightgbm.")


def save_model(folder: Path, model: TrainedModel) -> None:
    """Write a fitted model: LightGBM's as text, any other with skops."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (TEXT, SKOPS):
        (folder / name).unlink(missing_ok=True)
    write_json(folder / DESCRIPTION, asdict(model.description))
    if is_lightgbm(model.estimator):
        text = model.estimator.booster_.model_to_string()
        # The text names the threads that happened to be used, on which the trees don't depend.
        text = re.sub(r"^\[num_threads: \d+\]$", "[num_threads: 0]", text, flags=re.MULTILINE)
        (folder / TEXT).write_text(text, encoding="utf-8", newline="\n")
    else:
        from .skops_file import save

        save(model.estimator, folder / SKOPS)


def load_model(folder: Path) -> TrainedModel:
    """Read a model that `save_model` wrote.

    Raises:
        ModelError: There is none, or it holds a type that may run code.
    """
    description = Description.read(folder)
    if (folder / TEXT).exists():
        from lightgbm import Booster

        return TrainedModel(description, Booster(model_file=folder / TEXT))
    from .skops_file import load

    return TrainedModel(description, load(folder / SKOPS))
