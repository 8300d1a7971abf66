"""Deliveries that DVC tracks instead of Git."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ..common.errors import DataError

# What `dvc data status` says of files that are not here, or not as they were committed.
ABSENT = ("deleted", "unknown", "modified")


def find_tracked(folder: Path, place: Path) -> list[Path]:
    """Find what DVC tracks of the deliveries: a folder around them, or single files.

    Args:
        folder: The project.
        place: Folder of the deliveries.

    Returns:
        The folder or the files, which need not be there; none where Git tracks them.
    """
    for path in (place, *place.parents):
        if path in (folder, *folder.parents):
            break
        if path.with_name(f"{path.name}.dvc").is_file():
            return [path]
    return [path.with_suffix("") for path in sorted(place.glob("*.dvc"))]


def check_complete(folder: Path, raw: Path, tracked: Sequence[Path]) -> None:
    """Check that what DVC tracks is here: what is not would be taken for removed.

    Raises:
        DataError: It is not, or DVC can't tell.
    """
    if not tracked:
        return
    status = json.loads(_run_dvc(folder, "data", "status", "--granular", "--json"))
    uncommitted = status.get("uncommitted", {})
    paths = [path.replace("\\", "/") for kind in ABSENT for path in uncommitted.get(kind, [])]
    inside = f"{raw.relative_to(folder).as_posix()}/"
    # A folder with a new file is modified, too.
    here = {f"{path.relative_to(folder).as_posix()}/" for path in tracked if path.is_dir()}
    absent = [path for path in paths if path.startswith(inside) and path not in here]
    if absent:
        raise DataError(
            f"{absent[0]} is not as DVC tracks it, so nothing is added to it; run `uv run dvc "
            "pull`, or `uv run dvc checkout` to get back what was changed"
        )


def track(folder: Path, place: Path, tracked: Sequence[Path], new: Sequence[Path]) -> None:
    """Let DVC track the new files where it tracks the others.

    Raises:
        DataError: DVC refuses.
    """
    if not tracked:
        return
    around = [path for path in tracked if place.is_relative_to(path)]
    if targets := around or [*new]:
        _run_dvc(folder, "add", "--quiet", *(str(path.relative_to(folder)) for path in targets))


def _run_dvc(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise DataError(f"`dvc {arguments[0]}` failed: {said[-1]}")
    return done.stdout
