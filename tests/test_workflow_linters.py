"""All workflows are clean by three linters, each of which is shown to find what it is there for."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from github_tools import run_actionlint
from test_workflows import ACTIONS, FOLDERS, WORKFLOWS

# Of each folder the workflow into which faults are planted.
HOSTS = {"template": "tests.yml", "generated": "ci.yml"}
each_folder = pytest.mark.parametrize("folder", FOLDERS)


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
def test_actionlint_finds_what_is_planted(tmp_path: Path) -> None:
    faults = {
        'needs job "nowhere"': (r"needs: \[\w+,", "needs: [nowhere,"),
        'property "nowhere" is not defined': ("(?=runs-on)", "if: ${{ github.nowhere }}\n    "),
        "potentially untrusted": (COMMAND, "echo ${{ github.head_ref }}"),
    }
    # All at once, as the linter takes longer to start than to read.
    planted = [
        plant(tmp_path / f"{folder}-{number}", folder, *fault)
        for folder in FOLDERS
        for number, fault in enumerate(faults.values())
    ]
    found = run_actionlint(*planted)
    for said in faults:
        assert len([line for line in found if said in line]) == len(FOLDERS)
