"""All stages, one after another, on a small project of each task."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser

import lightgbm
import pandas as pd
import pytest
from ruamel.yaml import YAML
from small_project import ROOT, STAGES, TASKS, run_stage, write_project

from {{ cookiecutter.__package_name }}.common.errors import GateError, ProjectError, SettingsError
from {{ cookiecutter.__package_name }}.common.io import PARTS, TARGET, hash_file, read_json, write_json
from {{ cookiecutter.__package_name }}.common.settings import METRICS
from {{ cookiecutter.__package_name }}.wheel.content import SOURCE, list_code

OUTS = ("data/prepared", "data/features", "models", "reports", "dist")


def list_files(folder):
    files = [path for out in OUTS for path in (folder / out).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("task", TASKS)
def test_each_stage_says_in_one_line_what_it_did(project, task):
    said = project(task).said
    assert [*said] == [*STAGES]
    for name, line in said.items():
        assert line.startswith(f"{name}: ")
        assert " → " in line
        assert len(line.splitlines()) == 1


@pytest.mark.parametrize("task", TASKS)
def test_prepare_accounts_for_every_row(project, task):
    prepared = project(task).folder / "data/prepared"
    counts = read_json(prepared / "counts.json")
    assert counts["delivered"] == sum(counts["by_file"].values()) == 481
    assert counts["duplicates"] == 1
    assert counts["by_rule"] == {"weight must be at least 0": 1}
    assert pd.read_csv(prepared / "quarantined.csv")[["_column", "_value"]].values.tolist() == [
        ["weight", -1.0]
    ]
    n_rows = {part: len(pd.read_parquet(prepared / f"{part}.parquet")) for part in PARTS}
    assert n_rows == counts["parts"]
    assert sum(n_rows.values()) == counts["kept"] == 479


@pytest.mark.parametrize("task", TASKS)
def test_no_later_column_reaches_the_model(project, task):
    folder = project(task).folder
    for name in ("data/prepared", "data/features"):
        columns = set(pd.read_parquet(folder / name / "train.parquet"))
        assert not columns & {"price", "sold", "size"}
        assert TARGET in columns


@pytest.mark.parametrize("task", TASKS)
def test_evaluate_reports_each_metric_with_its_interval_and_baselines(project, task):
    reports = project(task).folder / "reports"
    metrics, details = read_json(reports / "metrics.json"), read_json(reports / "details.json")
    assert [*metrics] == [*PARTS]
    for name in METRICS[task]:
        interval = details["interval"][name]
        assert interval["low"] <= metrics["test"][name] <= interval["high"]
    primary = details["primary_metric"]
    baselines = details["baselines"]
    assert metrics["test"][primary] > baselines["dummy"][primary]
    assert baselines["linear"][primary] > baselines["dummy"][primary]
    assert read_json(reports / "verdict.json")["goal_met"] is True
    card = (reports / "model_card.md").read_text(encoding="utf-8")
    assert card.startswith("# The goal is met\n")


@pytest.mark.parametrize("task", TASKS)
def test_evaluate_judges_slices_and_ranks_them(project, task):
    details = read_json(project(task).folder / "reports/details.json")
    slices = details["slices"]
    assert {each["column"] for each in slices} == {"shop", "weight"}
    assert {each["slice"] for each in slices if each["column"] == "shop"} == {"a", "b"}
    for each in slices:
        assert each["low"] <= each["value"] <= each["high"]
    values = sorted(each["value"] for each in slices)
    assert [each["value"] for each in details["worst_slices"]] == values[:3]


def test_decision_is_worth_more_than_none(project):
    details = read_json(project("binary").folder / "reports/details.json")
    decision, worth = details["decision"], details["decision"]["per_1000"]
    assert worth["model"] > max(worth["never"], worth["always"])
    curve = pd.read_csv(project("binary").folder / "reports/evaluate/value.csv")
    always, *_, never = curve["per_1000"]
    assert [worth["always"], worth["never"]] == pytest.approx([always, never])
    assert decision["interval"]["low"] <= worth["model"] <= decision["interval"]["high"]
    assert 0 < decision["selection_rate"] < 1
    assert [found["column"] for found in details["fairness"]] == ["shop"]
    assert read_json(project("regression").folder / "reports/details.json")["decision"] is None


@pytest.mark.parametrize("task", TASKS)
def test_most_wrong_rows_are_explained(project, task):
    errors = pd.read_csv(project(task).folder / "reports/evaluate/errors.csv")
    assert len(errors) == 50
    assert errors["loss"].is_monotonic_decreasing
    assert errors["explanation"].str.contains("weight").any()
    assert {"shop", "weight", "actual", "predicted"} <= {*errors}


def test_classes_and_deciles_are_those_of_the_test_part(project):
    classes = read_json(project("multiclass").folder / "reports/details.json")
    deciles = read_json(project("regression").folder / "reports/details.json")
    n_test = classes["rows"]["test"]
    assert [each["class"] for each in classes["classes"]] == ["large", "middle", "small"]
    assert sum(each["rows"] for each in classes["classes"]) == n_test
    assert sum(each["rows"] for each in deciles["deciles"]) == n_test


def test_ignored_column_may_be_sensitive(tmp_path):
    write_project(tmp_path, "binary")
    schema = read_json(tmp_path / "schema.yaml")
    schema["columns"]["colour"] |= {"role": "ignored", "sensitive": True}
    write_json(tmp_path / "schema.yaml", schema)
    for name in STAGES:
        run_stage(tmp_path, name)
    details = read_json(tmp_path / "reports/details.json")
    assert [found["column"] for found in details["fairness"]] == ["shop", "colour"]
    features = pd.read_parquet(tmp_path / "data/features/train.parquet")
    assert not [name for name in features if "colour" in name]


def test_groups_of_few_rows_are_not_compared(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    params = read_json(tmp_path / "params.yaml")
    params["evaluate"]["slices"]["min_rows"] = 5000
    write_json(tmp_path / "params.yaml", params)
    run_stage(tmp_path, "evaluate")
    assert read_json(tmp_path / "reports/details.json")["fairness"] == []


def test_rows_of_a_group_make_wider_intervals(project, tmp_path):
    shutil.copytree(project("regression").folder, tmp_path, dirs_exist_ok=True)
    params, schema = read_json(tmp_path / "params.yaml"), read_json(tmp_path / "schema.yaml")
    params["prepare"]["split"]["by"] = "group"
    schema["columns"]["shop"]["role"] = "group"
    write_json(tmp_path / "params.yaml", params)
    write_json(tmp_path / "schema.yaml", schema)
    run_stage(tmp_path, "evaluate")
    whole, single = (
        read_json(folder / "reports/details.json")["interval"]["mean_absolute_error"]
        for folder in (tmp_path, project("regression").folder)
    )
    assert whole != single


def test_evaluate_explains_an_estimator_without_shap_by_permutation(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    params = read_json(tmp_path / "params.yaml")
    params["train"] |= {"estimator": "linear", "parameters": {}}
    write_json(tmp_path / "params.yaml", params)
    for name in ("train", "evaluate"):
        run_stage(tmp_path, name)
    details = read_json(tmp_path / "reports/details.json")
    assert details["explained_by"] == "permutation"
    assert details["importance"][0]["feature"] == "weight"


def test_unknown_slice_is_named(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    params = read_json(tmp_path / "params.yaml")
    params["evaluate"]["slices"]["columns"] = ["shoop"]
    write_json(tmp_path / "params.yaml", params)
    with pytest.raises(SettingsError, match=r"names 'shoop', .* did you mean 'shop'\?"):
        run_stage(tmp_path, "evaluate")


def test_every_plot_of_dvc_yaml_has_its_data(project):
    plots = YAML(typ="safe", pure=True).load(ROOT / "dvc.yaml")["plots"]
    curves = [curve for plot in plots for curve in plot.values()]
    assert curves
    for curve in curves:
        for path, column in curve["y"].items():
            paths = [project(task).folder / path for task in TASKS]
            found = next(path for path in paths if path.exists())
            table = pd.read_csv(found, sep=None, engine="python")
            assert {curve["x"], column} <= set(table)
            assert len(table) > 1


def test_stages_give_the_same_bytes_in_another_folder(project, tmp_path):
    write_project(tmp_path, "binary")
    for name in STAGES:
        run_stage(tmp_path, name)
    here, there = list_files(project("binary").folder), list_files(tmp_path)
    assert [*here] == [*there]
    assert [name for name in here if here[name] != there[name]] == []


def test_stages_run_when_some_moments_are_missing(tmp_path):
    write_project(tmp_path, "regression")
    params, schema = read_json(tmp_path / "params.yaml"), read_json(tmp_path / "schema.yaml")
    params["prepare"]["split"] = {"by": "row", "test": 0.5, "validation": 0.2}
    schema["columns"]["day"]["missing"] = "keep"
    write_json(tmp_path / "params.yaml", params)
    write_json(tmp_path / "schema.yaml", schema)
    orders = tmp_path / "data/raw/orders/2020-01.csv"
    table = pd.read_csv(orders)
    table.assign(day=table["day"].where(table.index % 9 > 0)).to_csv(orders, index=False)
    for name in STAGES:
        run_stage(tmp_path, name)
    assert read_json(tmp_path / "reports/verdict.json")["goal_met"] is True


def test_package_refuses_a_model_that_misses_its_goal(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    params = read_json(tmp_path / "params.yaml")
    params["goal"]["criteria"] += [
        {"metric": "average_precision", "at_least": 0.999},
        {"metric": "log_loss", "at_most": 0.001},
        {"metric": "roc_auc", "at_least": 0.999, "slice": "shop", "min_rows": 20},
    ]
    params["goal"]["budget"]["model_mb"] = 0.001
    write_json(tmp_path / "params.yaml", params)
    assert "the goal is missed" in run_stage(tmp_path, "evaluate")
    with pytest.raises(GateError) as caught:
        run_stage(tmp_path, "package")
    assert caught.value.exit_code == 1
    said = str(caught.value)
    assert "average_precision on the test part must be at least 0.999, but is 0." in said
    assert "log_loss on the test part must be at most 0.001, but is 0." in said
    assert "roc_auc in each shop with at least 20 test rows must be at least 0.999" in said
    assert "the model's files must have at most 0.001 MB, but is 0.0" in said
    assert "roc_auc on the test part" not in said


@pytest.mark.parametrize("task", TASKS)
def test_wheel_holds_the_declared_files_and_requirements(project, task):
    found = project(task)
    name = SOURCE.name
    bundle = [
        "graph.json",
        "manifest.json",
        "metrics.json",
        "model_card.md",
        "profile.json",
        "schema.yaml",
        "service.json",
        "smoke.json",
        "transform.skops",
    ]
    bundle += ["estimator/description.json", "estimator/model.txt", "verdict.json"]
    with zipfile.ZipFile(found.wheel) as wheel:
        content = [file for file in wheel.namelist() if file.startswith(f"{name}/")]
        metadata = next(file for file in wheel.namelist() if file.endswith("/METADATA"))
        text = Parser().parsestr(wheel.read(metadata).decode())
    assert sorted(content) == sorted(
        [f"{name}/{file}" for file in list_code()] + [f"{name}/bundle/{file}" for file in bundle]
    )
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = extras["optional-dependencies"]
    runtime = [*extras["data"], *extras["model"], *extras["serve"]]
    postgres = [f'{requirement} ; extra == "postgres"' for requirement in extras["postgres"]]
    assert text.get_all("Requires-Dist") == [*runtime, *postgres]
    assert text["Version"].startswith("2.5+")


def test_manifest_says_what_the_model_came_from(project):
    found = project("binary")
    with zipfile.ZipFile(found.wheel) as wheel:
        manifest = json.loads(wheel.read(f"{SOURCE.name}/bundle/manifest.json"))
    prepared = found.folder / "data/prepared"
    assert manifest["data"] == {part: hash_file(prepared / f"{part}.parquet") for part in PARTS}
    assert [*manifest["parameters"]] == ["goal", "prepare", "featurize", "train"]
    assert f"lightgbm=={lightgbm.__version__}" in manifest["libraries"]


def test_wheel_version_follows_its_content(project):
    assert len({project(task).wheel.name for task in TASKS}) == 3


def test_package_refuses_other_versions_than_those_that_made_the_model(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    pyproject = tmp_path / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(text.replace('"pandas==', '"pandas==0.'), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"asks for pandas==0\..*; run `uv sync`"):
        run_stage(tmp_path, "package")
    pyproject.write_text(text.replace('"pandas==', '"pandas>='), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"asks for pandas>=.* one exact version"):
        run_stage(tmp_path, "package")


def test_estimator_that_refuses_its_parameters_is_told(project, tmp_path):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    params = read_json(tmp_path / "params.yaml")
    params["train"]["parameters"]["learning_rate"] = -1
    write_json(tmp_path / "params.yaml", params)
    with pytest.raises(ProjectError) as caught:
        run_stage(tmp_path, "train")
    assert str(caught.value).startswith(
        "params.yaml: lightgbm can't be fitted with train.parameters: Check failed: (learning_rate)"
    )


def test_stage_ends_with_code_2_and_no_traceback_when_the_user_errs(tmp_path):
    module = STAGES["prepare"]["cmd"].split()[2]
    command = [sys.executable, "-m", module, "raw", "schema.yaml", "params.yaml", "out"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr == "error: params.yaml: no such file; run from the project's folder\n"
