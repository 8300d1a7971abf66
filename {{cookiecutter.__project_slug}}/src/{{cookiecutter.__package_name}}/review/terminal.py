"""The verdict and the metrics, for the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ..errors import ModelError
from ..io import read_json
from .verdict import Verdict, describe_criteria, failed_criteria, is_loss


def describe_results(reports: Path) -> str:
    """Print the metrics of the last `dvc repro` as a table.

    Args:
        reports: Folder with metrics.json, details.json and verdict.json.

    Returns:
        The verdict in words.

    Raises:
        ModelError: There are no results yet.
    """
    if not (reports / "verdict.json").exists():
        raise ModelError(f"{reports}: holds no results; run `uv run dvc repro`")
    metrics, details = read_json(reports / "metrics.json"), read_json(reports / "details.json")
    Console().print(_metrics_table(metrics, details))
    return f"{_verdict_in_words(read_json(reports / 'verdict.json'))} → {reports / 'model_card.md'}"


def _metrics_table(metrics: Mapping[str, Any], details: Mapping[str, Any]) -> Table:
    table = Table("test metric", "value", "95 % interval", "validation", "linear", "dummy")
    table.columns[0].no_wrap = True
    others = [metrics["validation"], *details["baselines"].values()]
    for name, value in metrics["test"].items():
        interval = details["interval"][name]
        table.add_row(
            f"{name} {'↓' if is_loss(name) else '↑'}",
            f"{value:.3f}",
            f"{interval['low']:.3f} to {interval['high']:.3f}",
            *(f"{other[name]:.3f}" for other in others),
        )
    return table


def _verdict_in_words(verdict: Verdict) -> str:
    if verdict["goal_met"]:
        return f"The goal is met: {'; '.join(describe_criteria(verdict))}"
    return f"The goal is missed: {'; '.join(failed_criteria(verdict))}"
