"""Two trained models of each task on the same rows."""

import shutil

import numpy as np
import pandas as pd
import pytest
from repository import write_code
from small_project import METRICS, TASKS, make_columns, make_params, run_stage

from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.review.comparison.compare import compare_models, read_base_parts
from {{ cookiecutter.__package_name }}.review.comparison.current import read_current

TRAINED = ("prepare", "featurize", "train")
N_TEST = 127
DUMMY = {"estimator": "dummy", "parameters": {}}


@pytest.fixture
def now(project, tmp_path):
    """A function that gives a copy of the small project of a task."""

    def copy(task):
        return shutil.copytree(project(task).folder, tmp_path / "now")

    return copy


@pytest.fixture
def make_base(project, tmp_path):
    """A function that gives the same as an earlier revision, checked out with its outputs."""

    def copy(task):
        folder = shutil.copytree(project(task).folder, tmp_path / "base")
        write_code(folder)
        return folder

    return copy


def run_again(folder, stages, task="binary", **changes):
    """Run stages with other settings."""
    params = make_params(task)
    for block, settings in changes.items():
        params[block] |= settings
    write_json(folder / "params.yaml", params)
    for stage in stages:
        run_stage(folder, stage)


def compare(now, base):
    """Compare with more resamples than the small project's own."""
    params = read_json(now / "params.yaml")
    params["evaluate"]["resamples"] = 200
    write_json(now / "params.yaml", params)
    return compare_models(read_current(now), base, read_base_parts(base))


@pytest.mark.parametrize("task", TASKS)
def test_model_of_each_task_is_better_than_a_dummy(now, make_base, tmp_path, task):
    today, base = now(task), make_base(task)
    run_again(base, ["train"], task, train=DUMMY)
    found = compare(today, base)
    metric = METRICS[task]
    assert found["verdict"] == "better", found["reason"]
    assert found["metric"] == metric
    assert found["rows"] == N_TEST
    assert found["difference"]["low"] > 0
    metrics = read_json(today / "reports/metrics.json")["test"]
    scores = found["scores"]
    assert {name: pair["now"] for name, pair in scores.items()} == pytest.approx(metrics)
    assert scores[metric]["difference"] == pytest.approx(
        scores[metric]["now"] - scores[metric]["base"]
    )
    assert {each["verdict"] for each in found["slices"]} >= {"better"}
    assert (found["curves"]["now"]["roc"] == []) == (task != "binary")
    write_json(tmp_path / "valid.json", found)


def test_loss_that_falls_is_better(now, make_base):
    folder, base = now("regression"), make_base("regression")
    params = make_params("regression")
    params["goal"]["metric"] = "mean_absolute_error"
    params["goal"]["criteria"] = [{"metric": "mean_absolute_error", "at_most": 9}]
    write_json(folder / "params.yaml", params)
    run_again(base, ["train"], "regression", train=DUMMY)
    found = compare(folder, base)
    assert found["verdict"] == "better"
    assert found["difference"]["low"] > 0
    assert found["scores"]["mean_absolute_error"]["high"] < 0


def test_rows_that_the_base_learnt_from_are_left_out(now, make_base):
    # By the hash of the row; then the share of the test part grows into what was trained on.
    folder, base = now("binary"), make_base("binary")
    for place, share, stages in ((base, 0.25, TRAINED), (folder, 0.5, (*TRAINED, "evaluate"))):
        prepare = make_params("binary")["prepare"]
        prepare["split"] = {"by": "row", "test": share, "validation": 0.25}
        run_again(place, stages, prepare=prepare)
    found = compare(folder, base)
    before, after = (
        pd.read_parquet(each / "data/prepared/test.parquet") for each in (base, folder)
    )
    assert len(after) > len(before)
    assert found["rows"] == len(before)
    assert found["left_out"] == len(after) - len(before)
    assert f"On {len(before)} test rows that neither model has learnt from" in found["reason"]


