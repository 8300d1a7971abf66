"""The DVC remote: is there one, and does it hold what this commit names?"""

from pathlib import Path

from ..common.errors import GateError
from .lock import ask_dvc


def default_remote(folder: Path) -> str | None:
    """Name the remote that DVC uses, if there is one."""
    from dvc.repo import Repo

    with Repo(str(folder)) as project:
        name: str | None = project.config["core"].get("remote")
    return name


def find_unpushed(folder: Path, remote: str) -> list[str]:
    """Name the files and folders of dvc.lock and of `dvc add` that the default remote lacks.

    Raises:
        GateError: It can't be read.
    """
    if not _is_there(folder, remote):
        raise GateError(
            f"the DVC remote {remote} is a folder that is not there; `uv run dvc push` makes it"
        )
    failed = f"the DVC remote {remote} can't be read"
    found = ask_dvc(folder, failed, "data", "status", "--not-in-remote")
    return sorted(found.get("not_in_remote", []))


def _is_there(folder: Path, remote: str) -> bool:
    """Say whether the remote can be there at all: DVC takes an absent folder for an empty one."""
    from dvc.repo import Repo

    with Repo(str(folder)) as project:
        url = project.config["remote"][remote]["url"]
    return "://" in url or (folder / ".dvc" / url).exists()
