"""A small project of each task that has run through all stages once."""

from collections.abc import Callable

import pytest
from small_project import STAGES, Project, run_stage, write_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Give a function that makes the project of a task, or gives it when it is made."""
    made: dict[str, Project] = {}

    def get(task: str) -> Project:
        if task not in made:
            folder = tmp_path_factory.mktemp(task)
            write_project(folder, task)
            made[task] = Project(folder, {name: run_stage(folder, name) for name in STAGES})
        return made[task]

    return get
