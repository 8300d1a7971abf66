"""`dvc repro` where not everything can be had: in CI, and for a fork, which gets no credentials."""

import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from ...common.console import note
from ...common.errors import GateError, ProjectError
from ...common.io import read_json, write_json
from ...common.numbers import show_limit
from ...common.settings import load_params
from ...registry.latency import check_latency
from ..comparison.current import RESULTS
from ..comparison.rebuild import find_errors
from ..lock import find_stale_stages, is_goal_met
from ..remote import default_remote, find_unpushed
from .short import name_some

STAGES = ("prepare", "featurize", "train", "evaluate", "package")
MAX_ERRORS = 3


class Reproduction(TypedDict):
    """How it went.

    Attributes:
        failure: Why the pipeline did not run through, or nothing.
        notes: What else a reader of the report has to know, in sentences of Markdown.
    """

    failure: str
    notes: list[str]


def reproduce(folder: Path, output: Path) -> str:
    """Run the stages that changed; what the others made comes from DVC's cache or remote.

    Args:
        folder: The project.
        output: The JSON file to write, for the report.

    Returns:
        What was done, in words.

    Raises:
        ProjectError: The pipeline failed.
        GateError: The model misses its goal, its latency is over the goal's budget, or the remote
            lacks what dvc.lock names.
    """
    remote = default_remote(folder)
    unpushed = _find_unpushed(folder, remote)
    failure = run_pipeline(folder, is_remote_readable=bool(remote) and unpushed is not None)
    notes = []
    if unpushed is None:
        notes.append(
            f"The DVC remote {remote} could not be read here (a pull request from a fork gets no "
            "credentials), so only what Git and CI's own cache hold could be used."
        )
    elif unpushed:
        notes.append(
            f"**The DVC remote {remote} lacks {name_some(unpushed)}: run `uv run dvc push`.**"
        )
    slow = "" if failure or not is_goal_met(folder) else _judge_latency(folder, notes)
    write_json(output, Reproduction(failure=failure, notes=notes))
    if failure:
        raise ProjectError(f"the pipeline failed: {failure}")
    if unpushed:
        raise GateError(
            f"the DVC remote {remote} lacks {', '.join(unpushed)}, so nobody else can get that; "
            "run `uv run dvc push`, then start this again"
        )
    if not is_goal_met(folder):
        raise GateError("the model misses its goal, see `verdict`; it is not packaged")
    if slow:
        raise GateError(slow)
    return "The pipeline is reproduced; the goal is met."


def _find_unpushed(folder: Path, remote: str | None) -> list[str] | None:
    """Name what the remote lacks; None if it can't be read, as by a fork."""
    if not remote:
        return []
    try:
        return find_unpushed(folder, remote)
    except GateError as error:
        note(str(error))
        return None


def run_pipeline(folder: Path, is_remote_readable: bool) -> str:
    """Bring all results of the last stage but one here, by the shortest way.

    Returns:
        Why that failed; nothing if it did not, or only because the model misses its goal.
    """
    if is_remote_readable:
        errors = _run_dvc(folder, "repro", "--pull", "--allow-missing")
        _run_dvc(folder, "pull", "--allow-missing", *STAGES)
    else:
        _run_dvc(folder, "checkout", "--allow-missing")
        errors = _run_dvc(folder, "repro")
    if is_remote_readable and not all((folder / name).exists() for name in RESULTS):
        errors = _run_dvc(folder, "repro")
    if not errors or not (is_goal_met(folder) or find_stale_stages(folder)):
        return ""
    return "; ".join(errors[:MAX_ERRORS])


def _judge_latency(folder: Path, notes: list[str]) -> str:
    """Add what a prediction takes here to the notes; return what is wrong with it."""
    budget = load_params(folder / "params.yaml").goal.budget.latency_ms
    if budget is None:
        return ""
    latency = check_latency(folder, budget)
    if latency.fault:
        notes.append(f"**Latency: {latency.fault}.**")
        return latency.fault
    took = f"99 of 100 predictions take {latency.milliseconds:.2g} ms here"
    notes.append(f"Latency: {took}, {show_limit(budget)} are allowed.")
    return ""


def read_reproduction(path: Path, results: Path) -> Reproduction:
    """Read how the last `reproduce` went, if no other run made the results since."""
    if not path.exists() or (results.exists() and path.stat().st_mtime < results.stat().st_mtime):
        return Reproduction(failure="", notes=[])
    found: Reproduction = read_json(path)
    return found


def _run_dvc(folder: Path, *arguments: str) -> list[str]:
    """Run a command of DVC, showing what it says.

    Returns:
        Its errors; none if it worked.
    """
    command = [sys.executable, "-m", "dvc", *arguments]
    print(f"$ dvc {' '.join(arguments)}", flush=True)
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as running:
        said = [_show(line) for line in running.stderr or ()]
    if running.returncode == 0:
        return []
    return find_errors(said) or [f"`dvc {arguments[0]}` ended with {running.returncode}"]


def _show(line: str) -> str:
    print(line, end="", file=sys.stderr, flush=True)
    return line.strip()
