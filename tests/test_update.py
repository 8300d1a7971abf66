"""A project made with cruft gets the template's changes and keeps what is its user's."""

import shutil
import subprocess
from pathlib import Path

import cruft
import pytest
from conftest import ROOT


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8", newline="\n")


@pytest.fixture
def template(tmp_path: Path, git_only: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the template that the test may change."""
    for name, value in git_only.items():
        monkeypatch.setenv(name, value)
    copy = tmp_path / "template"
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "*_cache", "uv.lock", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    git(copy, "init", "--quiet", "--initial-branch", "main")
    commit(copy)
    return copy


def test_update_brings_the_templates_changes_and_keeps_the_users(
    template: Path, tmp_path: Path
) -> None:
    project = cruft.create(str(template), tmp_path, no_input=True)
    commit(project)
    sources = template / "{{cookiecutter.__project_slug}}" / "src"
    (package,) = (project / "src").iterdir()
    append(project / "params.yaml", "# the user's\n")
    append(package / "features" / "custom.py", "# the user's\n")
    commit(project)
    for name in ("common/io.py", "features/custom.py"):
        append(sources / "{{cookiecutter.__package_name}}" / name, "# the template's\n")
    append(sources.parent / "params.yaml", "# the template's\n")
    commit(template)
    assert not cruft.check(project)
    assert cruft.update(project, skip_apply_ask=True)
    assert (package / "common" / "io.py").read_text(encoding="utf-8").endswith("# the template's\n")
    for mine in (package / "features" / "custom.py", project / "params.yaml"):
        text = mine.read_text(encoding="utf-8")
        assert text.endswith("# the user's\n")
        assert "# the template's" not in text
