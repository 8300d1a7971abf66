"""A small project with a history, as in real repositories of Git and DVC."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import ROOT, make_columns, make_params, write_project

from {{ cookiecutter.__package_name }}.io import write_json

CUSTOM = """\
def add_features(rows):
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
"""


@pytest.fixture(scope="session", autouse=True)
def _scratch_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
        patch.setenv("DVC_NO_ANALYTICS", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "Test")
            patch.setenv(f"GIT_{name}_EMAIL", "test@example.com")
        yield


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


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose tags are trained models, the last one being today's.

    `wide` needs the column colour; `strong` does without; `weak` is a dummy; `latest` is like
    strong. One of the deliveries is kept by DVC, the others by Git.
    """
    folder = tmp_path_factory.mktemp("history")
    write_project(folder, "binary")
    write_code(folder)
    for name in ("dvc.yaml", ".gitignore", ".dvcignore", ".dvc/.gitignore", ".dvc/config"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    run(folder, "git", "init", "--quiet")
    dvc(folder, "add", "--quiet", "data/raw/orders/2020-02.csv")
    change_train(folder, "lightgbm", n_estimators=20, num_leaves=5, min_child_samples=5)
    dvc(folder, "repro", "train")
    commit(folder, "wide")
    columns = make_columns("binary")
    columns["colour"]["role"] = "ignored"
    write_json(folder / "schema.yaml", {"columns": columns})
    dvc(folder, "repro", "train")
    commit(folder, "strong")
    change_train(folder, "dummy")
    dvc(folder, "repro", "evaluate")
    commit(folder, "weak")
    change_train(folder, "lightgbm", n_estimators=20, num_leaves=4, min_child_samples=5)
    dvc(folder, "repro", "evaluate")
    commit(folder, "latest")
    return folder


@pytest.fixture
def repository(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the history that a test may change, and works in."""
    copied = shutil.copytree(history, tmp_path / "repository", symlinks=True)
    monkeypatch.chdir(copied)
    return copied
