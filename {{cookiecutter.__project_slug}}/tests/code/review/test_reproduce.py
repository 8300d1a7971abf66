"""What a run could not have is told in the report."""

import os
import shutil

import pytest
from comparison_example import make_change
from repository import dvc
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.errors import GateError
from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.review.remote import find_unpushed


def test_what_a_remote_lacks_is_named_if_it_can_be_read(repository):
    dvc(repository, "remote", "add", "--default", "storage", "../storage")
    # DVC takes a folder that is not there, as on another machine, for an empty one.
    with pytest.raises(GateError, match="is a folder that is not there"):
        find_unpushed(repository, "storage")
    (repository.parent / "storage").mkdir()
    assert "models/estimator/" in find_unpushed(repository, "storage")
    dvc(repository, "push", "--quiet")
    assert find_unpushed(repository, "storage") == []
    dvc(repository, "remote", "modify", "storage", "url", "ssh://127.0.0.1:9/storage")
    with pytest.raises(GateError, match="can't be read"):
        find_unpushed(repository, "storage")


@pytest.fixture
def folder(project, tmp_path, monkeypatch):
    shutil.copytree(project("binary").folder / "reports", tmp_path / "reports")
    own = make_change()
    write_json(tmp_path / "reports/details.json", own.details)
    write_json(tmp_path / "reports/metrics.json", own.metrics)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_run(folder, **found):
    path = folder / "reports/compare/reproduction.json"
    write_json(path, {"failure": "", "notes": [], **found})
    return path


def report(folder):
    assert CliRunner().invoke(cli.app, ["report"]).exit_code == 0
    return (folder / "reports/compare/report.md").read_text(encoding="utf-8")


def test_note_stands_below_the_verdict(folder):
    path = write_run(folder, notes=["The remote could not be read."])
    assert "\n\nThe remote could not be read.\n\n" in report(folder)
    # The results of a later run by hand are others.
    os.utime(path, (0, 0))
    assert "could not be read" not in report(folder)


def test_failure_is_reported_without_the_results_of_an_earlier_run(folder):
    write_run(folder, failure="origin must be one of <b>, not @all", notes=["A note."])
    text = report(folder)
    assert text.startswith("# The pipeline failed\n\n`dvc repro` failed: origin must be")
    assert "&lt;b>, not @<!-- -->all" in text
    assert "A note." in text
    assert "The goal" not in text
    shutil.rmtree(folder / "reports/evaluate")
    (folder / "reports/verdict.json").unlink()
    assert report(folder) == text
