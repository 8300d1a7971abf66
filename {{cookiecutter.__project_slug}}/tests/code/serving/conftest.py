"""A packaged model of each task, and a service of the binary one."""

from pathlib import Path

import pytest
from http_service import run_service, unpack
from small_project import add_features

from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving import features


@pytest.fixture(scope="session")
def bundles(project, tmp_path_factory):
    """Give a function that gives the folder of a task's packaged model."""

    def get(task: str) -> Path:
        return unpack(project(task).wheel, tmp_path_factory.mktemp("wheel")) / "bundle"

    return get


@pytest.fixture(scope="module")
def service(bundles):
    """Give a client of a running service, whose model has the small project's own features."""
    with pytest.MonkeyPatch.context() as patch:
        for user in (transform, features):
            patch.setattr(user, "add_features", add_features)
        with run_service(bundles("binary")) as client:
            yield client
