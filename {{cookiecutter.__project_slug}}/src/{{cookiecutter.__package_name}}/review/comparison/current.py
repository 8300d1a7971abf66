"""The results of the last `dvc repro`, as a comparison needs them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...common.errors import ModelError
from ...common.io import PARTS, read_json, read_part
from ...common.settings import Params, load_params
from ...model.trained import Description, load_model
from ...schema import Schema, load_schema
from ..lock import LAST_STAGE, find_stale_stages
from ..verdict import Verdict

RESULTS = ("reports/verdict.json", "models/estimator", "data/prepared", "data/features")


class Current(NamedTuple):
    """The project as it is.

    Attributes:
        root: The project's folder.
        params: Its params.yaml.
        schema: Its schema.yaml.
        parts: Prepared rows of each part.
        predictions: Of the test part, as from `TrainedModel.predict`.
        description: Of the model.
        threshold: Probability from which a row counts as yes, if the task has one.
        verdict: Of `evaluate`.
    """

    root: Path
    params: Params
    schema: Schema
    parts: dict[str, pd.DataFrame]
    predictions: np.ndarray
    description: Description
    threshold: float | None
    verdict: Verdict


def check_results(root: Path) -> None:
    """Check that the results are there and that they are those of the settings, code and data.

    Raises:
        ModelError: They are not.
        GateError: DVC can't tell.
    """
    absent = [name for name in RESULTS if not (root / name).exists()]
    if absent:
        raise ModelError(
            f"{absent[0]}: not there, so there is no model to compare; run `uv run dvc repro`"
        )
    # Nothing that is compared comes from the last one.
    stale = [stage for stage in find_stale_stages(root) if stage != LAST_STAGE]
    if stale:
        raise ModelError(
            f"the results are out of date: {', '.join(stale)} would run again; run "
            "`uv run dvc repro`, then compare"
        )


def read_current(root: Path) -> Current:
    """Read the results.

    Args:
        root: The project's folder, after `check_results`.
    """
    model = load_model(root / "models/estimator")
    return Current(
        root=root,
        params=load_params(root / "params.yaml"),
        schema=load_schema(root / "schema.yaml"),
        parts={part: read_part(root / "data/prepared", part) for part in PARTS},
        predictions=model.predict(read_part(root / "data/features", "test")),
        description=model.description,
        threshold=read_threshold(root),
        verdict=read_json(root / "reports/verdict.json"),
    )


def read_threshold(folder: Path) -> float | None:
    """Read the decision threshold that `evaluate` chose, if it did."""
    path = folder / "reports/details.json"
    decision = read_json(path).get("decision") if path.exists() else None
    return (decision or {}).get("threshold")
