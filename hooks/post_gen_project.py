"""Finish a generated project: keep what the answers need, start Git, lock the dependencies.

Cookiecutter runs this file in the new folder. It uses nothing but the standard library, and works
without Git, uv and a network: what it could not do, it says how to do.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

Answers = dict[str, str]

# What each answer keeps: the answer, its value, the file that goes with any other value, and the
# name under which the file stays.
KEPT_FILES = (
    ("license", "MIT", "LICENSE.MIT", "LICENSE"),
    ("license", "Apache-2.0", "LICENSE.Apache-2.0", "LICENSE"),
    ("license", "BSD-3-Clause", "LICENSE.BSD-3-Clause", "LICENSE"),
    ("license", "Proprietary", "LICENSE.Proprietary", "LICENSE"),
)

# Variables by which an outer project, environment or Git hook would reach into the new folder.
OUTER_VARIABLES = frozenset(
    [
        *("VIRTUAL_ENV", "UV_FROZEN", "UV_LOCKED", "UV_NO_SYNC", "UV_PROJECT"),
        *("UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY"),
        *("GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"),
    ]
)

GIT_SECONDS = 20
# The first try asks the network, the second only uv's cache.
LOCK_TRIES = ((40, ()), (15, ("--offline",)))
LONGEST_QUOTE = 300


def run(command: list[str], seconds: float) -> tuple[bool, str]:
    """Run a command without input or output.

    Args:
        command: The program and its arguments.
        seconds: How long it may take before it is ended.

    Returns:
        Whether it succeeded, and what it said on standard error, in one line.
    """
    environment = {name: v for name, v in os.environ.items() if name not in OUTER_VARIABLES}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, f"no answer in {seconds} seconds"
    except OSError as error:
        return False, str(error)
    said = " ".join(done.stderr.decode(errors="replace").split())
    return done.returncode == 0, said[:LONGEST_QUOTE]


def keep_chosen_files(answers: Answers) -> None:
    """Give the chosen files their final name and remove their alternatives."""
    for answer, value, file, final_name in KEPT_FILES:
        if answers[answer] == value:
            Path(file).replace(final_name)
        else:
            Path(file).unlink()


def is_in_repository() -> bool:
    """Tell whether a Git repository around the folder tracks it.

    A folder that the outer repository ignores, such as a scratch folder, needs its own.
    """
    inside, _ = run(["git", "rev-parse", "--is-inside-work-tree"], GIT_SECONDS)
    ignored, _ = run(["git", "check-ignore", "--quiet", str(Path.cwd())], GIT_SECONDS)
    return inside and not ignored


def start_git() -> str | None:
    """Make the folder a Git repository, or return what the user has to know or do."""
    by_hand = "DVC needs Git: run `git init -b main` in the folder"
    if shutil.which("git") is None:
        return f"Git is not installed. {by_hand} once it is."
    if is_in_repository():
        return "The folder lies in a Git repository, so it became part of that one."
    done, said = run(["git", "init", "--quiet", "--initial-branch=main"], GIT_SECONDS)
    return None if done else f"git init failed ({said}). {by_hand}."


def lock_dependencies() -> str | None:
    """Write uv.lock, or return what the user has to know or do."""
    if shutil.which("uv") is None:
        return (
            "uv is not installed, so uv.lock was not made: install uv, or go on with pip as below."
        )
    print("Locking the dependencies ...", flush=True)
    reasons = []
    for seconds, options in LOCK_TRIES:
        done, said = run(["uv", "lock", "--quiet", *options], seconds)
        if done:
            return None
        reasons.append(said)
    return f"uv.lock was not made ({reasons[0]}). Run `uv lock` in the folder once that is mended."


def change_directory(project: Path) -> str:
    """Return the command that goes to the project from where the user's shell is."""
    shell = os.environ.get("PWD")
    is_beside = shell is not None and Path(shell).resolve() == project.parent
    path = project.name if is_beside else str(project)
    return f"cd {shlex.quote(path) if os.name == 'posix' else subprocess.list2cmdline([path])}"


def next_commands(project: Path) -> list[str]:
    """Return the commands that lead from a new project to its first model."""
    if shutil.which("uv"):
        return [change_directory(project), "uv sync", "uv run dvc repro"]
    posix = os.name == "posix"
    return [
        change_directory(project),
        f"{'python3' if posix else 'py -3'} -m venv .venv",
        ". .venv/bin/activate" if posix else r".venv\Scripts\activate",
        'python -m pip install --upgrade "pip>=25.1"',
        "python -m pip install --editable . --group dev",
        "dvc repro",
    ]


def main() -> int:
    """Finish the project in the current folder and say what comes next."""
    answers: Answers = json.loads(r"""{{ cookiecutter | jsonify }}""")
    keep_chosen_files(answers)
    notes = [start_git(), lock_dependencies()]
    # A terminal that lacks a character of the path shows it escaped instead of failing.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for note in filter(None, notes):
        print(note)
    print(f"{answers['project_name']} is ready. Next:\n")
    for command in next_commands(Path.cwd()):
        print(f"  {command}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
