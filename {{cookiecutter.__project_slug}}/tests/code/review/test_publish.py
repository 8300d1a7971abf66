"""The report is written where it is wanted, from the files that the stages wrote."""

import os
import shutil
import subprocess

import pytest
from comparison_example import make_change, make_comparison
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.review.pull_request import publish

RUN = "https://github.com/org/repo/actions/runs/12"


@pytest.fixture(autouse=True)
def folder(project, tmp_path, monkeypatch):
    """A project that has run, whose details are those of the example."""
    shutil.copytree(project("binary").folder / "reports", tmp_path / "reports")
    write_json(tmp_path / "params.yaml", {})
    own = make_change()
    write_json(tmp_path / "reports/details.json", own.details)
    write_json(tmp_path / "reports/metrics.json", own.metrics)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*arguments):
    return CliRunner().invoke(cli.app, ["report", *arguments])


def compare(folder, **changes):
    path = folder / "reports/compare/comparison.json"
    write_json(path, make_comparison(**changes))
    return path


def test_report_without_comparison_is_written(folder):
    shown = report()
    assert shown.output == "The goal is met; nothing compared → reports/compare/report.md\n"
    text = (folder / "reports/compare/report.md").read_text(encoding="utf-8")
    assert text.startswith("# The goal is met\n")
    assert "**Reproducibility: not known**" in text
    # The curves and the matrix are those that evaluate wrote.
    assert text.count("```mermaid") == 2
    assert "| actual ↓ predicted → | no | yes |" in text


def test_report_finds_the_comparison_in_its_place(folder):
    compare(folder)
    shown = report("--output", "out/pr.md")
    assert shown.output == "The goal is met; better → out/pr.md\n"
    text = (folder / "out/pr.md").read_text(encoding="utf-8")
    assert "better than that of main" in text
    assert "[settings](<../params.yaml>)" in text
    assert "older than the results" not in text


def test_report_says_that_the_comparison_is_old(folder):
    os.utime(compare(folder), (0, 0))
    report()
    text = (folder / "reports/compare/report.md").read_text(encoding="utf-8")
    assert "The comparison is older than the results here" in text


def test_report_takes_another_comparison(folder):
    compare(folder, verdict="worse").rename(folder / "other.json")
    assert report("--comparison", "other.json").output.startswith("The goal is met; worse → ")


def test_files_are_linked_on_github_when_the_run_is_there(folder):
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    links = publish.find_links(folder, folder / "report.md", RUN)
    base = "https://github.com/org/repo/blob/HEAD"
    assert links == {
        "model card": f"{base}/reports/model_card.md",
        "settings": f"{base}/params.yaml",
        "run": RUN,
    }
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    commit = ["git", *author, "commit", "-q", "--no-verify", "--allow-empty", "-m", "a"]
    subprocess.run(commit, cwd=folder, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=folder, text=True).strip()
    links = publish.find_links(folder, folder / "report.md", RUN)
    assert links["settings"] == f"https://github.com/org/repo/blob/{head}/params.yaml"


def test_files_are_linked_beside_the_output_when_the_run_is_elsewhere(folder):
    address = "https://ci.example.org/job/1"
    links = publish.find_links(folder, folder / "a b/report.md", address)
    assert links == {
        "model card": "../reports/model_card.md",
        "settings": "../params.yaml",
        "run": address,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--comparison", "no.json"], "no.json: can't be read: No such file or directory; run"),
        (["--comparison", "params.txt"], "params.txt: no JSON (Expecting value: line 1 column 1"),
        (["--html", "page.html"], "--html shows a comparison, and there is none; run `compare`"),
        (["--run-url", "javascript:alert(1)"], "--run-url is 'javascript:alert(1)'; must be an"),
        (["--run-url", "https://e.org/> <b>"], "--run-url is 'https://e.org/> <b>'; must be an"),
    ],
)
def test_mistakes_are_told_in_one_line(folder, arguments, message):
    (folder / "params.txt").write_text("-")
    shown = report(*arguments)
    assert shown.exit_code == 2
    assert shown.stderr.startswith(f"error: {message}")
    assert len(shown.stderr.splitlines()) == 1


def test_report_says_what_to_do_before_the_first_run(folder):
    shutil.rmtree(folder / "reports")
    shown = report()
    assert shown.exit_code == 2
    assert shown.stderr == "error: reports: holds no results; run `uv run dvc repro`\n"


def test_page_is_written_as_well(folder):
    compare(folder)
    assert report("--html", "page.html").output.endswith("report.md, page.html\n")
    assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
