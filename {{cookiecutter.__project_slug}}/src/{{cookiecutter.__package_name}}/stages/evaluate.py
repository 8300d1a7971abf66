"""evaluate: the model, judged on rows that it has not seen; it always finishes and reports."""

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.console import run
from ..common.io import PARTS, TARGET, read_json, read_part, write_json, write_text
from ..common.numbers import say
from ..common.settings import Goal, Params, is_loss, load_params
from ..measure.breakdown import rank_errors
from ..measure.curves import plot_tables
from ..measure.decision import value_by_threshold
from ..measure.explain import contribute, explain_rows, rank_features, swarm_features, thin_rows
from ..measure.profile import Predicted, make_profile
from ..model.estimators import dummy, linear
from ..model.trained import TrainedModel, encode_target, load_model
from ..review.evaluation.examine import choose_thresholds, examine
from ..review.evaluation.index_page import write_index
from ..review.evaluation.model_card import write_model_card
from ..review.evaluation.part import Part
from ..review.evaluation.slice_scores import score_criterion
from ..review.results import Results
from ..review.verdict import Verdict, judge
from ..schema import Schema, check_slices, load_schema

MOST_ERRORS = 50
# Contributions take long for many trees, and more rows change no ranking.
MOST_EXPLAINED = 2000


def main(arguments: list[str]) -> str:
    """Run the stage: FEATURES PREPARED MODEL TRANSFORM CURVE SCHEMA PARAMS, eight outputs."""
    ins, outs = [*map(Path, arguments[:7])], [*map(Path, arguments[7:])]
    source, prepared, model_path, transform, curve, schema_path, params_path = ins
    metrics_path, details_path, verdict_path, card_path, page_path, profile_path = outs[:6]
    predictions_path, plots = outs[6:]
    params, schema = load_params(params_path), load_schema(schema_path)
    check_slices(params, schema)
    model, counts = load_model(model_path), read_json(prepared / "counts.json")
    parts = read_parts(source, prepared, model, params.evaluate.seed)
    thresholds = choose_thresholds(parts["validation"], params.goal)
    metrics = {name: part.score() for name, part in parts.items()}
    tables = make_tables(parts["test"], model, params.goal, thresholds.get("model"))
    details = {
        "task": params.goal.task,
        "primary_metric": params.goal.metric,
        "rows": {name: len(part.y) for name, part in parts.items()},
        **examine(parts["test"], thresholds, params, schema),
        "importance": tables["importance"].to_dict("records"),
        "explained_by": "shap" if "beeswarm" in tables else "permutation",
    }
    verdict = judge_model(parts["test"], params, [transform, *model_path.iterdir()])
    write_json(metrics_path, metrics)
    write_json(details_path, details)
    write_json(verdict_path, verdict)
    results = Results(verdict, metrics, details, counts)
    write_text(card_path, write_model_card(results, params, schema))
    write_json(profile_path, profile_rows(parts, thresholds.get("model"), params, schema))
    write_predictions(predictions_path, parts["test"])
    write_text(page_path, write_index(results, tables | read_curves(curve)))
    for name, table in tables.items():
        write_text(plots / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    return summarise(results, page_path)


def read_parts(source: Path, prepared: Path, model: TrainedModel, seed: int) -> dict[str, Part]:
    """Read the parts, and predict them by the model and by baselines fitted for it.

    Args:
        source: Folder of the features.
        prepared: Folder of the clean rows.
        model: The trained model.
        seed: Of the baselines.
    """
    description = model.description
    features = {name: read_part(source, name) for name in PARTS}
    X = {name: rows[description.features] for name, rows in features.items()}
    y = {name: encode_target(rows[TARGET], description.classes) for name, rows in features.items()}
    models = {"model": model}
    for builder in (linear, dummy):
        estimator = builder(description.task, seed, 1)
        estimator.fit(X["train"].to_numpy(), y["train"])
        models[builder.__name__] = TrainedModel(description, estimator)
    return {
        name: Part(
            read_part(prepared, name),
            X[name],
            y[name],
            {each: one.predict(X[name]) for each, one in models.items()},
            description,
        )
        for name in PARTS
    }


def write_predictions(path: Path, test: Part) -> None:
    """Write what the model predicts for each row of the test part, for package to compare."""
    names = test.description.name_outputs()
    pd.DataFrame(test.predictions["model"], columns=names).to_parquet(path, index=False)


def profile_rows(
    parts: dict[str, Part], threshold: float | None, params: Params, schema: Schema
) -> dict[str, Any]:
    """Describe the training rows, and the predictions of the validation part, to find drift by."""
    rows, _, _, predictions, description = parts["validation"]
    predicted = Predicted(rows, predictions["model"], description, threshold)
    return make_profile(parts["train"].rows, predicted, schema, params.drift)


def judge_model(test: Part, params: Params, files: list[Path]) -> Verdict:
    """Judge the model by the goal's criteria.

    Args:
        test: The test part.
        params: The goal, and how numbers are sliced.
        files: Those that the model consists of.
    """
    bins = params.evaluate.slices.bins
    slices = [score_criterion(test, criterion, bins) for criterion in params.goal.criteria]
    return judge(params.goal, test.score(), slices, sum(path.stat().st_size for path in files))


def make_tables(
    test: Part, model: TrainedModel, goal: Goal, threshold: float | None
) -> dict[str, pd.DataFrame]:
    """Make the data of the plots and the table of the most wrong rows.

    Args:
        test: The test part.
        model: The trained model.
        goal: With the value of decisions.
        threshold: Probability from which a row counts as positive in a binary task.

    Returns:
        Table by the name of its file.
    """
    y, predictions = test.y, test.predictions["model"]
    tables = plot_tables(y, predictions, model, threshold)
    if goal.value is not None:
        tables["value"] = value_by_threshold(y, predictions, goal.value)
    seen = thin_rows(test.X, MOST_EXPLAINED)
    X, contributions = test.X.iloc[seen], contribute(model, test.X.iloc[seen])
    some, sign = test.take(seen), -1 if is_loss(goal.metric) else 1
    tables["importance"] = rank_features(
        model, X, contributions, lambda found: sign * some.score_others(found)[goal.metric]
    )
    if contributions is not None:
        tables["beeswarm"] = swarm_features(X, contributions, tables["importance"])
    errors = rank_errors(y, predictions, model.description).head(MOST_ERRORS)
    wrong = test.X.iloc[errors.index]
    found = contribute(model, wrong)
    explained = [""] * len(wrong) if found is None else explain_rows(wrong, found)
    rows = test.rows.iloc[errors.index].drop(columns=TARGET)
    tables["errors"] = rows.assign(**errors, explanation=explained)
    return tables


def read_curves(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the learning curves on the training and the validation part, if train drew any."""
    paths = {path.parent.name: path for path in sorted(folder.rglob("metric.tsv"))}
    return {name: pd.read_csv(path, sep="\t") for name, path in paths.items()}


def summarise(results: Results, path: Path) -> str:
    """Say in one line how good the model is."""
    verdict, metrics, details, _ = results
    name = details["primary_metric"]
    met = "met" if verdict["goal_met"] else "missed"
    score = say(metrics["test"][name])
    linear = say(details["baselines"]["linear"][name])
    return (
        f"evaluate: {name} {score} on {details['rows']['test']:,} test rows "
        f"(linear baseline {linear}), the goal is {met} → {path}"
    )


if __name__ == "__main__":
    sys.exit(run(main))
