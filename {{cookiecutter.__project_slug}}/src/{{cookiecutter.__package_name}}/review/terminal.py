"""The verdict and the metrics, for the terminal."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..common.errors import ModelError
from ..common.io import read_json
from ..common.numbers import show, show_interval
from .page.words import printable
from .results import Content, spell
from .verdict import Verdict


def describe_results(reports: Path) -> str:
    """Print the criteria and the metrics of the last `dvc repro` as tables.

    Args:
        reports: Folder with metrics.json, details.json and verdict.json.

    Returns:
        Whether the goal is met, in words.

    Raises:
        ModelError: There are no results yet.
    """
    if not (reports / "verdict.json").exists():
        raise ModelError(f"{reports}: holds no results; run `uv run dvc repro`")
    metrics, details = read_json(reports / "metrics.json"), read_json(reports / "details.json")
    verdict = read_json(reports / "verdict.json")
    Console().print(_metrics_table(metrics, details), _criteria_table(verdict))
    met = "met" if verdict["goal_met"] else "missed"
    return f"The goal is {met} → {reports / 'index.html'}"


def _metrics_table(metrics: Content, details: Content) -> Table:
    table = Table("test metric", "value", "95 % interval", "validation", *details["baselines"])
    # A number that is cut would be another one.
    for column in table.columns:
        column.overflow = "fold"
    others = [metrics["validation"], *details["baselines"].values()]
    for name, value in metrics["test"].items():
        interval = details["interval"][name]
        table.add_row(
            spell(name),
            show(value),
            show_interval(interval["low"], interval["high"]),
            *(show(other[name]) for other in others),
        )
    return table


def _criteria_table(verdict: Verdict) -> Table:
    table = Table("criterion", "value", "met")
    for each in verdict["criteria"]:
        value = "" if each["value"] is None else show(each["value"])
        table.add_row(
            escape(printable(each["criterion"])), value, "yes" if each["passed"] else "no"
        )
    return table
