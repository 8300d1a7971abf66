"""The commands that people type, and what they say when something is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from small_project import add_features, make_params
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.features import transform


def run_command(*arguments):
    return CliRunner().invoke(cli.app, arguments)


@pytest.fixture(autouse=True)
def _inside_an_empty_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(transform, "add_features", add_features)


@pytest.fixture
def inside(project, tmp_path):
    return shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)


def test_help_lists_the_commands():
    shown = run_command("--help")
    assert shown.exit_code == 0
    for command in cli.app.registered_commands:
        assert f"\n  {command.callback.__name__} " in shown.output


@pytest.mark.parametrize("command", ["check", "verdict", "compare", "predict", "serve", "report"])
def test_help_of_a_command_says_what_it_does(command):
    shown = run_command(command, "--help")
    assert shown.exit_code == 0
    assert shown.output.startswith(f"Usage: root {command} ")


def test_help_imports_nothing_slow():
    code = f"import sys, {cli.__name__}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"numpy", "pandas", "pydantic", "ruamel.yaml", "sklearn", "lightgbm", "dvc", "rich"}
    assert slow & set(ran.stdout.split()) == set()


def test_verdict_says_what_to_do_before_the_first_run():
    shown = run_command("verdict")
    assert shown.exit_code == 2
    assert shown.stderr == "error: reports: holds no results; run `uv run dvc repro`\n"


@pytest.mark.usefixtures("inside")
def test_verdict_shows_metrics_and_whether_the_goal_is_met():
    shown = run_command("verdict")
    assert shown.exit_code == 0
    assert "roc auc ↑" in shown.output
    assert "roc_auc on the test part must" in " ".join(shown.output.split())
    assert shown.output.splitlines()[-1] == f"The goal is met → {Path('reports/index.html')}"


def test_verdict_cuts_no_number(inside, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    scores = {"root_mean_squared_error": 1_171_048.56}
    interval = {"root_mean_squared_error": {"low": 1_034_920.1, "high": 1_300_000.2}}
    baselines = {"linear": scores, "dummy": scores}
    write_json(inside / "reports/metrics.json", {"validation": scores, "test": scores})
    write_json(inside / "reports/details.json", {"interval": interval, "baselines": baselines})
    table = run_command("verdict").output.partition("criterion")[0]
    assert "…" not in table
    # What does not fit goes on in the next line.
    rows = [row.split("│")[2:-1] for row in table.splitlines() if row.startswith("│")]
    value, _, *others = ["".join(cell).replace(" ", "") for cell in zip(*rows, strict=True)]
    assert [value, *others] == ["1,171,049"] * 4


def test_verdict_names_the_criteria_that_failed(inside):
    criterion = {"criterion": "roc_auc must be [b]", "value": 0.9, "passed": False}
    verdict = {"statement": "s", "owner": "o", "goal_met": False, "criteria": [criterion]}
    write_json(inside / "reports/verdict.json", verdict)
    *_, row, _, last = run_command("verdict").output.splitlines()
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "roc_auc must be [b]",
        "0.900",
        "no",
    ]
    assert last.startswith("The goal is missed → ")


def test_predict_says_what_to_do_before_the_first_run(tmp_path):
    shown = run_command("predict", "rows.csv", "-o", "predicted.csv")
    assert shown.exit_code == 2
    assert shown.stderr.endswith("transform.skops: no such file; run `dvc repro`\n")


def test_predict_writes_predictions(project, inside):
    project("binary").deliveries().head(5).to_csv("rows.csv", index=False)
    shown = run_command("predict", "rows.csv", "-o", "predicted.csv")
    assert shown.output == (
        "5 rows predicted, 0 of them faulty, by the model here → predicted.csv\n"
    )
    assert pd.read_csv(inside / "predicted.csv")["probability"].between(0, 1).all()


@pytest.mark.usefixtures("inside")
def test_predict_names_the_file_that_can_not_be_read():
    shown = run_command("predict", "rows.csv", "-o", "predicted.csv")
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: rows.csv: can't be read as .csv")
    assert len(shown.stderr.splitlines()) == 1


def test_serve_says_what_to_do_before_the_first_run():
    shown = run_command("serve")
    assert shown.exit_code == 2
    assert shown.stderr == "error: dist: holds no wheel; run `uv run dvc repro`\n"


def test_serve_runs_the_code_of_the_wheel_with_its_options(inside):
    arguments = [sys.executable, "-c", f"from {cli.__name__} import app; app()", "serve"]
    ran = subprocess.run(
        [*arguments, "--host", "nowhere.invalid"],
        cwd=inside,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "error: --host nowhere.invalid --port 8000: can't be had (" in ran.stderr


@pytest.mark.usefixtures("inside")
def test_check_passes_before_the_first_run():
    shown = run_command("check")
    assert shown.exit_code == 0
    assert shown.output == (
        "The settings are valid; there is no dvc.lock yet: run `uv run dvc repro`.\n"
    )


def test_check_refuses_settings_that_contradict_the_schema(inside):
    params = make_params("binary")
    params["goal"]["target"] = "bought"
    write_json(inside / "params.yaml", params)
    shown = run_command("check")
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: params.yaml: goal.target is 'bought', but schema.yaml")


def test_unknown_command_is_refused():
    shown = run_command("chekc")
    assert shown.exit_code == 2
    assert "chekc" in shown.stderr