def test_no_row_left_is_not_comparable(now, make_base):
    # The newest rows were the base's training part: its time ran backwards.
    base = make_base("binary")
    prepared = base / "data/prepared"
    shutil.copyfile(prepared / "test.parquet", prepared / "validation.parquet")
    found = compare(now("binary"), base)
    assert found["verdict"] == "not comparable"
    assert found["reason"] == (
        "The models can't be compared: of the 127 test rows of today, there are none that no model "
        "has learnt from."
    )
    assert found["curves"]["base"]["learning"] != []


def test_rows_that_today_learnt_from_are_left_out(now, make_base, tmp_path):
    folder = now("binary")
    prepared = folder / "data/prepared"
    both = pd.concat([pd.read_parquet(prepared / f"{part}.parquet") for part in ("train", "test")])
    both.iloc[:-30].to_parquet(prepared / "train.parquet")
    found = compare(folder, make_base("binary"))
    assert (found["rows"], found["left_out"]) == (30, N_TEST - 30)


def test_rows_that_break_the_bases_contract_are_left_out_and_told(now, make_base, tmp_path):
    base = make_base("binary")
    columns = make_columns("binary")
    columns["shop"]["levels"] = ["a"]
    write_json(base / "schema.yaml", {"columns": columns})
    found = compare(now("binary"), base)
    test = pd.read_parquet(tmp_path / "now/data/prepared/test.parquet")
    n_refused = int((test["shop"] == "b").sum())
    assert found["rows"] == N_TEST - n_refused > 0
    assert found["left_out"] == 0
    assert found["reason"].endswith(
        f"; {n_refused} more rows are left out, as they break the base's schema.yaml."
    )


def test_contract_that_all_rows_break_is_not_comparable(now, make_base, tmp_path):
    base = make_base("binary")
    columns = make_columns("binary")
    columns["shop"]["levels"] = ["c"]
    write_json(base / "schema.yaml", {"columns": columns})
    found = compare(now("binary"), base)
    assert found["verdict"] == "not comparable"
    assert (
        "none that the base model predicts (the first is refused: shop must be" in found["reason"]
    )


def test_value_is_compared_at_each_models_own_threshold(now, make_base, tmp_path):
    folder, base = now("binary"), make_base("binary")
    for place, threshold in ((folder, 0.5), (base, 2.0)):
        path = place / "reports/details.json"
        details = read_json(path) if path.exists() else {}
        write_json(path, details | {"decision": {"threshold": threshold}})
    value = compare(folder, base)["value"]
    test = pd.read_parquet(folder / "data/prepared/test.parquet")
    # Never yes: each positive that is missed costs 1.
    assert value["base"] == pytest.approx(-1000 * test["target"].mean())
    assert value["low"] < value["difference"] < value["high"]
    assert value["now"] > 0 > value["base"]


def test_classes_that_only_the_base_knows_are_no_obstacle(now, make_base, tmp_path):
    base = make_base("multiclass")
    description = base / "models/estimator/description.json"
    content = read_json(description)
    content["classes"] = [name.replace("middle", "medium") for name in content["classes"]]
    write_json(description, content)
    found = compare(now("multiclass"), base)
    test = pd.read_parquet(tmp_path / "now/data/prepared/test.parquet")
    # What it calls medium never hits the class that is called middle today.
    assert found["scores"]["accuracy"]["base"] <= np.mean(test["target"] != "middle")
    assert found["verdict"] == "better"


def test_rows_of_one_group_are_drawn_together(now, make_base):
    folder, base = now("binary"), make_base("binary")
    run_again(base, ["train"], train=DUMMY | {"estimator": "linear"})
    alone = compare(folder, base)["difference"]
    columns = make_columns("binary")
    columns["shop"]["role"] = "group"
    write_json(folder / "schema.yaml", {"columns": columns})
    together = compare(folder, base)["difference"]
    assert together["value"] == alone["value"]
    # Two shops make three different resamples.
    assert together["low"] != alone["low"]
