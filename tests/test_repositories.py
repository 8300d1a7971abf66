"""The generated tests that train in repositories of their own."""

import pytest
from conftest import BakedProject
from test_pipeline import OWN_REPOSITORIES, in_environment

pytestmark = pytest.mark.slow


def test_fresh_project_passes_tests_in_repositories_of_their_own(project: BakedProject) -> None:
    in_environment(project, "pytest", *OWN_REPOSITORIES)
