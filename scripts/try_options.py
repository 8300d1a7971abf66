"""Generate a project with the answers that are named and run all that it has: see options.py."""

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

from cookiecutter.main import cookiecutter
from demo import ROOT, prepare_environment, run
from options import NEWEST, QUESTIONS, answer_sets

IDENTITY = ("-c", "user.name=Template", "-c", "user.email=template@example.com")
IN_ENVIRONMENT = ("uv", "run", "--no-sync")
COMMANDS = (
    ("uv", "sync", "--locked", "--quiet", "--compile-bytecode"),
    (*IN_ENVIRONMENT, "dvc", "repro"),
    ("git", "add", "--all"),
    ("git", *IDENTITY, "commit", "--quiet", "--message", "Train the first model"),
    (*IN_ENVIRONMENT, "pre-commit", "run", "--all-files", "--show-diff-on-failure"),
    (*IN_ENVIRONMENT, "pytest"),
)
PIN = re.compile(r'"([\w.-]+)((?:\[[\w,]+\])?)[=~]=[\w.]+')


def main(name: str, *more: str) -> None:
    """Try one set of answers below build/options, in a folder that is made anew.

    Args:
        name: Of the set.
        more: Further answers, as in `github_owner=acme`.
    """
    answers = answer_sets()[name] | dict(each.split("=", 1) for each in more)
    output = ROOT / "build" / "options" / name
    shutil.rmtree(output, ignore_errors=True)
    prepare_environment()
    oldest = answers.get("python_version", QUESTIONS["python_version"][0])
    os.environ.setdefault("UV_PYTHON", oldest)
    project = Path(cookiecutter(str(ROOT), None, True, answers, output_dir=str(output)))
    if name == NEWEST:
        raise_pins(project)
    for command in COMMANDS:
        run(project, *command)


def raise_pins(project: Path) -> None:
    """Pin the newest release of each dependency that is pinned, and lock anew."""
    path = project / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(PIN.sub(r'"\1\2', text), encoding="utf-8")
    run(project, "uv", "lock", "--upgrade")
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    path.write_text(pin(text, lock["package"]), encoding="utf-8")
    run(project, "uv", "lock")


def pin(text: str, packages: list[dict[str, str]]) -> str:
    """Replace the versions in a pyproject.toml by those that were locked.

    Where several are, for several Pythons, the oldest fits them all; uv.lock names it first.
    """
    locked = {each["name"]: each["version"] for each in reversed(packages) if "version" in each}

    def name_newest(match: re.Match[str]) -> str:
        name = re.sub(r"[-_.]+", "-", match[1]).lower()
        return f'"{match[1]}{match[2]}=={locked[name]}'

    return PIN.sub(name_newest, text)


if __name__ == "__main__":
    main(*sys.argv[1:])
