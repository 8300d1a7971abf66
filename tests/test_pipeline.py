"""The laws of a generated project, held by its real pipeline: Git, DVC, uv, all five stages."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import BakedProject, generate
from test_generation import AWKWARD_ANSWERS

pytestmark = pytest.mark.slow
STAGES = ["prepare", "featurize", "train", "evaluate", "package"]
SOURCE = "src/flight_delays"
JANUARY = "data/raw/flights/2013-01.csv"


def in_environment(
    project: BakedProject, *command: str, check: bool = True, **variables: str
) -> str:
    """Run a command of the project's environment and return all that it said."""
    done = project.run("uv", "run", "--no-sync", *command, check=check, **variables)
    return done.stdout + done.stderr


def repro(project: BakedProject) -> list[str]:
    """Run `dvc repro` and return the stages that it ran."""
    said = in_environment(project, "dvc", "repro")
    return [line.split("'")[1] for line in said.splitlines() if line.startswith("Running stage")]


def stale_stages(project: BakedProject) -> list[str]:
    """Return the stages whose own dependencies changed."""
    return list(json.loads(project.run("uv", "run", "--no-sync", "dvc", "status", "--json").stdout))


def replace_text(project: BakedProject, name: str, old: str, new: str) -> None:
    text = project.read(name)
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (project.path / name).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def read_json(project: BakedProject, name: str) -> Any:
    return json.loads(project.read(name))


@pytest.fixture
def changed(trained: BakedProject, tmp_path: Path) -> BakedProject:
    """A trained project that the test may change."""
    return trained.copy(tmp_path / "flight-delays")


def test_default_project_reaches_the_expected_score(trained: BakedProject) -> None:
    # A straightforward LightGBM reaches 0.68 on these rows; above 0.80 something leaks.
    score = read_json(trained, "reports/metrics.json")["test"]["roc_auc"]
    assert 0.68 <= score <= 0.80


def test_second_repro_runs_nothing(trained: BakedProject) -> None:
    assert repro(trained) == []


def test_trained_project_passes_hooks_and_tests_of_data_and_model(trained: BakedProject) -> None:
    # Those in tests/code look at no model of the project, so a fresh one has run them all.
    code = "mypy,ruff-check,ruff-format"
    in_environment(trained, "pre-commit", "run", "--all-files", SKIP=code)
    assert "skipped" not in in_environment(trained, "pytest", "tests/data", "tests/model")
    assert trained.run("git", "status", "--porcelain").stdout == ""


def test_hooks_refuse_a_change_without_its_dvc_lock(changed: BakedProject) -> None:
    replace_text(changed, "params.yaml", "num_leaves: 7", "num_leaves: 8")
    said = in_environment(changed, "pre-commit", "run", "dvc-lock", "--all-files", check=False)
    stale = "dvc.lock is out of date: train, evaluate, package would run again"
    assert f"{stale}, and what depends on it; run `uv run dvc repro`" in said


@pytest.mark.parametrize(
    ("old", "new", "stages"),
    [
        ("validation: 0.2 ", "validation: 0.25 ", STAGES),
        ("scale: none", "scale: standard", STAGES[1:]),
        ("num_leaves: 7", "num_leaves: 8", STAGES[2:]),
        ("resamples: 1000", "resamples: 900", STAGES[3:]),
        ("at_least: 0.60", "at_least: 0.61", STAGES[3:]),
        ('version: "1.0"', 'version: "1.1"', ["package"]),
    ],
    ids=["prepare", "featurize", "train", "evaluate", "goal", "package"],
)
def test_one_changed_key_reruns_its_stage_and_later_ones_only(
    changed: BakedProject, old: str, new: str, stages: list[str]
) -> None:
    replace_text(changed, "params.yaml", old, new)
    assert repro(changed) == stages


@pytest.mark.parametrize(
    ("module", "stages"),
    [
        ("data/split.py", {"prepare", "package"}),
        ("features/custom.py", {"featurize", "package"}),
        ("model/estimators.py", {"train", "evaluate", "package"}),
        ("review/evaluation/model_card.py", {"evaluate"}),
        ("review/verdict.py", {"evaluate", "package"}),
        ("review/comparison/compare.py", set()),
        ("common/io.py", set(STAGES)),
        ("cli.py", set()),
    ],
)
def test_touched_module_makes_the_stages_that_import_it_stale(
    changed: BakedProject, module: str, stages: set[str]
) -> None:
    file = changed.path / SOURCE / module
    file.write_text(file.read_text(encoding="utf-8") + "\n# touched\n", encoding="utf-8")
    assert set(stale_stages(changed)) == stages


@pytest.mark.parametrize(
    ("requirement", "stages"),
    [("lightgbm==", STAGES[1:]), ("pandas==", STAGES), ("ruff~=", []), ("pytest~=", [])],
)
def test_library_that_shapes_results_makes_its_stages_stale(
    changed: BakedProject, requirement: str, stages: list[str]
) -> None:
    replace_text(changed, "pyproject.toml", f'"{requirement}', f'"{requirement}1')
    assert set(stale_stages(changed)) == set(stages)


