"""What an earlier revision's own settings and code say of today's rows."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ...common.settings import Goal
from .git import outside_hooks
from .not_comparable import NotComparableError

GOAL_KEYS = ("task", "target", "positive")


def read_settings(path: Path) -> dict[str, Any]:
    """Read a revision's params.yaml or schema.yaml as it is, whatever its rules were then.

    Raises:
        NotComparableError: There is no such file, or it is no YAML.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, YAMLError) as error:
        raise NotComparableError(f"its {path.name} is missing or can't be read") from error
    if not isinstance(content, dict):
        raise NotComparableError(f"its {path.name} holds no settings")
    return content


def check_goal(settings: Mapping[str, Any], goal: Goal) -> None:
    """Check that the revision's model predicts what today's predicts.

    Args:
        settings: The revision's params.yaml.
        goal: Today's.

    Raises:
        NotComparableError: It predicts something else.
    """
    then, now = settings.get("goal") or {}, goal.model_dump(exclude_none=True)
    for key in GOAL_KEYS:
        if then.get(key) != now.get(key):
            raise NotComparableError(
                f"its goal is another: goal.{key} was {then.get(key)!r}, now it is {now.get(key)!r}"
            )


def needed_columns(schema: Mapping[str, Any], rows: pd.DataFrame) -> list[str]:
    """Name the columns that the revision's model needs.

    Args:
        schema: The revision's schema.yaml.
        rows: Today's prepared rows.

    Raises:
        NotComparableError: Today's rows lack one.
    """
    columns = schema.get("columns") or {}
    roles = {name: (column or {}).get("role", "feature") for name, column in columns.items()}
    needed = [name for name, role in roles.items() if role in ("feature", "time")]
    gone = [name for name in needed if name not in rows]
    if gone:
        raise NotComparableError(
            f"its model needs {', '.join(gone)}, which today's rows do not have: see schema.yaml"
        )
    return needed


def predict_rows(folder: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Predict rows by the code and the model of a revision, in a process of its own.

    Args:
        folder: Where the revision is checked out, with its models.
        rows: The columns that its model needs, of shape (n_rows, n_columns).

    Returns:
        What its command `predict` adds to the rows, in their order.

    Raises:
        NotComparableError: Its code has no such command, or that fails.
    """
    module, name = _find_command(folder)
    source, output = (folder.parent / f"{kind}.parquet" for kind in ("rows", "predicted"))
    rows.to_parquet(source, index=False)
    code = f"from {module} import {name}; {name}()"
    done = subprocess.run(
        [sys.executable, "-c", code, "predict", str(source), "--output", str(output)],
        cwd=folder,
        env=outside_hooks() | {"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or not output.exists():
        said = [line for line in done.stderr.splitlines() if any(map(str.isalnum, line))]
        reason = said[-1] if said else f"it ended with {done.returncode}"
        raise NotComparableError(
            "its own code can't predict today's rows: "
            f"{reason.removeprefix('error: ').removeprefix('Error: ')}"
        )
    return _added(pd.read_parquet(output), rows)


def _find_command(folder: Path) -> tuple[str, str]:
    path = folder / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for command in project.get("project", {}).get("scripts", {}).values():
        module, _, name = command.partition(":")
        if folder.joinpath("src", *module.split(".")).with_suffix(".py").exists():
            return module, name
    raise NotComparableError(
        "its pyproject.toml names no command with code below src/, so its model can't be asked"
    )


def _added(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    # A prediction whose name one of the columns has gets a longer one from the command.
    longer = {f"{name}_predicted": name for name in rows}
    return table[[name for name in table if name not in rows]].rename(columns=longer)
