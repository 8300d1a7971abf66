"""What the tests do in repositories of Git and DVC."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from small_project import ROOT, STAGES, make_params, run_stage

from {{ cookiecutter.__package_name }}.common.io import write_json

CUSTOM = """\
def add_features(rows):
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
"""


def run(folder: Path, *command: str) -> str:
    """Run a command with the code of the project in the folder."""
    bins = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": bins, "PYTHONPATH": str(folder / "src")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def dvc(folder: Path, *arguments: str) -> str:
    return run(folder, sys.executable, "-m", "dvc", *arguments)


def run_stages(folder: Path, last: str) -> None:
    """Run the stages up to one and have DVC keep them, sooner than `dvc repro` starts them all."""
    stages = [*STAGES][: [*STAGES].index(last) + 1]
    for stage in stages:
        run_stage(folder, stage)
    dvc(folder, "commit", "--quiet", "--force", *stages)


def commit(folder: Path, tag: str) -> None:
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--allow-empty", "--message", tag)
    run(folder, "git", "tag", tag)


def write_code(folder: Path) -> None:
    """Copy the code, with the custom features of the small project."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored, dirs_exist_ok=True)
    next(folder.glob("src/*/features/custom.py")).write_text(CUSTOM, encoding="utf-8")


def change_train(folder: Path, estimator: str, **parameters: float) -> None:
    params = make_params("binary")
    params["evaluate"]["resamples"] = 200
    params["train"] |= {"estimator": estimator, "parameters": parameters}
    write_json(folder / "params.yaml", params)
