"""A small project with a history, as in real repositories of Git and DVC."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from repository import change_train, commit, dvc, run, run_stages, write_code
from small_project import ROOT, make_columns, write_project

from {{ cookiecutter.__package_name }}.common.io import write_json


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables that keep Git and DVC out of the home of whoever runs the tests."""
    homes = ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR")
    return {name: str(tmp_path_factory.mktemp("home")) for name in homes} | {
        "DVC_NO_ANALYTICS": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
    }


@contextmanager
def set_variables(variables: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module", autouse=True)
def _scratch_home(scratch: dict[str, str]) -> Iterator[None]:
    with set_variables(scratch):
        yield


@pytest.fixture(scope="session")
def history(scratch: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose tags are trained models, the last one being today's.

    `wide` needs the column colour; `strong` does without; `weak` is a dummy; `latest` is like
    strong. One of the deliveries is kept by DVC, the others by Git.
    """
    folder = tmp_path_factory.mktemp("history")
    with set_variables(scratch):
        write_history(folder)
    return folder


def write_history(folder: Path) -> None:
    write_project(folder, "binary")
    write_code(folder)
    for name in ("dvc.yaml", ".gitignore", ".dvcignore", ".dvc/.gitignore", ".dvc/config"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    run(folder, "git", "init", "--quiet")
    dvc(folder, "add", "--quiet", "data/raw/orders/2020-02.csv")
    change_train(folder, "lightgbm", n_estimators=20, num_leaves=5, min_child_samples=5)
    run_stages(folder, "train")
    commit(folder, "wide")
    columns = make_columns("binary")
    columns["colour"]["role"] = "ignored"
    write_json(folder / "schema.yaml", {"columns": columns})
    run_stages(folder, "train")
    commit(folder, "strong")
    change_train(folder, "dummy")
    run_stages(folder, "evaluate")
    commit(folder, "weak")
    change_train(folder, "lightgbm", n_estimators=20, num_leaves=4, min_child_samples=5)
    run_stages(folder, "evaluate")
    commit(folder, "latest")


@pytest.fixture
def repository(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the history that a test may change, and works in."""
    copied = shutil.copytree(history, tmp_path / "repository", symlinks=True)
    monkeypatch.chdir(copied)
    return copied
