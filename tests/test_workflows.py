"""All workflows are clean by three linters, each of which is shown to find what it is there for."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, TEMPLATE_FOLDER, Bake
from github_tools import run_actionlint
from ruamel.yaml import YAML

pytestmark = pytest.mark.xdist_group("workflows")
GITHUB = TEMPLATE_FOLDER / ".github"
# The template's own, and those of the projects that it makes.
FOLDERS = {"template": ROOT / ".github", "generated": GITHUB}
# Of each folder the workflow into which faults are planted.
HOSTS = {"template": "tests.yml", "generated": "ci.yml"}
WORKFLOWS = {
    f"{name}-{path.stem}": path
    for name, folder in FOLDERS.items()
    for path in sorted(folder.glob("workflows/*.yml"))
}
ACTIONS = {path.parent.name: path for path in sorted(GITHUB.glob("actions/*/action.yml"))}
PINNED = re.compile(r"uses: (\./|[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS.values(), ids=WORKFLOWS)
each_file = pytest.mark.parametrize("path", (WORKFLOWS | ACTIONS).values(), ids=WORKFLOWS | ACTIONS)
each_folder = pytest.mark.parametrize("folder", FOLDERS)


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def steps_of(path: Path) -> list[dict[str, Any]]:
    content = read_yaml(path)
    if "runs" in content:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job.get("steps", [])]


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


def plant(tmp_path: Path, folder: str, old: str, new: str) -> Path:
    """Copy a folder with a fault in one of its workflows, whose path is returned."""
    copy = shutil.copytree(FOLDERS[folder], tmp_path / ".github")
    host = copy / "workflows" / HOSTS[folder]
    text, count = re.subn(old, new, host.read_text(encoding="utf-8"), count=1)
    assert count == 1
    host.write_text(text, encoding="utf-8")
    return host


@each_folder
def test_zizmor_finds_nothing(folder: str) -> None:
    assert run_zizmor(FOLDERS[folder]) == set()


def test_schemas_find_nothing() -> None:
    assert run_schema("github-workflows", *WORKFLOWS.values()) == ""
    assert run_schema("github-actions", *ACTIONS.values()) == ""
    assert run_schema("dependabot", *(each / "dependabot.yml" for each in FOLDERS.values())) == ""


@pytest.mark.slow
def test_actionlint_finds_nothing() -> None:
    assert run_actionlint(*WORKFLOWS.values()) == []


COMMAND = r"(?<=run: )\w.*"


@each_folder
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (COMMAND, "echo ${{ github.event.pull_request.title }}", "template-injection"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", "unpinned-uses"),
        ("permissions: {}\n", "", "excessive-permissions"),
        ("persist-credentials: false", "fetch-tags: true", "artipacked"),
        ("  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
    ],
)
def test_zizmor_finds_what_is_planted(
    tmp_path: Path, folder: str, old: str, new: str, found: str
) -> None:
    assert found in run_zizmor(plant(tmp_path, folder, old, new).parents[1])


@each_folder
def test_schema_finds_what_is_planted(tmp_path: Path, folder: str) -> None:
    file = plant(tmp_path, folder, r"timeout-minutes: \d+", "timeout: 30")
    assert "timeout" in run_schema("github-workflows", file)


@pytest.mark.slow
@each_folder
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"needs: \[\w+,", "needs: [nowhere,", 'needs job "nowhere"'),
        ("(?=runs-on)", "if: ${{ github.nowhere }}\n    ", 'property "nowhere" is not defined'),
        (COMMAND, "echo ${{ github.head_ref }}", "potentially untrusted"),
    ],
)
def test_actionlint_finds_what_is_planted(
    tmp_path: Path, folder: str, old: str, new: str, said: str
) -> None:
    assert said in " ".join(run_actionlint(plant(tmp_path, folder, old, new)))


@each_file
def test_actions_are_pinned_and_commands_are_short(path: Path) -> None:
    uses = re.findall(r"\buses: .*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert not [line for line in uses if not PINNED.match(line)]
    commands = [step["run"].strip() for step in steps_of(path) if "run" in step]
    assert not [command for command in commands if command.count("\n") >= 5]
    assert not [command for command in commands if "${{" in command]
    checkouts = [step for step in steps_of(path) if "actions/checkout@" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_each_action_has_one_version() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (WORKFLOWS | ACTIONS).values()]
    pins = {pin for text in texts for pin in re.findall(r"uses: (\w\S+)@(.+)", text)}
    assert len(pins) == len({action for action, _ in pins})


@each_workflow
def test_jobs_have_limits_and_no_rights_but_their_own(path: Path) -> None:
    content = read_yaml(path)
    assert content["permissions"] == {}
    assert content["concurrency"]["group"]
    # A job that calls another workflow has its limits there.
    own = [job for job in content["jobs"].values() if "uses" not in job]
    assert all(job["timeout-minutes"] <= 120 for job in own)
    assert all("permissions" in job for job in content["jobs"].values())
    reading = [job for job in own if "actions/checkout@" in str(job["steps"])]
    assert all("contents" in job["permissions"] for job in reading)


@each_workflow
def test_pass_comes_last_and_needs_every_other_job(path: Path) -> None:
    jobs = read_yaml(path)["jobs"]
    assert [*jobs][-1] == "pass"
    assert jobs["pass"]["needs"] == [*jobs][:-1]
    assert jobs["pass"]["if"] == "${{ always() }}"
    assert "needs" in str(jobs["pass"]["steps"])


def test_ruleset_requires_pass() -> None:
    rules = json.loads((GITHUB / "ruleset.json").read_text(encoding="utf-8"))["rules"]
    (required,) = [rule for rule in rules if rule["type"] == "required_status_checks"]
    checks = required["parameters"]["required_status_checks"]
    assert [check["context"] for check in checks] == ["pass"]


def test_dependabot_looks_into_each_folder_with_actions() -> None:
    looked: dict[str, set[str]] = {}
    for name, folder in FOLDERS.items():
        updates = read_yaml(folder / "dependabot.yml")["updates"]
        (found,) = [each for each in updates if each["package-ecosystem"] == "github-actions"]
        looked[name] = set(found["directories"])
    folders = {f"/.github/actions/{name}" for name in ACTIONS}
    assert looked["generated"] == {"/"} | folders
    assert looked["template"] == {"/", "/*/.github/workflows"} | {f"/*{each}" for each in folders}


def test_workflows_are_generated_as_they_are_and_owners_are_named(bake: Bake) -> None:
    baked = bake(email="ann@example.org")
    generated = {path for path in (WORKFLOWS | ACTIONS).values() if path.is_relative_to(GITHUB)}
    for path in generated:
        name = path.relative_to(TEMPLATE_FOLDER)
        assert (baked.path / name).read_bytes() == path.read_bytes()
    owned = [line.split() for line in baked.read(".github/CODEOWNERS").splitlines()]
    assert ["/params.yaml", "ann@example.org"] in owned
    assert ["/schema.yaml", "ann@example.org"] in owned