def test_two_clones_give_the_same_hashes(
    project: BakedProject, trained: BakedProject, tmp_path: Path
) -> None:
    second = project.clone(tmp_path / "elsewhere" / "flight-delays")
    assert repro(second) == STAGES
    assert second.read("dvc.lock") == trained.read("dvc.lock")


def test_repro_just_works_after_train_was_killed(changed: BakedProject) -> None:
    replace_text(changed, "params.yaml", "early_stopping_rounds: 50", "early_stopping_rounds: 1000")
    curve = changed.path / "reports" / "train" / "plots" / "metrics" / "training" / "metric.tsv"
    before = curve.stat().st_mtime_ns
    # DVC itself is started here, not by uv, so that it is gone for good when it was waited for.
    tools = Path(changed.environment["UV_PROJECT_ENVIRONMENT"]) / "bin"
    path = os.pathsep.join([str(tools), changed.environment["PATH"]])
    running = subprocess.Popen(
        [str(tools / "dvc"), "repro"],
        cwd=changed.path,
        env=changed.environment | {"PATH": path},
        start_new_session=True,
    )
    # DVC removes the old curve before train starts; a new one means that it is boosting.
    while not curve.exists() or curve.stat().st_mtime_ns == before:
        assert running.poll() is None, "train ended before it could be killed"
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert repro(changed) == STAGES[2:]
    assert stale_stages(changed) == []


def test_delivery_of_april_retrains_without_an_edit(
    changed: BakedProject, trained: BakedProject
) -> None:
    april = changed.path / "data" / "incoming" / "2013-04.csv"
    april.rename(changed.path / "data" / "raw" / "flights" / april.name)
    assert repro(changed) == STAGES
    before, after = (
        read_json(project, "data/prepared/counts.json") for project in (trained, changed)
    )
    assert after["delivered"] == before["delivered"] + 2000
    assert after["delivered"] == after["kept"] + after["quarantined"] + after["duplicates"]
    assert after["parts"]["train"] > before["parts"]["train"]
    assert after["spans"]["test"][0] > before["spans"]["test"][0]
    # April is hard: about 0.65 however it is trained, and the report says so.
    assert read_json(changed, "reports/metrics.json")["test"]["roc_auc"] >= 0.65
    assert "by scores from different months" in changed.read("reports/model_card.md")
    assert "| time\\_hour | 2013-04 |" in changed.read("reports/model_card.md")
    assert "skipped" not in in_environment(changed, "pytest", "tests/data", "tests/model")


def test_delivery_is_checked_for_drift_compared_and_reported(changed: BakedProject) -> None:
    april = "data/incoming/2013-04.csv"
    command = ("uv", "run", "--no-sync", "flight-delays")
    drift = changed.run(*command, "drift", april, check=False)
    # April is warmer than January to March, which is all that the model has learnt from.
    assert drift.returncode == 3
    assert "drift: temp" in drift.stdout
    (changed.path / april).rename(changed.path / "data" / "raw" / "flights" / "2013-04.csv")
    stale = changed.run(*command, "compare", "--base", "HEAD", check=False)
    assert stale.returncode == 2
    assert "the results are out of date" in stale.stderr
    repro(changed)
    compared = changed.run(*command, "compare", "--base", "HEAD", check=False)
    found = read_json(changed, "reports/compare/comparison.json")
    assert compared.returncode == int(found["blocks"])
    assert found["verdict"] in {"better", "same within noise", "worse"}
    # April was delivered after the base was trained, so all of the new test part is unseen.
    assert found["rows"] == read_json(changed, "data/prepared/counts.json")["parts"]["test"]
    assert found["data"]["rows"]["now"] > found["data"]["rows"]["base"]
    in_environment(changed, "flight-delays", "report", "--html", "reports/compare/page.html")
    report = changed.read("reports/compare/report.md")
    assert "xychart-beta" in report
    assert len(report.encode()) < 60_000
    assert changed.read("reports/compare/page.html").startswith("<!DOCTYPE html>")
    assert "reports/compare" not in changed.run("git", "status", "--porcelain").stdout


def test_columns_known_only_later_never_reach_the_model(changed: BakedProject) -> None:
    january = changed.path / JANUARY
    flights = pd.read_csv(january, dtype=str, keep_default_na=False)
    later = ["dep_time", "dep_delay", "arr_time", "air_time"]
    shuffled = flights[later].sample(frac=1, random_state=0).set_axis(flights.index)
    assert (shuffled != flights[later]).any().all()
    flights.assign(**shuffled).to_csv(january, index=False, lineterminator="\n")
    # Rows are kept as they came, so prepare's output differs; the features and the model do not.
    assert repro(changed) == ["prepare", "featurize", "evaluate", "package"]


