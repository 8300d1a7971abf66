"""Reproducibility is judged in a real repository of Git and DVC."""

import shutil
import subprocess
import sys

import pytest
from small_project import ROOT

from {{ cookiecutter.__package_name }}.common.errors import GateError
from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.review.pull_request.reproducibility import (
    OUT_OF_DATE,
    compare_metrics,
    judge_reproducibility,
)

# The score moves with a file that DVC does not know of, as it may with a machine.
CODE = """\
import json, pathlib, shutil
shutil.copy("in", "middle")
score = float(pathlib.Path("in").read_text()) + float(pathlib.Path("machine").read_text())
pathlib.Path("reports/metrics.json").write_text(json.dumps({"test": {"auc": score, "loss": None}}))
"""
DVC_YAML = """\
stages:
  first:
    cmd: '"{python}" code.py'
    deps: [in]
    params: [goal.owner]
    outs:
      - middle
      - reports/metrics.json:
          cache: false
  second:
    cmd: '"{python}" -c "import shutil; shutil.copy(''reports/metrics.json'', ''out'')"'
    deps: [reports/metrics.json]
    outs: [out]
"""


def run(folder, *command):
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def repro(folder, *options):
    run(folder, sys.executable, "-m", "dvc", "repro", "-q", *options)


def commit(folder, *paths):
    run(folder, "git", "add", *(paths or ["--all"]))
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    run(folder, "git", *author, "commit", "-q", "--no-verify", "-m", "a")


@pytest.fixture(scope="module")
def _scratch_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
        patch.setenv("DVC_NO_ANALYTICS", "1")
        yield


@pytest.fixture(scope="module")
def reproduced(_scratch_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    (folder / "reports").mkdir()
    write_json(folder / "params.yaml", {"goal": {"owner": "Sales"}})
    (folder / "in").write_text("1")
    (folder / "machine").write_text("0")
    (folder / "code.py").write_text(CODE)
    (folder / "dvc.yaml").write_text(DVC_YAML.format(python=sys.executable))
    (folder / ".dvc").mkdir()
    shutil.copy(ROOT / ".dvc" / "config", folder / ".dvc")
    shutil.copy(ROOT / ".dvc" / ".gitignore", folder / ".dvc")
    run(folder, "git", "init", "-q")
    repro(folder)
    return folder


@pytest.fixture
def uncommitted(reproduced, tmp_path):
    return shutil.copytree(reproduced, tmp_path / "repository")


@pytest.fixture
def folder(uncommitted):
    commit(uncommitted)
    return uncommitted


def test_what_is_committed_is_identical(folder):
    assert judge_reproducibility(folder) == (
        "identical",
        "dvc.lock, and so every output, is what is committed",
    )


def test_what_runs_again_to_the_same_bytes_is_identical(folder):
    repro(folder, "--force")
    assert judge_reproducibility(folder).word == "identical"


@pytest.mark.parametrize(("moved", "word"), [("1e-9", "same within 1e-6"), ("1e-4", "differs")])
def test_metrics_that_move_with_the_machine_are_compared(folder, moved, word):
    (folder / "machine").write_text(moved)
    repro(folder, "--force")
    found = judge_reproducibility(folder)
    assert found.word == word
    assert "of first" in found.reason
    assert ("test auc was 1.0, is 1.0001" in found.reason) is (word == "differs")


@pytest.mark.parametrize("change", [{"auc": None}, {"loss": 0.5}, {"new": 0.5}])
def test_metric_that_is_missing_or_new_differs(folder, change):
    metrics = read_json(folder / "reports/metrics.json")
    write_json(folder / "reports/metrics.json", {"test": metrics["test"] | change})
    found = compare_metrics(folder, "first")
    assert found.word == "differs"
    assert f"test {next(iter(change))} was" in found.reason


def test_metrics_without_committed_ones_differ(uncommitted):
    assert compare_metrics(uncommitted, "first").word == "differs"


def test_changed_input_is_out_of_date_after_a_run(folder):
    (folder / "in").write_text("2")
    repro(folder)
    found = judge_reproducibility(folder)
    assert found == (OUT_OF_DATE, "what first reads is not what was committed")


def test_changed_setting_is_out_of_date_after_a_run(folder):
    write_json(folder / "params.yaml", {"goal": {"owner": "Somebody else"}})
    repro(folder)
    assert judge_reproducibility(folder).word == OUT_OF_DATE


def test_new_stage_is_out_of_date_after_a_run(folder):
    with (folder / "dvc.yaml").open("a") as file:
        file.write("  third: {cmd: echo 1 > third, outs: [third]}\n")
    repro(folder)
    assert judge_reproducibility(folder).reason == "what third reads is not what was committed"


def test_changed_input_is_out_of_date_before_a_run(folder):
    (folder / "in").write_text("2")
    assert judge_reproducibility(folder) == (OUT_OF_DATE, "first would run again")


def test_removed_lock_is_out_of_date(folder):
    (folder / "dvc.lock").unlink()
    assert judge_reproducibility(folder) == (OUT_OF_DATE, "it is committed, but not here")


def test_nothing_is_known_without_a_commit(uncommitted):
    assert judge_reproducibility(uncommitted).word == "not known"


def test_nothing_is_known_when_the_lock_is_not_committed(uncommitted):
    run(uncommitted, "git", "rm", "-q", "--cached", "dvc.lock")
    commit(uncommitted, "params.yaml")
    assert judge_reproducibility(uncommitted).word == "not known"


def test_nothing_is_known_outside_git(uncommitted):
    shutil.rmtree(uncommitted / ".git")
    assert judge_reproducibility(uncommitted).word == "not known"


def test_project_in_a_folder_of_its_repository_is_judged(folder, tmp_path):
    shutil.rmtree(folder / ".git")
    run(tmp_path, "git", "init", "-q")
    commit(tmp_path)
    assert judge_reproducibility(folder).word == "identical"


def test_broken_pipeline_is_told(folder):
    (folder / "dvc.yaml").write_text("stages: 1\n")
    with pytest.raises(GateError, match="`dvc status` failed"):
        judge_reproducibility(folder)
