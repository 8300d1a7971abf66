"""Git, as the comparison asks it: the commit that a name means, and its files in a folder."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...common.errors import ProjectError
from ...common.yaml_file import nearest

# The model's name in dvc.yaml, under `artifacts`.
MODEL = "model"
# GTO's tags for an artifact: assigned to a stage, or with ! taken from it.
STAGE_TAG = re.compile(r"^[^#]+#(?P<stage>[^#!]+)(?P<gone>!?)#(?P<number>\d+)$")
# Set while a hook of Git runs, they would send its commands to another folder's repository.
HOOK_VARIABLES = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}
KNOWN_NAMES = 20


def outside_hooks() -> dict[str, str]:
    """Return the environment for a command that works in a repository of its own."""
    return {name: value for name, value in os.environ.items() if name not in HOOK_VARIABLES}


def ask_git(folder: Path, *arguments: str) -> str:
    """Run a command of Git.

    Returns:
        What it printed.

    Raises:
        ProjectError: Git is not there or refuses.
    """
    try:
        done = _run(folder, *arguments)
    except FileNotFoundError as error:
        raise ProjectError("git is not installed; this needs it") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise ProjectError(f"`git {arguments[0]}` failed in {folder.resolve()}: {said[-1]}")
    return done.stdout


def name_artifact(folder: Path) -> str:
    """Give the model's name as GTO and `dvc artifacts get` know it, with its folder in Git."""
    inside = ask_git(folder, "rev-parse", "--show-prefix").strip().rstrip("/")
    return f"{inside}:{MODEL}" if inside else MODEL


def find_commit(folder: Path, name: str) -> str:
    """Find the commit of a Git revision, or of the model that a stage of the registry has.

    Args:
        folder: The project.
        name: As for `git rev-parse`; if Git knows no such revision, a stage, such as prod, that
            `gto assign` gave to the artifact `model`.

    Returns:
        The commit's full hash.

    Raises:
        ProjectError: It is neither.
    """
    refs = ask_git(folder, "for-each-ref", "--format=%(refname:short)", "--sort=-creatordate")
    if not _parse_revision(folder, "HEAD"):
        raise ProjectError("there is no commit yet to compare with; commit, change, then compare")
    # As GTO writes it in tags.
    prefix = name_artifact(folder).replace(":", "=")
    tags = ask_git(folder, "tag", "--list", f"{prefix}#*").split()
    stages = read_stages(tags)
    for revision in (name, stages.get(name, "")):
        if commit := _parse_revision(folder, revision):
            return commit
    known = ["HEAD", *stages, *(ref for ref in refs.split() if ref not in tags)]
    shallow = ask_git(folder, "rev-parse", "--is-shallow-repository").strip() == "true"
    hint = "; this clone is shallow, `git fetch --unshallow` gets the rest" if shallow else ""
    raise ProjectError(
        f"--base is {name!r}, which is neither a revision that Git knows here nor a stage of the "
        f"model registry{nearest(name, known[:KNOWN_NAMES])}{hint}"
    )


def read_stages(tags: list[str]) -> dict[str, str]:
    """Read which tag holds for each stage: of its tags, the one with the greatest number."""
    found = sorted(filter(None, map(STAGE_TAG.match, tags)), key=lambda tag: int(tag["number"]))
    newest = {tag["stage"]: tag for tag in found}
    return {stage: tag[0] for stage, tag in newest.items() if not tag["gone"]}


@contextmanager
def check_out(folder: Path, commit: str) -> Iterator[Path]:
    """Check a commit out into a temporary folder, which is gone afterwards.

    Yields:
        The project's folder there; the project may lie in a folder of its repository.
    """
    inside = ask_git(folder, "rev-parse", "--show-prefix").strip()
    with tempfile.TemporaryDirectory(prefix="compare-", ignore_cleanup_errors=True) as temporary:
        target = Path(temporary).resolve() / "base"
        # `dvc install` has a hook that would check out data by itself.
        hooks = f"core.hooksPath={target.parent / 'no-hooks'}"
        ask_git(folder, "-c", hooks, "worktree", "add", "--quiet", "--detach", str(target), commit)
        try:
            yield target / inside
        finally:
            ask_git(folder, "worktree", "remove", "--force", str(target))


def _parse_revision(folder: Path, name: str) -> str:
    if not name or name.startswith("-"):
        return ""
    # In two steps, as :/text would take ^{commit} for text.
    found = _run(folder, "rev-parse", "--verify", "--quiet", name).stdout.strip()
    return (
        found
        and _run(folder, "rev-parse", "--verify", "--quiet", f"{found}^{{commit}}").stdout.strip()
    )


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=outside_hooks(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
