"""Is what is committed what the pipeline gives here?"""

import json
import math
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ruamel.yaml import YAML

from ..lock import find_stale_stages

Word = Literal[
    "identical",
    "same within 1e-6",
    "differs",
    "dvc.lock is out of date: run dvc repro and commit",
    "not known",
]
OUT_OF_DATE: Word = "dvc.lock is out of date: run dvc repro and commit"
TOLERANCE = 1e-6
Content = Mapping[str, Any]


class Reproducibility(NamedTuple):
    """The verdict in a word, and what it rests on in a sentence."""

    word: Word
    reason: str


def judge_reproducibility(folder: Path) -> Reproducibility:
    """Compare dvc.lock and the metrics of the last commit with those that are here.

    Meant for after `dvc repro`; which stages that ran and which it took from the cache is not
    known afterwards.

    Args:
        folder: The project, in a Git repository.

    Raises:
        GateError: DVC can't tell whether dvc.lock is out of date, as dvc.yaml is broken.
    """
    committed = _show(folder, "dvc.lock")
    if committed is None:
        return Reproducibility("not known", "the last commit holds no dvc.lock, or there is none")
    if not (folder / "dvc.lock").exists():
        return Reproducibility(OUT_OF_DATE, "it is committed, but not here")
    if stale := find_stale_stages(folder):
        return Reproducibility(OUT_OF_DATE, f"{stale[0]} would run again")
    then, now = _read_stages(committed), _read_stages((folder / "dvc.lock").read_bytes().decode())
    if changed := _first_difference(_inputs(then), _inputs(now)):
        return Reproducibility(OUT_OF_DATE, f"what {changed} reads is not what was committed")
    if changed := _first_difference(_outputs(then), _outputs(now)):
        return compare_metrics(folder, changed)
    return Reproducibility("identical", "dvc.lock, and so every output, is what is committed")


def compare_metrics(folder: Path, stage: str) -> Reproducibility:
    """Judge by the metrics of the last commit and those here, when the outputs differ.

    Args:
        folder: The project.
        stage: The first one whose output differs.
    """
    path = "reports/metrics.json"
    then = dict(_flatten(json.loads(_show(folder, path) or "{}")))
    now = dict(_flatten(json.loads((folder / path).read_text(encoding="utf-8"))))
    for name in [*now, *(name for name in then if name not in now)]:
        if not _is_close(then.get(name), now.get(name)):
            numbers = f"{name} was {then.get(name)}, is {now.get(name)}"
            return Reproducibility(
                "differs", f"the first other output is that of {stage}; {numbers}"
            )
    reason = f"the metrics agree, but the output of {stage} is not byte for byte what is committed"
    return Reproducibility("same within 1e-6", reason)


def _show(folder: Path, path: str) -> str | None:
    """Read a file of the last commit; None where there is no commit or no such file."""
    command = ["git", "show", f"HEAD:./{path}"]
    shown = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return None if shown.returncode else shown.stdout.decode()


def _read_stages(lock: str) -> dict[str, Content]:
    stages: dict[str, Content] = YAML(typ="safe").load(lock)["stages"]
    return stages


def _inputs(stages: Mapping[str, Content]) -> dict[str, Any]:
    """Take of each stage its command, its parameters and those files that no stage makes."""
    made = [out["path"] for stage in stages.values() for out in stage.get("outs", [])]
    return {
        name: (
            stage["cmd"],
            stage.get("params"),
            [_hash_of(dep) for dep in stage.get("deps", []) if not _is_below(dep["path"], made)],
        )
        for name, stage in stages.items()
    }


def _is_below(path: str, folders: list[str]) -> bool:
    return any(f"{path}/".startswith(f"{folder}/") for folder in folders)


def _outputs(stages: Mapping[str, Content]) -> dict[str, Any]:
    return {
        name: [_hash_of(out) for out in stage.get("outs", [])] for name, stage in stages.items()
    }


def _hash_of(file: Content) -> tuple[str, str]:
    return file["path"], file[file["hash"]]


def _first_difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Name the first stage, in the order of dvc.lock, that differs or is on one side only."""
    stages = [*now, *(name for name in then if name not in now)]
    return next((name for name in stages if then.get(name) != now.get(name)), "")


def _flatten(content: Any, prefix: str = "") -> Iterator[tuple[str, float | None]]:
    if not isinstance(content, dict):
        yield prefix, content
        return
    for name, value in content.items():
        yield from _flatten(value, f"{prefix} {name}".strip())


def _is_close(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is now
    return math.isclose(then, now, rel_tol=TOLERANCE, abs_tol=1e-12)
