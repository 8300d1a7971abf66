"""What has to hold before a model is released."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..common.console import show
from ..common.errors import ProjectError
from ..common.io import read_json
from ..common.settings import Params
from ..review.comparison.git import ask_git
from ..review.lock import find_stale_stages
from ..review.remote import default_remote, find_unpushed
from ..review.verdict import failed_criteria
from .latency import check_latency
from .tags import find_author

MAX_NAMED = 3


class Checked(NamedTuple):
    """What the checks found.

    Attributes:
        faults: What fails, each with its remedy.
        latency: Milliseconds of a prediction, or None where the goal has no budget for it.
    """

    faults: list[str]
    latency: float | None


def check_release(folder: Path, params: Params, commits: bool) -> Checked:
    """Check everything that a release promises, and say all that fails.

    Args:
        folder: The project.
        params: Its settings.
        commits: Whether the release makes a commit, for which there must be a branch.
    """
    faults = [*_check_git(folder, commits), *_check_lock(folder), *_check_verdict(folder)]
    faults += _check_remote(folder)
    wheels = find_wheels(folder)
    if len(wheels) != 1:
        state = f"{len(wheels)} wheels" if wheels else "no wheel"
        return Checked([*faults, f"dist holds {state}; run `uv run dvc checkout dist`"], None)
    budget = params.goal.budget.latency_ms
    if budget is None:
        return Checked(faults, None)
    latency = check_latency(folder, budget)
    return Checked([*faults, *filter(None, [latency.fault])], latency.milliseconds)


def find_wheels(folder: Path) -> list[Path]:
    """List what `dvc repro` packaged."""
    return [*(folder / "dist").glob("*.whl")]


def _check_git(folder: Path, commits: bool) -> Iterator[str]:
    try:
        find_author(folder)
    except ProjectError:
        yield "Git does not know who you are; set user.name and user.email by `git config`"
    if commits and not ask_git(folder, "branch", "--show-current").strip():
        yield "no branch is checked out, so the changelog's commit would be lost; run `git switch`"
    lines = ask_git(folder, "status", "--porcelain", "--", ".").splitlines()
    if lines:
        more = [f"and {len(lines) - MAX_NAMED} more"] if len(lines) > MAX_NAMED else []
        names = ", ".join([*(line[3:] for line in lines[:MAX_NAMED]), *more])
        yield f"not committed: {names}; commit or remove them"


def _check_lock(folder: Path) -> Iterator[str]:
    show("checking dvc.lock")
    if not (folder / "dvc.lock").exists():
        yield "there is no dvc.lock; run `uv run dvc repro`"
        return
    try:
        stale = find_stale_stages(folder)
    except ProjectError as error:
        yield str(error)
        return
    if stale:
        yield f"dvc.lock is out of date in {', '.join(stale)}; run `uv run dvc repro` and commit"


def _check_verdict(folder: Path) -> Iterator[str]:
    path = folder / "reports/verdict.json"
    if not path.exists():
        yield "there is no verdict in reports; run `uv run dvc repro`"
        return
    for criterion in failed_criteria(read_json(path)):
        yield f"the goal is missed: {criterion}; improve the model, or change its goal"


def _check_remote(folder: Path) -> Iterator[str]:
    remote = default_remote(folder)
    if not remote:
        return
    show("asking the DVC remote")
    try:
        unpushed = find_unpushed(folder, remote)
    except ProjectError as error:
        yield f"{error}; without it nobody else gets the model"
        return
    if unpushed:
        yield f"the DVC remote lacks {', '.join(unpushed)}; run `uv run dvc push`"