def test_package_refuses_a_model_that_misses_its_goal(changed: BakedProject) -> None:
    replace_text(changed, "params.yaml", "at_least: 0.60", "at_least: 0.95")
    said = in_environment(changed, "dvc", "repro", check=False)
    assert "error: the model misses its goal and is not packaged: roc_auc" in said
    assert "exited with 1" in said
    assert "Traceback" not in said
    assert "The goal is missed" in changed.read("reports/model_card.md")
    assert not list(changed.path.glob("dist/*"))


def test_wheel_predicts_the_same_in_a_fresh_environment(
    trained: BakedProject, tmp_path: Path
) -> None:
    (wheel,) = (trained.path / "dist").glob("*.whl")
    fresh = tmp_path / "fresh"
    trained.run("uv", "venv", "--quiet", str(fresh))
    trained.run("uv", "pip", "install", "--quiet", "--python", str(fresh), str(wheel))
    rows, here, there = "data/prepared/test.parquet", tmp_path / "here", tmp_path / "there"
    command = fresh / ("Scripts" if os.name == "nt" else "bin") / "flight-delays-predict"
    trained.run(str(command), rows, "-o", f"{there}.csv", PYTHONPATH="")
    in_environment(trained, "flight-delays", "predict", rows, "-o", f"{here}.csv")
    assert there.with_suffix(".csv").read_bytes() == here.with_suffix(".csv").read_bytes()
    installed = trained.run("uv", "pip", "list", "--python", str(fresh), "--format", "json").stdout
    names = {package["name"] for package in json.loads(installed)}
    assert not names & {"dvc", "dvclive", "optuna", "altair", "typer"}


def test_data_and_models_reach_a_clone_through_a_remote(
    scratch: dict[str, str], trained: BakedProject, changed: BakedProject, tmp_path: Path
) -> None:
    in_environment(
        changed, "dvc", "remote", "add", "--default", "storage", str(tmp_path / "remote")
    )
    in_environment(changed, "dvc", "push")
    changed.commit("Share the model")
    clone = changed.clone(tmp_path / "clone")
    in_environment(clone, "dvc", "pull")
    assert (clone.path / "models/estimator/model.txt").read_bytes() == (
        trained.path / "models/estimator/model.txt"
    ).read_bytes()
    assert repro(clone) == []


def test_every_plot_is_drawn_from_its_data(trained: BakedProject) -> None:
    plots = json.loads(
        trained.run("uv", "run", "--no-sync", "dvc", "plots", "show", "--json").stdout
    )
    names = {"Learning curve", "ROC", "Precision and recall", "Calibration", "Lift"}
    assert set(plots["data"]) == names | {"Confusion matrix", "Importance"}
    assert not plots.get("errors")


def test_help_imports_neither_pandas_nor_dvc(trained: BakedProject) -> None:
    slow = {"pandas", "numpy", "sklearn", "lightgbm", "dvc", "pydantic", "rich"}
    code = f"import sys, flight_delays.cli; print(*{slow} & set(sys.modules))"
    assert in_environment(trained, "python", "-c", code).strip() == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("carrier,", "carier,", "2013-01.csv: has no column 'carrier'"),
        ("carrier,", "carier,", "did you mean 'carier'?"),
        (",", ";", "has one column only, 'year;month;"),
        (",", ";", "set the `separator` of its source in params.yaml"),
        ("2013-01-", "01/2013/", "time_hour must be a valid datetime"),
        (",EWR,", ",XXX,", "origin must be one of EWR, JFK, LGA"),
        ("UA", "\udcff", "2013-01.csv: can't be read as .csv"),
        (",JFK,", ",XXX,", "row 1 of flights/2013-01.csv has 'XXX'"),
    ],
)
def test_mistake_in_a_delivery_gets_one_message(
    changed: BakedProject, old: str, new: str, said: str
) -> None:
    file = changed.path / JANUARY
    file.write_bytes(file.read_text("utf-8").replace(old, new).encode("utf-8", "surrogateescape"))
    message = in_environment(changed, "dvc", "repro", check=False)
    assert said in message
    assert "exited with 2" in message
    assert "Traceback" not in message


# With a worker of its own, as it shares nothing with the others.
def test_awkward_answers_give_a_project_that_works(scratch: dict[str, str], tmp_path: Path) -> None:
    remote = {"dvc_remote": "ssh", "dvc_remote_url": "ssh://ann@host.example.com:2222/srv/dvc"}
    awkward = generate(tmp_path, scratch, **AWKWARD_ANSWERS, **remote).install()
    awkward.commit("Generate the project")
    # No answer stands in src, and the types of tests are those of every project.
    in_environment(awkward, "pre-commit", "run", "--all-files", SKIP="mypy")
    assert awkward.run("git", "status", "--porcelain").stdout == ""
    assert repro(awkward) == STAGES
    # The rest of tests/code names nothing that was answered.
    named = ["tests/data", "tests/model", "tests/code/test_wiring.py", "tests/code/test_cli.py"]
    in_environment(awkward, "pytest", *named)
