"""`post_gen_project.py` finishes a project with what is installed, and says how to do the rest."""

import re
import shutil
import sys
import time
from pathlib import Path

import post_gen_project as post
import pytest
from conftest import Bake, BakedProject


def said_after(
    bake: Bake, capfd: pytest.CaptureFixture[str], path: str
) -> tuple[str, BakedProject]:
    """Generate with the programs of one folder and return what was said."""
    baked = bake(variables={"PATH": path})
    return capfd.readouterr().out, baked


def stand_in(folder: Path, script: str) -> Path:
    """Write a program named uv that notes how it was called."""
    log = folder / "log"
    program = folder / "uv"
    program.write_text(
        f'#!/bin/sh\necho "$@" "${{VIRTUAL_ENV-}}${{UV_PROJECT-}}" >> "{log}"\n{script}\n'
    )
    program.chmod(0o755)
    return log


@pytest.fixture
def tools(git_only: dict[str, str], tmp_path: Path) -> Path:
    """A folder with nothing but Git, for more programs to be put into."""
    if sys.platform == "win32":
        pytest.skip("the programs are shell scripts")
    return Path(shutil.copytree(git_only["PATH"], tmp_path / "tools", symlinks=True))


def test_git_starts_on_main(bake: Bake) -> None:
    assert bake().run("git", "branch", "--show-current").stdout == "main\n"


def test_git_does_not_start_inside_a_repository(
    bake: Bake, tmp_path: Path, git_only: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    BakedProject(tmp_path, git_only).run("git", "init", "--quiet")
    assert not (bake().path / ".git").exists()
    assert "it became part of that one" in capfd.readouterr().out


def test_git_starts_in_a_folder_that_the_outer_repository_ignores(
    bake: Bake, tmp_path: Path, git_only: dict[str, str]
) -> None:
    BakedProject(tmp_path, git_only).run("git", "init", "--quiet")
    (tmp_path / ".gitignore").write_text("flight-delays/\n")
    assert (bake().path / ".git").is_dir()


def test_git_hook_of_another_repository_does_not_reach_in(bake: Bake, tmp_path: Path) -> None:
    baked = bake(variables={"GIT_DIR": str(tmp_path / "other"), "GIT_WORK_TREE": str(tmp_path)})
    assert (baked.path / ".git").is_dir()


def test_project_is_made_without_git_and_uv(
    bake: Bake, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    said, baked = said_after(bake, capfd, str(tmp_path / "empty"))
    assert "Git is not installed. DVC needs Git: run `git init -b main` in the folder" in said
    assert "uv is not installed, so uv.lock was not made" in said
    assert "  python3 -m venv .venv\n" in said
    assert '  python -m pip install --upgrade "pip>=25.1"\n' in said
    assert "  python -m pip install --editable . --group dev\n" in said
    assert not (baked.path / ".git").exists()


def test_project_is_made_in_five_seconds(bake: Bake) -> None:
    started = time.monotonic()
    bake()
    assert time.monotonic() - started < 5


def test_failing_git_says_how(bake: Bake, tools: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tools / "git").unlink()
    (tools / "git").write_text("#!/bin/sh\necho 'fatal: disk is full' >&2\nexit 1\n")
    (tools / "git").chmod(0o755)
    said, _ = said_after(bake, capfd, str(tools))
    assert "git init failed (fatal: disk is full). DVC needs Git" in said


def test_lock_is_made_quietly_for_this_project(
    bake: Bake, tools: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = stand_in(tools, "echo noise; : > uv.lock")
    outer = {"VIRTUAL_ENV": "/outer", "UV_PROJECT": "/outer"}
    baked = bake(variables={"PATH": str(tools), **outer})
    said = capfd.readouterr().out
    assert log.read_text() == "lock --quiet \n"
    assert baked.has_file("uv.lock")
    assert said == (
        "Locking the dependencies ...\nFlight delays is ready. Next:\n\n"
        f"  cd {baked.path}\n  uv sync\n  uv run dvc repro\n"
    )


def test_lock_is_tried_offline_when_the_network_fails(
    bake: Bake, tools: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = stand_in(tools, 'test "$3" = --offline')
    said, _ = said_after(bake, capfd, str(tools))
    assert log.read_text() == "lock --quiet \nlock --quiet --offline \n"
    assert "was not made" not in said


def test_failing_lock_says_why_and_how(
    bake: Bake, tools: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stand_in(tools, "printf 'error: no\\n  network%s\\n' $3 >&2; exit 2")
    said, _ = said_after(bake, capfd, str(tools))
    expected = "uv.lock was not made (error: no network). Run `uv lock` in the folder once"
    assert [line for line in said.splitlines() if line.startswith(expected)]


def test_command_is_ended_when_it_takes_too_long() -> None:
    done, said = post.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.1)
    assert (done, said) == (False, "no answer in 0.1 seconds")


def test_command_that_cannot_start_fails() -> None:
    done, said = post.run(["./no-such-program"], 1)
    assert not done
    assert "no-such-program" in said


@pytest.mark.skipif(sys.platform == "win32", reason="quoting is that of a POSIX shell")
@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("/projects", "cd flight-delays"),
        ("/elsewhere", "cd /projects/flight-delays"),
        (None, "cd /projects/flight-delays"),
    ],
)
def test_change_directory_is_short_when_the_shell_is_beside(
    monkeypatch: pytest.MonkeyPatch, shell: str | None, command: str
) -> None:
    monkeypatch.delenv("PWD", raising=False)
    for value in filter(None, [shell]):
        monkeypatch.setenv("PWD", value)
    assert post.change_directory(Path("/projects/flight-delays")) == command


def test_change_directory_quotes_a_path_with_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PWD", raising=False)
    assert re.fullmatch(r"""cd ['"].*my work.*['"]""", post.change_directory(Path("/my work/x")))
