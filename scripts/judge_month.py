"""Judge models on the flights of a month that none of them has seen; runs inside the project.

Arguments: RAW, laid out as the project's data/raw, then a folder that holds schema.yaml and models,
those of an earlier month. Prints JSON: the scores of these, of the project's models, and of the
latter fitted again on all rows that were delivered.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from flight_delays.common.io import PARTS, TARGET, read_part
from flight_delays.common.settings import Params, load_params
from flight_delays.data.cleaning import add_target, clean
from flight_delays.data.sources import read_sources
from flight_delays.measure.bootstrap import (
    draw_weights,
    percentile_interval,
    resample_scores,
    weighted_scores,
)
from flight_delays.measure.metrics import score_predictions
from flight_delays.model.bundle import assemble_bundle
from flight_delays.model.estimators import build_estimator
from flight_delays.model.trained import TrainedModel, load_model, save_model
from flight_delays.schema import load_schema


def main() -> None:
    """Print the rows, each model's score, and the interval of the second minus the first."""
    raw, earlier = map(Path, sys.argv[1:])
    params = load_params(Path("params.yaml"))
    rows = read_rows(raw, params)
    y = rows.pop(TARGET).to_numpy()
    with tempfile.TemporaryDirectory() as name:
        refitted = refit(Path(name), params)
        predictions = [predict(folder, rows) for folder in (earlier, Path(), refitted)]
    scores = [score_predictions(y, p, params.goal.task, 2)[params.goal.metric] for p in predictions]
    interval = compare(y, predictions[0], predictions[1], params)
    print(json.dumps({"rows": len(y), "scores": scores, "interval": interval}))


def read_rows(raw: Path, params: Params) -> pd.DataFrame:
    """Read, check and label rows as the prepare stage does."""
    schema = load_schema(Path("schema.yaml"))
    cleaned = clean(read_sources(raw, params.prepare.sources, schema), schema)
    rows: pd.DataFrame = add_target(cleaned.kept, params.goal, schema)
    return rows


def refit(folder: Path, params: Params) -> Path:
    """Fit the project's model on all three parts, with as many rounds as it has, into a folder."""
    shutil.copytree("models", folder / "models")
    shutil.copy("schema.yaml", folder)
    model = load_model(Path("models/estimator"))
    estimator = build_estimator(params.train, params.goal.task, params.engine.threads)
    estimator.set_params(n_estimators=model.estimator.num_trees())
    rows = pd.concat([read_part(Path("data/features"), part) for part in PARTS], ignore_index=True)
    estimator.fit(rows[model.description.features].to_numpy(), rows[TARGET].to_numpy())
    save_model(folder / "models" / "estimator", TrainedModel(model.description, estimator))
    return folder


def predict(folder: Path, rows: pd.DataFrame) -> np.ndarray:
    """Give the probability of each row, of shape (n_rows,)."""
    models = folder / "models"
    bundle = assemble_bundle(
        folder / "schema.yaml", models / "transform.skops", models / "estimator", folder.name
    )
    return np.asarray(bundle.predict(rows)["probability"])


def compare(y: np.ndarray, first: np.ndarray, last: np.ndarray, params: Params) -> list[float]:
    """Give the 95 % interval of last minus first, on the same resamples (paired bootstrap)."""
    metric, task = params.goal.metric, params.goal.task
    scores = {
        name: weighted_scores(y, p, task, 2)[metric]
        for name, p in {"first": first, "last": last}.items()
    }
    weights = draw_weights(len(y), params.evaluate.resamples, params.evaluate.seed)
    values = resample_scores(scores, weights)
    return list(percentile_interval(values["last"] - values["first"]).values())


if __name__ == "__main__":
    main()
