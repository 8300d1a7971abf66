"""The model card: what the model is for, how good it is, and on what that rests.

Its headings are those of Mitchell et al. (2019), Model Cards for Model Reporting.
"""

from ...common.numbers import show
from ...common.settings import Params
from ...schema import Schema
from ..markdown import escape
from ..results import Content, Results
from . import card_tables as tables


def write_model_card(results: Results, params: Params, schema: Schema) -> str:
    """Compose the model card.

    Args:
        results: Of the model.
        params: The settings that it was made with.
        schema: The contract of its rows.

    Returns:
        GitHub-flavoured Markdown.
    """
    verdict, metrics, details, counts = results
    met = "The goal is met" if verdict["goal_met"] else "The goal is missed"
    sections = [
        f"# {met}",
        f"> {escape(verdict['statement'])} (owner: {escape(verdict['owner'])})",
        tables.criteria_table(verdict),
        *_describe_decision(details),
        "## Model details",
        _describe_model(params, schema),
        "## Intended use",
        f"To predict {escape(params.goal.target)} for rows like those that it was trained on. Whom "
        f"to ask: {escape(verdict['owner'])}.",
        "## Factors",
        *_describe_slices(details),
        "## Metrics",
        tables.metrics_table(metrics, details),
        _explain_intervals(params, details["resamples"]),
        "## Evaluation data",
        _describe_evaluation(params, counts),
        "## Training data",
        tables.rows_table(counts),
        tables.files_table(counts),
        "## Quantitative analyses",
        *_describe_analyses(details),
        "## Ethical considerations",
        *_describe_fairness(details),
        "## Caveats and recommendations",
        _name_worst(details),
    ]
    return "\n\n".join(sections) + "\n"


def _describe_decision(details: Content) -> list[str]:
    decision = details["decision"]
    if decision is None:
        return []
    chosen = f"A row counts as yes from a probability of {show(decision['threshold'])}"
    if decision["threshold"] > 1:
        chosen = "No row counts as yes"
    if decision["per_1000"] is None:
        return [f"{chosen}, so that as many rows of the validation part do as there are."]
    worth = {name: f"{round(value):,}" for name, value in decision["per_1000"].items()}
    low, high = (round(decision["interval"][end]) for end in ("low", "high"))
    return [
        f"{chosen}, which is worth most on the validation part. For 1,000 test rows it is worth "
        f"**{worth['model']}** ({low:,} to {high:,}). Never to say yes is worth {worth['never']}, "
        f"always {worth['always']}, and the linear baseline {worth['linear']}."
    ]


def _describe_model(params: Params, schema: Schema) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in params.train.parameters.items())
    columns = ", ".join(schema.with_role("feature", "time"))
    return (
        f"`{params.train.estimator}` for a {params.goal.task} task, seed {params.train.seed}; "
        f"{escape(settings)}. It is made from {escape(columns)}, and from what "
        "`features/custom.py` derives of them."
    )


def _describe_slices(details: Content) -> list[str]:
    if not details["slices"]:
        return ["No slice of the test part has enough rows to be judged on its own."]
    return [
        tables.slices_table(details),
        "A slice shows rows with something in common; those with few rows are left out "
        "(`evaluate.slices` in params.yaml).",
    ]


def _explain_intervals(params: Params, resamples: int) -> str:
    drawn = "whole groups" if params.prepare.split.by == "group" else "single rows"
    return (
        "The intervals say how far chance could move the scores of this model, had other rows of "
        f"the same kind been drawn for the test part (bootstrap of {drawn}, "
        f"{resamples:,} resamples). Dummy and linear baseline learn from the same "
        "rows and are judged on the same rows: where they score low as well, the rows are hard to "
        "predict. So two models can be compared on the same test rows only, never by scores from "
        "different months."
    )


def _describe_evaluation(params: Params, counts: Content) -> str:
    split = params.prepare.split
    chosen = (
        "the newest rows, those for validation the newest of the rest"
        if split.by == "time"
        else f"chosen by a hash of the {split.by}, so that no row ever changes sides"
    )
    n_test, n_validation = counts["parts"]["test"], counts["parts"]["validation"]
    return (
        f"{n_test:,} rows to test and {n_validation:,} for validation, which the model has not "
        f"learnt from. Those to test are {chosen}. Early stopping and the decision's threshold "
        "know the validation part, nothing knows the test part."
    )


def _describe_analyses(details: Content) -> list[str]:
    features = ", ".join(escape(each["feature"]) for each in details["importance"][:5])
    means = (
        "mean absolute SHAP value" if details["explained_by"] == "shap" else "loss when shuffled"
    )
    parts = [f"The features that move the prediction most ({means}): {features}."]
    if details["classes"]:
        parts.append(tables.classes_table(details))
    if details["deciles"]:
        parts.append(tables.deciles_table(details))
    return parts


def _describe_fairness(details: Content) -> list[str]:
    if not details["fairness"]:
        return [
            "No groups were compared: that takes a binary task and a column that schema.yaml "
            "declares `sensitive`, with groups of `evaluate.slices.min_rows`."
        ]
    return [tables.groups_table(found) for found in details["fairness"]]


def _name_worst(details: Content) -> str:
    worst = ", ".join(
        f"{escape(each['column'])} {escape(each['slice'])} ({show(each['value'])})"
        for each in details["worst_slices"]
    )
    advice = "Rows unlike those of the training part are predicted all the same: watch for drift."
    if not worst:
        return advice
    return f"The model is weakest where: {worst}. {advice}"
