"""reports/index.html: the verdict, the numbers behind it, and every chart."""

from collections.abc import Mapping

import pandas as pd

from ..page.shell import render_page
from ..results import Results
from .index_parts import (
    describe_criteria,
    describe_metrics,
    describe_rows,
    describe_value,
    summarise,
)
from .index_quality import (
    describe_errors,
    describe_explanations,
    describe_learning,
    describe_predictions,
)
from .index_slices import describe_fairness, describe_slices


def write_index(results: Results, tables: Mapping[str, pd.DataFrame]) -> str:
    """Compose the page; what the task has no data for is left out.

    Args:
        results: Of the model.
        tables: The tables of reports/evaluate by file name without suffix; "training" and
            "validation" are the learning curves, of an estimator that has them; "value", with
            `threshold` and `per_1000`, is the value by threshold, where it is known.

    Returns:
        One HTML file that opens without a network.
    """
    verdict, metrics, details, counts = results
    sections = [
        summarise(verdict, metrics, details, counts),
        describe_criteria(verdict),
        *describe_value(details, tables),
        describe_metrics(metrics, details),
        *describe_predictions(details, tables),
        *describe_slices(metrics, details),
        *describe_fairness(details),
        *describe_explanations(details, tables),
        *describe_errors(tables),
        *describe_learning(details, tables),
        describe_rows(counts),
    ]
    met = verdict["goal_met"]
    title = "The goal is met" if met else "The goal is missed"
    lead = f"{verdict['statement']} (owner: {verdict['owner']})"
    return render_page(title, lead, sections, "good" if met else "bad")
