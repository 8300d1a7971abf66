"""A repository in which two versions of a model were released."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from released import change_model, write_repository
from small_project import Project, add_features

from {{ cookiecutter.__package_name }}.registry.release import release
from {{ cookiecutter.__package_name }}.serving import features

HOMES = ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR", "XDG_CONFIG_HOME")
WHO = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]


@contextmanager
def own_home(home: Path) -> Iterator[None]:
    """Keep Git and DVC out of the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in HOMES:
            patch.setenv(name, str(home))
        for name in ("EMAIL", *WHO):
            patch.delenv(name, raising=False)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("DVC_NO_ANALYTICS", "1")
        patch.setattr(features, "add_features", add_features)
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", autouse=True)
def _own_home(home: Path) -> Iterator[None]:
    with own_home(home):
        yield


@pytest.fixture(scope="session")
def history(
    project: Callable[[str], Project], home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A repository with v2.5.0, and v2.5.1 whose roc_auc is 0.125."""
    folder = tmp_path_factory.mktemp("released")
    with own_home(home):
        write_repository(folder, project("binary").folder)
        release(folder)
        change_model(folder, 0.125)
        release(folder)
    return folder


@pytest.fixture
def repository(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the history that a test may change, and works in."""
    copied = shutil.copytree(history, tmp_path / "repository")
    monkeypatch.chdir(copied)
    return copied
