"""The runner of workflows gives a called workflow no more than GitHub does."""

from pathlib import Path
from typing import Any

import pytest
from github_tools import Expressions
from workflow_runner import Job, run_workflow

pytestmark = pytest.mark.slow
CALLER = """
jobs:
  call:
    permissions: {contents: read}
    uses: ./.github/workflows/called.yml
    secrets: {PASSED: "${{ secrets.PASSED }}"}
"""
CALLED = """
on: {workflow_call: {secrets: {PASSED: {}, KEPT: {}}}}
jobs:
  say:
    permissions: {contents: read}
    steps:
      - run: echo "[$PASSED][$KEPT]"
        env: {PASSED: "${{ secrets.PASSED }}", KEPT: "${{ secrets.KEPT }}"}
"""


def call(folder: Path, expressions: Expressions, called: str) -> str:
    """Run a workflow that calls another and return what that says."""
    (folder / ".github/workflows").mkdir(parents=True)
    for name, text in {"caller": CALLER, "called": called}.items():
        (folder / f".github/workflows/{name}.yml").write_text(text, encoding="utf-8")
    names = ("repository", "sha", "ref", "server_url", "api_url", "run_id", "event_name")
    github = {**dict.fromkeys(names, ""), "event": {}}
    context = {"github": github, "secrets": {"PASSED": "one", "KEPT": "two"}}

    def start(name: str, context: dict[str, Any]) -> Job:
        place = folder / name
        return Job(place, place / "temporary", context, {}, {}, expressions)

    jobs = run_workflow(folder / ".github/workflows/caller.yml", context, start)
    return jobs["call/say"].log


def test_called_workflow_gets_the_secrets_that_are_passed(
    tmp_path: Path, expressions: Expressions
) -> None:
    assert call(tmp_path, expressions, CALLED) == "[one][]\n"


def test_called_workflow_may_not_ask_for_more_rights(
    tmp_path: Path, expressions: Expressions
) -> None:
    with pytest.raises(AssertionError, match="contents: write is asked, not read"):
        call(tmp_path, expressions, CALLED.replace("contents: read", "contents: write"))
