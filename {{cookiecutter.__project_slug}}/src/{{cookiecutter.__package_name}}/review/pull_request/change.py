"""A change, as `evaluate` and `compare` left it in their files."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ...common.errors import DataError, ModelError
from ...common.io import read_json
from ..results import Content
from ..verdict import Verdict

Curves = Mapping[str, Mapping[str, list[list[float]]]]
# Of what `compare` writes, what no report can do without.
NEEDED = {"base", "blocks", "curves", "data", "metric", "scores", "slices", "value", "verdict"}
LEARNING = Path("train", "plots", "metrics", "validation", "metric.tsv")


class Change(NamedTuple):
    """What is known of the model here, and of how it compares.

    Attributes:
        verdict: The content of verdict.json.
        metrics: The content of metrics.json.
        details: The content of details.json.
        confusion: How many test rows have each actual and predicted class.
        curves: Points by name, "roc" and "learning", of "base", where compared, and "now".
        comparison: The content of comparison.json, if there is one.
        is_outdated: The comparison was made before the results.
    """

    verdict: Verdict
    metrics: Content
    details: Content
    confusion: Counter[tuple[str, str]]
    curves: Curves
    comparison: Content | None
    is_outdated: bool


def read_change(reports: Path, comparison_path: Path | None) -> Change:
    """Read the results of the last `dvc repro`, and the comparison.

    Args:
        reports: The folder of the reports.
        comparison_path: What `compare` wrote; by default its usual place, if it is there.

    Raises:
        ModelError: There are no results yet.
        DataError: The comparison is not there or no JSON.
    """
    if not (reports / "verdict.json").exists():
        raise ModelError(f"{reports}: holds no results; run `uv run dvc repro`")
    usual = reports / "compare" / "comparison.json"
    path = comparison_path or (usual if usual.exists() else None)
    comparison = _read_comparison(path) if path else None
    own = {"roc": _read_points(reports / "evaluate" / "roc.csv", ",")}
    own["learning"] = _read_points(reports / LEARNING, "\t")
    return Change(
        read_json(reports / "verdict.json"),
        read_json(reports / "metrics.json"),
        read_json(reports / "details.json"),
        Counter((a, b) for a, b in _read_rows(reports / "evaluate" / "confusion.csv", ",")),
        comparison["curves"] if comparison else {"now": own},
        comparison,
        bool(path and path.stat().st_mtime < (reports / "verdict.json").stat().st_mtime),
    )


def _read_comparison(path: Path) -> Content:
    try:
        comparison: Content = read_json(path)
    except OSError as error:
        raise DataError(f"{path}: can't be read: {error.strerror}; run `compare` first") from error
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: no JSON ({error}); run `compare` again") from error
    if not isinstance(comparison, dict) or not {*comparison} >= NEEDED:
        raise DataError(f"{path}: is not what `compare` writes; run `compare` again")
    return comparison


def _read_rows(path: Path, separator: str) -> Iterable[list[str]]:
    """Read the rows below a table's head; none if the task has no such table."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=separator))[1:]


def _read_points(path: Path, separator: str) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in _read_rows(path, separator)]
