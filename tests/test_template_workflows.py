"""What runs by schedule and tag: the template's release and example, and the project's audit."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, TEMPLATE_FOLDER, BakedProject, generate
from fake_github import FakeGitHub
from fake_osv import FakeOsv
from forge import Forge, Run
from github_tools import Expressions
from options import answer_sets
from workflow_runner import Step, read_yaml

pytestmark = pytest.mark.slow
GH = """#!/bin/sh
echo "$@" >> "$RUNNER_TEMP/gh.log"
case "$1" in api) echo "github.com ssh-ed25519 AAAA" ;; release) cp "$4" "$RUNNER_TEMP" ;; esac
"""
# What takes minutes has tests of its own.
STUBS = {
    "Makefile": f"tools:\n\tmkdir -p .venv/bin\n\tln -s '{sys.executable}' .venv/bin/python\n",
    ".github/workflows/tests.yml": """
on: {workflow_call: {}}
jobs: {all: {steps: [{run: "true"}]}}
""",
    "CHANGELOG.md": "# Changelog\n\n## 0.1.0 - 2027-01-31\n\n- First.\n",
    "scripts/try_options.py": """
import os, subprocess, sys
project = f"build/options/{sys.argv[1]}/flight-delays"
subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", project], check=True)
os.chdir(project)
open("README.md", "w").write(" ".join(sys.argv[1:]))
subprocess.run(["git", "add", "."], check=True)
subprocess.run(["git", "commit", "--quiet", "--message", "Train"], check=True)
""",
}


def put_program(folder: Path, forge: Forge, name: str, script: str) -> None:
    """Give the machines a program that comes before all others of its name."""
    (folder / "tools").mkdir()
    (folder / "tools" / name).write_text(script, encoding="utf-8")
    (folder / "tools" / name).chmod(0o755)
    forge.environment["PATH"] = f"{folder / 'tools'}:{forge.environment['PATH']}"


@pytest.fixture(scope="module")
def template(
    scratch: dict[str, str],
    expressions: Expressions,
    github: FakeGitHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Forge:
    """The template's repository, ready for the release of its version."""
    folder = tmp_path_factory.mktemp("template")
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "*_cache", "uv.lock", "__pycache__")
    source = BakedProject(Path(shutil.copytree(ROOT, folder / "source", ignore=ignored)), scratch)
    for name, text in STUBS.items():
        (source.path / name).write_text(text, encoding="utf-8")
    source.run("git", "init", "--quiet", "--initial-branch", "main")
    source.commit("Write the template")
    forge = Forge(folder, source, expressions, github)
    forge.environment["RUNNER_TEMP"] = str(folder)
    put_program(folder, forge, "gh", GH)
    return forge


def release(template: Forge, tag: str) -> Run:
    template.environment["GITHUB_REF_NAME"] = tag
    return template.run("release", {"event_name": "push", "ref_name": tag})


def test_release_has_the_notes_and_a_zip_that_is_attested_and_generates(
    template: Forge, git_only: dict[str, str], tmp_path: Path
) -> None:
    attested = []

    def attest(step: Step) -> dict[str, str]:
        attested.append(step.job.workspace / step.inputs["subject-path"])
        return {}

    template.actions["actions/attest"] = attest
    run = release(template, "v0.1.0")
    assert run.status == "success", run.log
    assert (template.folder / "notes.md").read_text(encoding="utf-8") == "- First.\n"
    released = template.folder / "cookiecutter-dvc-repro.zip"
    assert [path.read_bytes() for path in attested] == [released.read_bytes()]
    said = (template.folder / "gh.log").read_text(encoding="utf-8")
    assert "release create v0.1.0 cookiecutter-dvc-repro.zip --verify-tag" in said
    assert generate(tmp_path, git_only, released).has_file("dvc.yaml")


def test_release_of_a_version_without_notes_stops_before_the_tests(template: Forge) -> None:
    states = {"notes": "failure", "tests": "skipped", "publish": "skipped", "pass": "failure"}
    assert release(template, "v0.2.0").states == states


