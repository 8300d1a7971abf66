"""The changelog of the model: what each release is, and its metrics beside those before."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..common.errors import ProjectError
from ..common.io import write_text
from ..common.numbers import show
from ..review.comparison.change_lines import (
    describe_code,
    describe_dependencies,
    describe_parameters,
)
from ..review.comparison.git import ask_git, check_out
from ..review.markdown import escape, table
from ..review.results import arrow
from .tags import Event

CHANGELOG = "MODEL_CHANGELOG.md"
HEAD = """\
# Changelog of the model

Written by `release`, newest first. Metrics are of the test part of their time, which moves on with
the data; `compare` judges two models on the same rows.
"""


def read_results(folder: Path, commit: str) -> dict[str, float]:
    """Read the test metrics and the rows of each part at a commit; empty if it has none."""
    try:
        metrics = _read_json(folder, commit, "reports/metrics.json")
        rows = _read_json(folder, commit, "reports/details.json")["rows"]
    except (ProjectError, json.JSONDecodeError, KeyError):
        return {}
    return {**metrics["test"], **{f"{part} rows": count for part, count in rows.items()}}


def compose_entry(folder: Path, version: str, wheel: str, who: str, last: Event | None) -> str:
    """Compose the entry of a version that is about to be registered.

    Args:
        folder: The project; what is committed last is released.
        version: As v1.0.2.
        wheel: Name of the packaged model's file.
        who: Name of the one who releases.
        last: The version registered before, if there is one.
    """
    now = read_results(folder, "HEAD")
    columns = {last.version: read_results(folder, last.commit)} if last else {}
    columns[version] = now
    rows = [[_label(name), *(_show(name, results) for results in columns.values())] for name in now]
    parts = [
        f"## {version} ({date.today().isoformat()})",
        f"`{wheel}`, released by {escape(who)}.",
        table(["test part", *columns], rows),
        *([_describe_changes(folder, last)] if last else []),
    ]
    return "\n\n".join(parts) + "\n"


def add_entry(folder: Path, entry: str) -> None:
    """Put an entry above the older ones."""
    path = folder / CHANGELOG
    older = path.read_text(encoding="utf-8").removeprefix(HEAD) if path.exists() else ""
    write_text(path, f"{HEAD}\n{entry}{older}")


def _describe_changes(folder: Path, last: Event) -> str:
    with check_out(folder, last.commit) as base:
        changes = {
            "Settings": describe_parameters(base, folder),
            "Code": describe_code(folder, last.commit),
            "Libraries": describe_dependencies(base, folder),
        }
    return "\n".join(f"- {name}: {escape(change)}" for name, change in changes.items())


def _label(name: str) -> str:
    if name.endswith(" rows"):
        return name
    return f"{escape(name)} {arrow(name)}"


def _show(name: str, results: Mapping[str, float]) -> str:
    if name not in results:
        return ""
    return f"{results[name]:,}" if name.endswith(" rows") else show(results[name])


def _read_json(folder: Path, commit: str, name: str) -> Any:
    return json.loads(ask_git(folder, "show", f"{commit}:./{name}"))
