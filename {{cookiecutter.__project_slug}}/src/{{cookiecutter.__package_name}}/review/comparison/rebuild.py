"""An earlier revision's pipeline, run again in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from ...common.console import show
from .git import outside_hooks
from .not_comparable import NotComparableError

# What a comparison needs of the revision's outputs.
NEEDED = ("models/transform.skops", "models/estimator", "data/prepared")


def rebuild(root: Path, folder: Path) -> None:
    """Run the pipeline of a checked-out revision up to its model, by its own code.

    Raises:
        NotComparableError: It has no pipeline, or that fails.
    """
    if not (folder / "dvc.yaml").exists() or not (folder / ".dvc").exists():
        raise NotComparableError("it has no dvc.yaml or no .dvc, so it has no model")
    show("training the base model again")
    _use_settings_of(root, folder)
    variables = {
        # `python` in dvc.yaml is this one, and what it imports is the revision's own code.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(folder / "src"),
        # Else DVC would keep notes about a folder that is soon gone.
        "DVC_SITE_CACHE_DIR": str(folder.parent / "dvc"),
    }
    failure = run_dvc(folder, ["repro", "--pull", "--no-run-cache", "train"], variables)
    absent = [name for name in NEEDED if not (folder / name).exists()]
    if failure or absent:
        reason = failure or f"it makes no {absent[0]}"
        raise NotComparableError(
            f"its model is neither in DVC's cache nor in a remote, and training it again failed: "
            f"{reason}"
        )


def run_dvc(folder: Path, arguments: list[str], variables: dict[str, str]) -> str:
    """Run a command of DVC in a process of its own.

    Returns:
        Nothing if it worked, else what DVC said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *arguments],
        cwd=folder,
        env=outside_hooks() | variables,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = [line for line in done.stderr.splitlines() if any(map(str.isalnum, line))]
    return [*find_errors(said), *said, f"it ended with {done.returncode}"][0]


def find_errors(said: Iterable[str]) -> list[str]:
    """Find what DVC calls an error among the lines that it said."""
    return [line.partition(": ")[2] for line in said if line.lower().startswith("error: ")]


def _use_settings_of(root: Path, folder: Path) -> None:
    """Share the project's cache and remotes, whose paths may be relative to the project."""
    from dvc.repo import Repo

    with (
        Repo(str(root)) as project,
        Repo(str(folder)) as revision,
        revision.config.edit("local") as config,
    ):
        config["cache"] = {"dir": project.cache.local_cache_dir}
        config["remote"] = {name: {**remote} for name, remote in project.config["remote"].items()}
        if remote := project.config["core"].get("remote"):
            config["core"] = {"remote": remote}
