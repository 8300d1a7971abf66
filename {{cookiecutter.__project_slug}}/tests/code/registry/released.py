"""A small project whose model is released, in a real repository of Git and DVC."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from small_project import make_params

from {{ cookiecutter.__package_name }}.common.io import read_json, write_json

# One stage, which is never run: `dvc commit` takes what is there for what it gives.
DVC_YAML = """\
stages:
  make:
    cmd: python -c 1
    deps: [data/prepared]
    params: [goal.owner]
    outs: [dist]
artifacts:
  model: {path: dist, type: model}
"""
TEXTS = {
    "dvc.yaml": DVC_YAML,
    ".gitignore": "/dist/\n/data/\n",
    ".gto": "stages: [staging, prod]\n",
    ".dvc/.gitignore": "/cache\n/tmp\n",
    ".dvc/config": "[core]\n    check_update = false\n",
}


def git(folder: Path, *arguments: str) -> str:
    return run(folder, "git", *arguments)


def dvc(folder: Path, *arguments: str) -> str:
    return run(folder, sys.executable, "-m", "dvc", *arguments)


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def write_repository(folder: Path, project: Path) -> None:
    """Commit a model that all stages made."""
    for name in ("dist", "data/prepared", "reports"):
        shutil.copytree(project / name, folder / name)
    for name in ("params.yaml", "schema.yaml", "pyproject.toml"):
        shutil.copyfile(project / name, folder / name)
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "config", "user.name", "Ada Lovelace")
    git(folder, "config", "user.email", "ada@example.com")
    commit_model(folder)


def change_model(folder: Path, roc_auc: float) -> None:
    """Make another wheel, of the same model, and commit it with another metric."""
    with zipfile.ZipFile(next(folder.glob("dist/*.whl")), "a") as wheel:
        wheel.writestr(f"note-{roc_auc}", "")
    metrics = read_json(folder / "reports/metrics.json")
    metrics["test"]["roc_auc"] = roc_auc
    write_json(folder / "reports/metrics.json", metrics)
    params = make_params("binary")
    params["goal"]["owner"] = f"Owner {roc_auc}"
    write_json(folder / "params.yaml", params)
    commit_model(folder)


def commit_model(folder: Path) -> None:
    dvc(folder, "commit", "--force", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Train")
