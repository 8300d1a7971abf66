"""evaluate: the model, judged on rows that it has not seen; it always finishes and reports."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..console import run
from ..io import PARTS, TARGET, read_json, read_part, write_json
from ..model.bootstrap import (
    Interval,
    draw_weights,
    percentile_interval,
    resample_scores,
    weighted_scores,
)
from ..model.curves import importance_table, plot_tables
from ..model.estimators import dummy, linear
from ..model.metrics import Scores, score_predictions
from ..model.trained import Description, TrainedModel, encode_target, load_model
from ..review.report import write_report
from ..review.verdict import judge
from ..schema import load_schema
from ..settings import Evaluate, load_params

# Below that a month's score says more about chance than about the month.
MIN_MONTH_ROWS = 100


class Part(NamedTuple):
    """A part: its features, its encoded target of shape (n_rows,), the model's predictions."""

    X: pd.DataFrame
    y: np.ndarray
    predictions: np.ndarray


def main(arguments: list[str]) -> str:
    """Run the stage: FEATURES PREPARED MODEL SCHEMA PARAMS, five paths to write."""
    source, prepared, model_path, schema_path, params_path, *outs = map(Path, arguments)
    metrics_path, details_path, verdict_path, report_path, plots = outs
    params, model = load_params(params_path), load_model(model_path)
    parts = {name: predict_part(source, name, model) for name in PARTS}
    months = read_months(prepared, load_schema(schema_path).with_role("time"))
    primary = params.goal.metric
    metrics = {name: _score(model, rows.y, rows.predictions) for name, rows in parts.items()}
    details = examine(model, parts, months, primary, params.evaluate)
    verdict = judge(params.goal, metrics["test"])
    write_json(metrics_path, metrics)
    write_json(details_path, details)
    write_json(verdict_path, verdict)
    report = write_report(verdict, metrics, details, read_json(prepared / "counts.json"))
    report_path.write_text(report, encoding="utf-8", newline="\n")
    write_plots(plots, model, parts)
    met = "met" if verdict["goal_met"] else "missed"
    return (
        f"evaluate: {primary} {metrics['test'][primary]:.4f} on {len(parts['test'].y):,} test rows "
        f"(linear baseline {details['linear'][primary]:.4f}), the goal is {met} → {report_path}"
    )


def predict_part(source: Path, part: str, model: TrainedModel) -> Part:
    """Read the features and the encoded target of a part, and predict it."""
    rows = read_part(source, part)
    X = rows[model.description.features]
    return Part(X, encode_target(rows[TARGET], model.description.classes), model.predict(X))


def read_months(prepared: Path, time: list[str]) -> pd.Series | None:
    """Read the month of each test row, if the schema has a column with the role time."""
    return read_part(prepared, "test")[time[0]].dt.strftime("%Y-%m") if time else None


def examine(
    model: TrainedModel,
    parts: dict[str, Part],
    months: pd.Series | None,
    primary: str,
    settings: Evaluate,
) -> dict[str, Any]:
    """Find out how sure the scores of the test part are, and how hard its rows.

    Args:
        model: The trained model.
        parts: "train", "validation" and "test".
        months: The month of each test row, if known.
        primary: The metric that is followed by month.
        settings: Number and seed of the bootstrap's resamples.

    Returns:
        "primary_metric"; the "interval" of each score; the scores of the baselines "linear" and
        "dummy"; the primary metric of model and linear baseline "by_month".
    """
    test = parts["test"]
    baselines = {
        builder.__name__: _predict_baseline(builder, model.description, parts, settings.seed)
        for builder in (linear, dummy)
    }
    compared = {"model": test.predictions, "linear": baselines["linear"]}
    return {
        "primary_metric": primary,
        "interval": _intervals(model, test.y, test.predictions, settings),
        **{name: _score(model, test.y, values) for name, values in baselines.items()},
        "by_month": _score_months(model, months, primary, test.y, compared),
    }


def write_plots(folder: Path, model: TrainedModel, parts: dict[str, Part]) -> None:
    """Write the data of the plots, a CSV file each."""
    folder.mkdir(parents=True, exist_ok=True)
    validation, test = parts["validation"], parts["test"]
    threshold = None
    if model.description.task == "binary":
        # As many rows count as yes as there are in the validation part.
        threshold = float(np.quantile(validation.predictions, 1 - validation.y.mean()))
    tables = plot_tables(test.y, test.predictions, model, threshold)
    tables["importance"] = importance_table(model, validation.X, validation.y)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _predict_baseline(
    builder: Any, description: Description, parts: dict[str, Part], seed: int
) -> np.ndarray:
    estimator = builder(description.task, seed, 1)
    estimator.fit(parts["train"].X.to_numpy(), parts["train"].y)
    return TrainedModel(description, estimator).predict(parts["test"].X)


def _score(model: TrainedModel, y: np.ndarray, predictions: np.ndarray) -> Scores:
    description = model.description
    return score_predictions(y, predictions, description.task, len(description.classes))


def _intervals(
    model: TrainedModel, y: np.ndarray, predictions: np.ndarray, settings: Evaluate
) -> dict[str, Interval]:
    description = model.description
    scores = weighted_scores(y, predictions, description.task, len(description.classes))
    weights = draw_weights(len(y), settings.resamples, settings.seed)
    return {
        name: percentile_interval(values)
        for name, values in resample_scores(scores, weights).items()
    }


def _score_months(
    model: TrainedModel,
    months: pd.Series | None,
    primary: str,
    y: np.ndarray,
    predictions: dict[str, np.ndarray],
) -> dict[str, dict[str, float]]:
    scores = {}
    for month in [] if months is None else sorted(months.dropna().unique()):
        chosen = (months == month).to_numpy()
        if chosen.sum() < MIN_MONTH_ROWS or len(np.unique(y[chosen])) < 2:
            continue
        scores[month] = {"rows": int(chosen.sum())} | {
            name: _score(model, y[chosen], values[chosen])[primary]
            for name, values in predictions.items()
        }
    return scores


if __name__ == "__main__":
    sys.exit(run(main))
