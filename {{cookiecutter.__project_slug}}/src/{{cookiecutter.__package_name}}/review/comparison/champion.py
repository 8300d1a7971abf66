"""The model at an earlier revision: from DVC's cache or remote, or trained again."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from ...common.console import show
from ..remote import default_remote
from .rebuild import NEEDED, rebuild, run_dvc

# What a comparison shows besides, if it is there.
SHOWN = "reports/train"
NOWHERE = "nowhere"


class Origin(NamedTuple):
    """Where the earlier model came from."""

    model_from: Literal["cache", "remote", "rebuilt"]
    note: str


def restore_results(root: Path, commit: str, folder: Path) -> Origin:
    """Get the outputs of `dvc repro` at a commit.

    Args:
        root: The project.
        commit: Of it.
        folder: Where the commit is checked out; models, prepared rows and learning curve come to
            the places where they were.

    Returns:
        Where they came from. What neither cache nor remote has is made again, in the folder, and
        kept in the project's cache.

    Raises:
        NotComparableError: They are nowhere and can't be made.
    """
    if _take(folder, _copy_cached(root, commit)) == "":
        return Origin("cache", "The base model came from DVC's cache.")
    remote = default_remote(root)
    if remote and _take(folder, _download(root, commit, remote)) == "":
        return Origin("remote", f"The base model came from the DVC remote {remote}.")
    rebuild(root, folder)
    return Origin(
        "rebuilt",
        "The base model is neither in DVC's cache nor in a remote that could be read, so it was "
        "trained again from the code, settings and data of its revision, with the libraries that "
        "are installed now.",
    )


def _take(folder: Path, get: Callable[[str, Path], str]) -> str:
    """Get all that is not there yet, the needed first; say what went wrong with a needed one."""
    for name in (*NEEDED, SHOWN):
        part = folder.parent / "part"
        if (folder / name).exists():
            continue
        failure = get(name, part)
        if not failure:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            part.replace(folder / name)
            continue
        shutil.rmtree(part, ignore_errors=True)
        if name in NEEDED:
            return failure
    return ""


def _copy_cached(root: Path, commit: str) -> Callable[[str, Path], str]:
    from dvc.api import DVCFileSystem
    from dvc.exceptions import DvcException
    from dvc_data.index.index import DataIndexDirError

    # With no other remote than a folder that is not there, DVC finds only what is cached.
    absent = {"core": {"remote": NOWHERE}, "remote": {NOWHERE: {"url": str(root / NOWHERE)}}}
    files = DVCFileSystem(str(root), rev=commit, config=absent)

    def get(name: str, part: Path) -> str:
        try:
            files.get(name, str(part), recursive=True)
        except (FileNotFoundError, DvcException, DataIndexDirError) as error:
            return f"{error}"
        return ""

    return get


def _download(root: Path, commit: str, remote: str) -> Callable[[str, Path], str]:
    # In a process of its own: each kind of remote has other errors when it can't be reached.
    def get(name: str, part: Path) -> str:
        show(f"downloading {name} of the base")
        # By name, as the revision may be older than the remote.
        place = ["--rev", commit, "--remote", remote, "--out", str(part)]
        return run_dvc(root, ["get", ".", name, *place], {})

    return get
