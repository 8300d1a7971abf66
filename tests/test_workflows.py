"""All workflows keep to the same rules: pins, rights, limits, short commands, one final check."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, TEMPLATE_FOLDER, Bake
from workflow_runner import read_yaml

GITHUB = TEMPLATE_FOLDER / ".github"
# The template's own, and those of the projects that it makes.
FOLDERS = {"template": ROOT / ".github", "generated": GITHUB}
WORKFLOWS = {
    f"{name}-{path.stem}": path
    for name, folder in FOLDERS.items()
    for path in sorted(folder.glob("workflows/*.yml"))
}
ACTIONS = {path.parent.name: path for path in sorted(GITHUB.glob("actions/*/action.yml"))}
PINNED = re.compile(r"uses: (\./|[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS.values(), ids=WORKFLOWS)
each_file = pytest.mark.parametrize("path", (WORKFLOWS | ACTIONS).values(), ids=WORKFLOWS | ACTIONS)


def steps_of(path: Path) -> list[dict[str, Any]]:
    content = read_yaml(path)
    if "runs" in content:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job.get("steps", [])]


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


@pytest.mark.parametrize("name", ["release", "deploy"])
def test_what_publishes_a_model_uses_no_cache(name: str) -> None:
    using = [step for step in steps_of(GITHUB / f"workflows/{name}.yml") if "uses" in step]
    given = {step["uses"].partition("@")[0]: step.get("with", {}) for step in using}
    assert not [action for action in given if action.startswith("actions/cache")]
    assert given["./.github/actions/setup"]["cache"] == "false"
    assert given.get("docker/setup-buildx-action", {}).get("cache-binary", False) is False
    image = given.get("docker/build-push-action", {"no-cache": True})
    assert image["no-cache"] is True
    assert not [key for key in image if key.startswith("cache-")]


def test_ruleset_requires_the_last_job_of_ci() -> None:
    last = read_yaml(GITHUB / "workflows" / "ci.yml")["jobs"]["pass"]
    rules = json.loads((GITHUB / "ruleset.json").read_text(encoding="utf-8"))["rules"]
    (required,) = [rule for rule in rules if rule["type"] == "required_status_checks"]
    checks = required["parameters"]["required_status_checks"]
    assert [check["context"] for check in checks] == [last["name"]]


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
