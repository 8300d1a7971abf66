"""Is dvc.lock what the settings, the code and the data give?"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..common.errors import GateError
from ..common.io import read_json
from ..common.settings import load_params
from ..model.estimators import build_estimator
from ..schema import check_slices, check_together, load_schema

# What DVC says of files that are not there, the first where the cache lacks them, too.
ABSENT = ("not in cache", "deleted")
LAST_STAGE = "package"


def check_project(folder: Path) -> str:
    """Check the settings, and dvc.lock where there is one.

    Returns:
        What was found, in words.

    Raises:
        SettingsError: params.yaml or schema.yaml breaks a rule.
        GateError: dvc.lock was not made from what is here.
    """
    params = load_params(folder / "params.yaml")
    schema = load_schema(folder / "schema.yaml")
    check_together(params, schema)
    check_slices(params, schema)
    build_estimator(params.train, params.goal.task, params.engine.threads)
    if not (folder / "dvc.lock").exists():
        return "The settings are valid; there is no dvc.lock yet: run `uv run dvc repro`."
    stale = find_stale_stages(folder)
    if stale:
        raise GateError(
            f"dvc.lock is out of date: {', '.join(stale)} would run again, and what depends on "
            "it; run `uv run dvc repro` and commit dvc.lock with the change"
        )
    missed = "" if is_goal_met(folder) else " The model misses its goal and is not packaged."
    return f"The settings are valid and dvc.lock is true.{missed}"


def find_stale_stages(folder: Path) -> list[str]:
    """Name the stages that `dvc repro` would run because something they depend on changed.

    What is only absent, as in a clone without the DVC cache, is not a change.

    Raises:
        GateError: DVC can't tell, as dvc.yaml or dvc.lock is broken.
    """
    changed = ask_dvc(folder, "`dvc status` failed", "status").items()
    stale = [stage for stage, changes in changed if any(map(_differs, changes))]
    # A model that misses its goal gets no package, however often that is tried.
    return [stage for stage in stale if stage != LAST_STAGE or is_goal_met(folder)]


def is_goal_met(folder: Path) -> bool:
    """Say whether the model meets its goal, or has not been judged yet."""
    verdict = folder / "reports" / "verdict.json"
    return not verdict.exists() or bool(read_json(verdict)["goal_met"])


def ask_dvc(folder: Path, failed: str, *command: str) -> dict[str, Any]:
    """Ask DVC something that it answers in JSON.

    Args:
        folder: The project.
        failed: What to say, before DVC's own words, if it can't tell.
        command: Of DVC.

    Raises:
        GateError: It can't.
    """
    asked = [sys.executable, "-m", "dvc", *command, "--json"]
    done = subprocess.run(
        asked, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise GateError(f"{failed}: {done.stderr.strip()}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _differs(change: str | dict[str, object]) -> bool:
    if isinstance(change, str):
        return True
    states: list[object] = []
    for found in change.values():
        states += found.values() if isinstance(found, dict) else [found]
    return any(state not in ABSENT for state in states)