def test_example_is_pushed_by_the_key_to_the_repository_that_is_named(template: Forge) -> None:
    skipped = template.push("example")
    assert skipped.states == {"generate": "skipped", "publish": "skipped", "pass": "success"}
    example = str(template.folder / "acme" / "flights.git")
    template.git("init", "--quiet", "--bare", example)
    template.variables["EXAMPLE_REPOSITORY"] = "acme/flights"
    template.secrets["EXAMPLE_DEPLOY_KEY"] = "the key"
    template.environment |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{template.folder}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "git@github.com:",
    }
    run = template.push("example")
    assert run.status == "success", run.log
    shown = template.git("-C", example, "show", "main:README.md")
    assert shown == "defaults github_owner=acme"
    message = template.git("-C", example, "log", "--format=%s", "main")
    assert message == f"Generate from o/r@{template.git('rev-parse', 'HEAD')}"
    key = template.folder / "key"
    assert (key.read_text(), key.stat().st_mode & 0o777) == ("the key\n", 0o600)
    assert (template.folder / "known_hosts").read_text().startswith("github.com ssh-ed25519")


def test_weekly_run_plans_every_set_of_answers(template: Forge) -> None:
    run = template.run("weekly", {"event_name": "schedule"}, matrix={"name": "defaults"})
    assert run.status == "success", run.log
    assert run.jobs["plan"].outputs == {"names": str([*answer_sets()]).replace("'", '"')}
    steps = {
        name: read_yaml(folder / ".github" / "workflows" / f"{name}.yml")["jobs"]["issue"]["steps"]
        for name, folder in {"weekly": ROOT, "audit": TEMPLATE_FOLDER}.items()
    }
    # What the audit's does is tested below.
    weekly, audit = (each[0]["with"]["script"].splitlines() for each in steps.values())
    assert [line for line in weekly if line not in audit] == [
        "const body = `What failed is in [this run](${RUN}).`"
    ]


@pytest.fixture
def audit(
    scratch: dict[str, str], expressions: Expressions, github: FakeGitHub, tmp_path: Path
) -> Iterator[tuple[Forge, FakeOsv]]:
    """A generated project's repository, and the database that its audit asks."""
    project = generate(tmp_path / "project", scratch)
    project.commit("Generate the project")
    forge = Forge(tmp_path, project, expressions, github)
    # GitHub's machine has no cache either; nobody's own shall keep these advisories.
    forge.environment["UV_NO_CACHE"] = "1"
    # Without a network, too: the database is on this machine.
    forge.environment["UV_OFFLINE"] = "0"
    with FakeOsv() as osv:
        # No setting names another database.
        asking = f'#!/bin/sh\nexec "{shutil.which("uv", path=scratch["PATH"])}" "$@"'
        put_program(tmp_path, forge, "uv", f"{asking} --service-url {osv.url}\n")
        yield forge, osv


def test_audit_opens_one_issue_for_what_is_not_excepted(
    audit: tuple[Forge, FakeOsv], github: FakeGitHub
) -> None:
    forge, osv = audit

    def run_audit(*packages: str, **only: tuple[str, ...]) -> Run:
        osv.packages = set(packages)
        return forge.run("audit", {"event_name": "schedule"}, **only)

    excepted = run_audit("diskcache", only=("audit",))
    assert excepted.status == "success", excepted.log
    assert {"diskcache", "dvc", "pandas"} < osv.asked
    found = run_audit("diskcache", "pandas")
    assert found.jobs["pass"].status == "failure"
    assert "PYSEC-1" in found.summary
    assert "GHSA-w8v5-vhqr-4h9v" not in found.summary
    # The exception is for as long as nothing mends it.
    osv.mended = {"diskcache"}
    assert "GHSA-w8v5-vhqr-4h9v" in run_audit("diskcache").summary
    (issue,) = github.issues
    assert issue["title"] == "The audit of the dependencies failed"
    assert [comment["issue"] for comment in github.comments] == [issue["number"]]
    assert run_audit().status == "success"
    assert issue["state"] == "closed"
    # What is served has none of it.
    forge.author.run(
        *("uv", "audit", "--no-default-groups", "--service-url", osv.url),
        UV_NO_CACHE="1",
        UV_OFFLINE="0",
    )
    assert "pandas" in osv.asked
    assert not {"diskcache", "dvc", "dvc-data"} & osv.asked
