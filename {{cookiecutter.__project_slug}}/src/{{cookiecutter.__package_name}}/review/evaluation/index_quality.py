"""The parts of reports/index.html that depend on the task: quality, explanations, errors."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ...common.numbers import say
from ..page.curve_charts import (
    draw_calibration,
    draw_learning_curve,
    draw_lift,
    draw_precision_recall,
    draw_roc,
)
from ..page.drawing import Chart
from ..page.error_charts import draw_confusion, draw_deciles, draw_residuals
from ..page.feature_charts import draw_importance, draw_swarm
from ..page.rank_charts import draw_classes
from ..page.shell import Section, chart, charts, fold, paragraph, table

Content = Mapping[str, Any]
Tables = Mapping[str, pd.DataFrame]
# By the name of the table that they are drawn from.
FIGURES: dict[str, tuple[str, Callable[[pd.DataFrame], Chart]]] = {
    "roc": ("ROC curve", lambda table: draw_roc({"model": table})),
    "precision_recall": (
        "Precision and recall",
        lambda table: draw_precision_recall({"model": table}),
    ),
    "calibration": ("Calibration", draw_calibration),
    "lift": ("Lift", draw_lift),
    "confusion": ("Confusion matrix", draw_confusion),
    "residuals": ("Predicted and actual", draw_residuals),
}

# What SHAP values are measured in.
MOVES = {
    "binary": "moved the log-odds by",
    "multiclass": "moved the score of the class by",
    "regression": "moved the prediction by",
}


def describe_predictions(details: Content, tables: Tables) -> list[Section]:
    """Draw how predictions and outcomes agree."""
    figures = [
        chart(title, draw(tables[name]))
        for name, (title, draw) in FIGURES.items()
        if name in tables
    ]
    if details["classes"]:
        figures.append(chart("By class", draw_classes(details["classes"])))
    if details["deciles"]:
        figures.append(chart("Error by size", draw_deciles(details["deciles"])))
    return [Section("How good the predictions are", [charts(*figures)])] if figures else []


def describe_explanations(details: Content, tables: Tables) -> list[Section]:
    """Show what the model looks at."""
    if not details["importance"]:
        return []
    figures = [chart("Importance", draw_importance(pd.DataFrame(details["importance"])))]
    if "beeswarm" in tables and len(tables["beeswarm"]):
        figures.append(
            chart("What raises and lowers", draw_swarm(tables["beeswarm"], MOVES[details["task"]]))
        )
    how = {
        "shap": "The importance of a feature is how far it moves the prediction of a row on "
        "average (mean absolute SHAP value).",
        "permutation": "The importance of a feature is how much worse the predictions get when its "
        "values are shuffled among the rows (permutation importance).",
    }[details["explained_by"]]
    return [Section("What it looks at", [paragraph(how), charts(*figures)])]


def describe_errors(tables: Tables) -> list[Section]:
    """List the most wrong rows."""
    if "errors" not in tables or not len(tables["errors"]):
        return []
    errors = tables["errors"]
    first = ["actual", "predicted", "loss", "explanation"]
    names = [*first, *(name for name in errors.columns if name not in first)]
    cells = errors[names].itertuples(index=False)
    rows = [[str(n), *map(_show_cell, row)] for n, row in enumerate(cells, start=1)]
    note = "Look for a pattern: a column that is wrong, a kind of case that the features miss."
    listed = fold(f"The {len(rows)} most wrong rows", table(["", *names], rows))
    return [Section("Where it was most wrong", [paragraph(note), listed])]


def describe_learning(details: Content, tables: Tables) -> list[Section]:
    """Draw the learning curve, of an estimator that has one."""
    curves = {name: tables[name] for name in ("training", "validation") if name in tables}
    if not curves:
        return []
    curve = draw_learning_curve(curves, details["primary_metric"])
    return [Section("How it learned", [charts(chart("Learning curve", curve))])]


def _show_cell(value: object) -> str:
    if isinstance(value, float):
        return say(value)
    return "-" if value is None or value is pd.NaT else str(value)
