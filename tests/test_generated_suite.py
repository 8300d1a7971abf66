"""The tests that a generated project brings along, before its first model and with odd answers.

Apart from test_pipeline.py, as a file is what one worker takes.
"""

from pathlib import Path

import pytest
from conftest import BakedProject, generate
from test_generation import AWKWARD_ANSWERS
from test_pipeline import STAGES, in_environment, repro

pytestmark = pytest.mark.slow
# These train in repositories that they make themselves, which takes as long as all others:
# scripts/try_options.py runs them, for tests.yml on two systems and for weekly.yml.
OWN_REPOSITORIES = [
    f"tests/code/review/test_{name}.py"
    for name in ("compare", "compare_models", "champion", "reproduce")
]


def test_fresh_project_passes_tests_before_its_first_repro(
    project: BakedProject, tmp_path: Path
) -> None:
    fresh = project.clone(tmp_path / "flight-delays")
    others = [f"--ignore={path}" for path in OWN_REPOSITORIES]
    assert "no trained model yet: run `uv run dvc repro`" in in_environment(
        fresh, "pytest", *others
    )
    assert fresh.run("git", "status", "--porcelain").stdout == ""


def test_awkward_answers_give_a_project_that_works(scratch: dict[str, str], tmp_path: Path) -> None:
    remote = {"dvc_remote": "ssh", "dvc_remote_url": "ssh://ann@host.example.com:2222/srv/dvc"}
    awkward = generate(tmp_path, scratch, **AWKWARD_ANSWERS, **remote).install()
    awkward.commit("Generate the project")
    # No answer stands in src, and the types of tests are those of every project.
    in_environment(awkward, "pre-commit", "run", "--all-files", SKIP="mypy")
    assert awkward.run("git", "status", "--porcelain").stdout == ""
    assert repro(awkward) == STAGES
    # The rest of tests/code names nothing that was answered.
    named = ["tests/data", "tests/model", "tests/code/test_wiring.py", "tests/code/test_cli.py"]
    in_environment(awkward, "pytest", *named)
