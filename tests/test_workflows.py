"""The workflows are clean by three linters, each of which is shown to find what it is there for."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TEMPLATE_FOLDER, Bake
from github_tools import run_actionlint
from ruamel.yaml import YAML

pytestmark = pytest.mark.xdist_group("workflows")
GITHUB = TEMPLATE_FOLDER / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
PINNED = re.compile(r"uses: (\./|[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)")


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def steps_of(path: Path) -> list[dict[str, Any]]:
    content = read_yaml(path)
    if "runs" in content:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job["steps"]]


def run_zizmor(folder: Path) -> set[str]:
    """Return the names of what zizmor finds, by its strictest measure."""
    command = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=pedantic"]
    done = subprocess.run(
        [*command, "--format=json", "--no-exit-codes", str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {finding["ident"] for finding in json.loads(done.stdout) if not finding["ignored"]}


def run_schema(schema: str, *files: Path) -> str:
    command = [str(Path(sys.executable).with_name("check-jsonschema"))]
    done = subprocess.run(
        [*command, "--builtin-schema", f"vendor.{schema}", *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A copy of .github, for faults."""
    return Path(shutil.copytree(GITHUB, tmp_path / ".github"))


def plant(folder: Path, old: str, new: str, name: str = "workflows/ci.yml") -> Path:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / name


def test_zizmor_finds_nothing() -> None:
    assert run_zizmor(GITHUB) == set()


def test_schemas_find_nothing() -> None:
    assert run_schema("github-workflows", *WORKFLOWS) == ""
    assert run_schema("github-actions", *ACTIONS) == ""
    assert run_schema("dependabot", GITHUB / "dependabot.yml") == ""


@pytest.mark.slow
def test_actionlint_finds_nothing() -> None:
    assert run_actionlint(*WORKFLOWS) == []


TESTS = "run: uv run --no-sync pytest"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (TESTS, "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", "unpinned-uses"),
        ("permissions: {}\n", "", "excessive-permissions"),
        ("persist-credentials: false", "fetch-tags: true", "artipacked"),
        ("  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
    ],
)
def test_zizmor_finds_what_is_planted(planted: Path, old: str, new: str, found: str) -> None:
    plant(planted, old, new)
    assert found in run_zizmor(planted)


def test_schema_finds_what_is_planted(planted: Path) -> None:
    file = plant(planted, "timeout-minutes: 30", "timeout: 30")
    assert "timeout" in run_schema("github-workflows", file)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("needs: [check, pipeline]", "needs: [check, pipelines]", 'needs job "pipelines"'),
        ("steps.setup.outputs.cli", "steps.set-up.outputs.cli", 'property "set-up" is not defined'),
        (TESTS, "run: echo ${{ github.head_ref }}", "potentially untrusted"),
    ],
)
def test_actionlint_finds_what_is_planted(planted: Path, old: str, new: str, said: str) -> None:
    assert said in " ".join(run_actionlint(plant(planted, old, new)))


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parts[-2])
def test_actions_are_pinned_and_commands_are_short(path: Path) -> None:
    uses = re.findall(r"uses: .*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert not [line for line in uses if not PINNED.match(line)]
    commands = [step["run"].strip() for step in steps_of(path) if "run" in step]
    assert not [command for command in commands if command.count("\n") >= 5]
    assert not [command for command in commands if "${{" in command]
    checkouts = [step for step in steps_of(path) if "actions/checkout@" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_have_limits_and_no_rights_but_their_own(path: Path) -> None:
    content = read_yaml(path)
    assert content["permissions"] == {}
    assert content["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 120 for job in content["jobs"].values())
    assert all("permissions" in job for job in content["jobs"].values())


def test_pass_needs_every_other_job_of_ci_and_is_what_the_ruleset_requires() -> None:
    jobs = read_yaml(GITHUB / "workflows" / "ci.yml")["jobs"]
    assert [*jobs][-1] == "pass"
    assert jobs["pass"]["needs"] == [*jobs][:-1]
    rules = json.loads((GITHUB / "ruleset.json").read_text(encoding="utf-8"))["rules"]
    (required,) = [rule for rule in rules if rule["type"] == "required_status_checks"]
    checks = required["parameters"]["required_status_checks"]
    assert [check["context"] for check in checks] == ["pass"]


def test_workflows_are_generated_as_they_are_and_owners_are_named(bake: Bake) -> None:
    baked = bake(email="ann@example.org")
    for path in [*WORKFLOWS, *ACTIONS]:
        name = path.relative_to(TEMPLATE_FOLDER).as_posix()
        assert baked.read(name) == path.read_text(encoding="utf-8")
    owned = [line.split() for line in baked.read(".github/CODEOWNERS").splitlines()]
    assert ["/params.yaml", "ann@example.org"] in owned
    assert ["/schema.yaml", "ann@example.org"] in owned
