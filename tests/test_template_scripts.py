"""What the template's own workflows call: which options are tried, the release, the example."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from conftest import QUESTIONS, ROOT, Bake
from options import NEWEST, answer_sets
from publish_example import main as publish
from release_notes import find_notes
from try_options import pin
from workflow_runner import read_yaml

CHANGELOG = """# Changelog

## Unreleased

- Later.

## 1.2.3 - 2027-01-31

### Added

- This.

## [1.2.2] - 2027-01-01
"""


def test_each_value_of_each_choice_is_tried() -> None:
    choices = {name: values for name, values in QUESTIONS.items() if isinstance(values, list)}
    asked = {name: values for name, values in choices.items() if not name.startswith("_")}
    sets = answer_sets()
    tried = [{name: values[0] for name, values in asked.items()} | each for each in sets.values()]
    for name, values in asked.items():
        assert {each[name] for each in tried} == set(values)
    assert sets["defaults"] == {}
    assert sets[NEWEST] == {"python_version": asked["python_version"][-1]}


def test_each_pin_is_raised_to_the_oldest_that_was_locked(bake: Bake) -> None:
    text = bake(dvc_remote="s3", dvc_remote_url="s3://b").read("pyproject.toml")
    names = re.findall(r'"([\w.-]+)(?:\[\w+\])?[=~]=', text)
    locked = [{"name": re.sub("[_.]", "-", name), "version": "99.1"} for name in names]
    newer = [{**each, "version": "100"} for each in locked]
    raised = tomllib.loads(pin(text, [{"name": "flight-delays"}, *locked, *newer]))
    extras = raised["project"]["optional-dependencies"]
    assert {each.partition("==")[2] for extra in extras.values() for each in extra} == {"99.1"}
    assert {"dvc[s3]==99.1", "networkx<3.2"} < set(raised["dependency-groups"]["pipeline"])


def test_systems_run_the_oldest_and_the_newest_python_and_windows_as_the_readme_says() -> None:
    jobs = read_yaml(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]
    versions = QUESTIONS["python_version"]
    for name in ("linux", "macos", "windows"):
        assert jobs[name]["strategy"]["matrix"]["python"] == [versions[0], versions[-1]]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```powershell\n(.+?)```", readme, re.DOTALL)
    shown = [line.partition("  #")[0].strip() for line in block.splitlines()]
    commands = "\n".join(step.get("run", "") for step in jobs["windows"]["steps"])
    # Python itself is chosen, and the demonstration is part of what is tried.
    assert [line for line in shown if line not in commands] == [
        "python -m venv .venv",
        ".venv\\Scripts\\python scripts\\demo.py",
    ]
    assert "(uv python find $env:VERSION) -m venv .venv" in commands


def test_notes_are_the_section_of_the_version() -> None:
    assert find_notes("v1.2.3", CHANGELOG, "1.2.3") == "### Added\n\n- This."


@pytest.mark.parametrize(
    ("tag", "version", "said"),
    [
        ("1.2.3", "1.2.3", "must be like v1.2.3"),
        ("v1.2.3-rc1", "1.2.3", "must be like v1.2.3"),
        ("v1.2.4", "1.2.3", "pyproject.toml: version is 1.2.3; must be 1.2.4"),
        ("v1.2.2", "1.2.2", "CHANGELOG.md: says nothing of 1.2.2"),
        ("v2.0.0", "2.0.0", "CHANGELOG.md: says nothing of 2.0.0"),
    ],
)
def test_tag_without_its_version_or_its_notes_is_refused(tag: str, version: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        find_notes(tag, CHANGELOG, version)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()


def bundle(folder: Path, text: str) -> str:
    """Commit a text to a new repository and return its bundle, as example.yml makes one."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    (folder / "README.md").write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.com")
    git(folder, *identity, "commit", "--quiet", "--message", "Generated")
    git(folder, "bundle", "create", "../" + folder.name + ".bundle", "main")
    return f"{folder}.bundle"


def test_example_gets_one_commit_for_each_change(tmp_path: Path) -> None:
    remote = tmp_path / "remote"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    first, second = (bundle(tmp_path / text, text) for text in ("first", "second"))
    for source, file in {"o/r@1": first, "o/r@2": first, "o/r@3": second}.items():
        publish(file, str(remote), source)
    log = git(remote, "log", "--format=%s by %an", "main").splitlines()
    assert log == [f"Generate from o/r@{n} by github-actions[bot]" for n in (3, 1)]
    assert git(remote, "show", "main:README.md") == "second"


def test_example_that_cannot_be_pushed_fails(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"ls-remote .* ended with"):
        publish(bundle(tmp_path / "new", "new"), str(tmp_path / "nowhere"), "o/r@1")
