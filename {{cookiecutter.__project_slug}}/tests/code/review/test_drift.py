"""Drift: found where rows moved, not found where they did not, and said so that people see it."""

import dataclasses
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_project import TASKS, add_features
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.errors import DataError, ModelError
from {{ cookiecutter.__package_name }}.common.io import PARTS, read_json, read_part, write_json
from {{ cookiecutter.__package_name }}.common.settings import load_params
from {{ cookiecutter.__package_name }}.data.row_contract import Fault
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.measure.profile import Predicted, make_profile
from {{ cookiecutter.__package_name }}.model.manifest import (
    MANIFEST,
    MODEL,
    PROFILE,
    SCHEMA,
    TRANSFORM,
    hash_file,
)
from {{ cookiecutter.__package_name }}.model.trained import load_model
from {{ cookiecutter.__package_name }}.review.drift.current import sort_rows
from {{ cookiecutter.__package_name }}.review.drift.drift import find_drift, load_profiled
from {{ cookiecutter.__package_name }}.review.drift.result import judge_drift
from {{ cookiecutter.__package_name }}.schema import load_schema
from {{ cookiecutter.__package_name }}.serving.log.prediction_log import open_log
from {{ cookiecutter.__package_name }}.serving.log.records import KEY
from {{ cookiecutter.__package_name }}.serving.scored import Scored

# Three windows of five days that begin on a Monday.
FIRST_DAY = pd.Timestamp(2024, 1, 1)


@pytest.fixture(autouse=True)
def _small_features(monkeypatch):
    monkeypatch.setattr(transform, "add_features", add_features)


@pytest.fixture
def inside(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda task: set_up(project(task).folder, tmp_path)


@pytest.fixture
def binary(inside):
    return inside("binary")


def set_up(made: Path, folder: Path) -> Path:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    params, schema = load_params(folder / "params.yaml"), load_schema(folder / "schema.yaml")
    model = load_model(folder / "models/estimator")
    features = read_part(folder / "data/features", "validation")
    prepared = {part: read_part(folder / "data/prepared", part) for part in PARTS}
    threshold = 0.5 if model.description.task == "binary" else None
    predicted = Predicted(
        prepared["validation"], model.predict(features), model.description, threshold
    )
    profile = make_profile(prepared["train"], predicted, schema, params.drift)
    # The training part is of few rows in time, by which its windows differ more than here.
    for column in (*profile["columns"].values(), profile["target"], profile["prediction"]):
        column.pop("usual", None)
    write_json(folder / "models" / PROFILE, profile)
    return folder


def make_rows(days: int = 15, per_day: int = 60, seed: int = 3) -> pd.DataFrame:
    """Rows of later days from the distribution that the small project learnt from."""
    n, random = days * per_day, np.random.default_rng(seed)
    weight = random.normal(10, 3, n).clip(0).round(2)
    price = (weight * 2 + random.normal(0, 2, n)).round(2)
    return pd.DataFrame(
        {
            "day": first_window() + pd.to_timedelta(np.arange(n) // per_day, unit="D"),
            "shop": random.choice(["a", "b"], n),
            "colour": random.choice(["red", "green", ""], n),
            "weight": weight,
            "price": price,
            "sold": np.where(price > 20, "yes", "no"),
            "size": np.select([price < 17, price < 23], ["small", "middle"], "large"),
        }
    )


def first_window() -> pd.Timestamp:
    monday = pd.Timestamp(1970, 1, 5)
    return FIRST_DAY - (FIRST_DAY - monday) % pd.Timedelta("5D")


def look(folder: Path, rows: pd.DataFrame, **options) -> SimpleNamespace:
    """Write rows as a delivery, look for drift, and give all that came of it."""
    rows.to_csv(folder / "now.csv", index=False)
    outcome = find_drift(folder, [str(folder / "now.csv")], **options)
    result = read_json(folder / "reports/drift/drift.json")
    page = (folder / "reports/drift/index.html").read_text(encoding="utf-8")
    columns = {column["column"]: column for column in result["columns"]}
    drifted = {name for name, column in columns.items() if column["drifted"]}
    return SimpleNamespace(
        line=outcome.line,
        found=outcome.drifted,
        result=result,
        page=page,
        columns=columns,
        drifted=drifted,
    )


@pytest.mark.parametrize("task", TASKS)
def test_rows_of_the_same_distribution_have_not_drifted(inside, task):
    seen = look(inside(task), make_rows())
    assert not seen.found
    assert seen.drifted == set()
    assert seen.line.startswith("no drift in the last windows (3 of 5D, ")
    assert [window["judged"] for window in seen.result["windows"]] == [True] * 3
    assert len(seen.result["quality"]["windows"]) == 3
    assert not seen.result["quality"]["drifted"]


@pytest.mark.parametrize("task", TASKS)
def test_shifted_column_and_prediction_are_named(inside, task):
    rows = make_rows()
    seen = look(inside(task), rows.assign(weight=rows["weight"] + 6))
    assert seen.found
    assert {"weight", "prediction"} <= seen.drifted
    assert "colour" not in seen.drifted
    assert "weight" in seen.line
    assert "in 3 of 3 windows" in seen.line
    assert seen.columns["weight"]["change"].startswith("median ")
    assert "<h1>Drift: " in seen.page


def test_one_odd_window_is_no_drift(binary):
    rows = make_rows()
    odd = rows["day"] >= rows["day"].max() - pd.Timedelta("4D")
    seen = look(binary, rows.assign(weight=rows["weight"] + 9 * odd))
    assert [move["over"] for move in seen.columns["weight"]["windows"]] == [False, False, True]
    assert not seen.found
    assert "moved most: " in seen.line


def test_what_is_long_past_is_no_drift(binary):
    rows = make_rows(days=30)
    odd = rows["day"] < rows["day"].min() + pd.Timedelta("15D")
    moved = rows.assign(weight=rows["weight"] + 9 * odd)
    assert not look(binary, moved).found
    assert look(binary, moved[odd]).found


def test_shifted_labels_are_found_though_no_column_moved(binary):
    rows = make_rows()
    seen = look(binary, rows.assign(sold=np.where(rows["price"] > 12, "yes", "no")))
    assert seen.drifted == {"sold"}
    assert seen.columns["sold"]["change"].startswith("share of 1 ")


def test_metric_below_the_goal_is_drift(binary):
    rows = make_rows()
    seen = look(binary, rows.assign(sold=np.where(rows["price"] < 20, "yes", "no")))
    quality = seen.result["quality"]
    assert quality["drifted"]
    assert all(each["low"] <= each["value"] <= each["high"] < 0.5 for each in quality["windows"])
    assert seen.found
    assert seen.line.startswith("drift: roc_auc 0.")
    assert "roc_auc by window" in seen.page


def test_rows_without_labels_are_judged_all_the_same(binary):
    rows = make_rows().drop(columns=["price", "sold", "size"])
    seen = look(binary, rows)
    assert not seen.found
    assert seen.result["quality"]["windows"] == []
    assert "sold" not in seen.columns
    assert "is not known yet" in seen.page
    assert look(binary, rows.assign(weight=rows["weight"] + 6)).found


def test_labels_that_have_arrived_for_some_windows_count(binary):
    rows = make_rows()
    newest = rows["day"] >= rows["day"].max() - pd.Timedelta("4D")
    seen = look(binary, rows.assign(sold=rows["sold"].mask(newest)))
    assert [each["window"] for each in seen.result["quality"]["windows"]] == [0, 1]
    assert [move["window"] for move in seen.columns["weight"]["windows"]] == [0, 1, 2]


def test_new_category_is_named_and_shown_as_text(binary):
    rows, name = make_rows(), "<img src=x onerror=alert(1)>"
    seen = look(binary, rows.assign(shop=rows["shop"].mask(rows.index % 3 == 0, name)))
    assert "shop" in seen.drifted
    assert seen.columns["shop"]["new"] == [name]
    assert "<img" not in seen.page
    assert "&lt;img src=x" in seen.page


def test_more_rows_that_break_the_contract_are_drift(binary):
    rows = make_rows()
    seen = look(binary, rows.assign(weight=rows["weight"].mask(rows.index % 3 == 0, -1)))
    assert seen.drifted == {"faulty rows"}
    assert seen.result["rows"]["faulty"] == 300
    assert "faulty rows 33.3%" in seen.line


def test_windows_that_are_all_faulty_are_the_last_ones(binary):
    rows = make_rows()
    broken = rows["day"] >= rows["day"].min() + pd.Timedelta("5D")
    seen = look(binary, rows.assign(weight=rows["weight"].mask(broken, -1)))
    assert seen.drifted == {"faulty rows"}
    dates = [first_window() + pd.Timedelta(f"{days}D") for days in (0, 14)]
    assert seen.line.split(" →")[0].endswith(f", {dates[0]:%Y-%m-%d} to {dates[1]:%Y-%m-%d}")
    assert look(binary, rows.assign(weight=-1)).drifted == {"faulty rows"}


def test_missing_values_are_drift(binary):
    rows = make_rows()
    seen = look(binary, rows.assign(weight=rows["weight"].mask(rows.index % 3 == 0)))
    assert "weight" in seen.drifted
    assert "missing 0.0% → 33.3%" in seen.columns["weight"]["change"]


def test_column_that_varied_in_training_as_well_is_no_drift(binary):
    rows = make_rows()
    profile = read_json(binary / "models" / PROFILE)
    profile["columns"]["weight"]["usual"] = profile["prediction"]["usual"] = 50.0
    write_json(binary / "models" / PROFILE, profile)
    seen = look(binary, rows.assign(weight=rows["weight"] + 6, sold=""))
    assert seen.columns["weight"]["limit"] == 50
    assert not seen.found


def test_missing_column_is_named(binary):
    rows = make_rows()
    # What has a meaning of its own is not taken for it misspelt.
    message = r"now\.csv: has no column 'weight'; deliver it or change schema.yaml"
    with pytest.raises(DataError, match=f"{message}$"):
        look(binary, rows.drop(columns="weight"))
    other = {"wieght": {"type": "number", "role": "ignored"}}
    columns = read_json(binary / SCHEMA)["columns"] | other
    write_json(binary / SCHEMA, {"columns": columns})
    with pytest.raises(DataError, match=f"{message}$"):
        look(binary, rows.rename(columns={"weight": "wieght"}))


def test_file_with_another_separator_gets_a_hint(binary):
    make_rows().to_csv("now.csv", index=False, sep=";")
    with pytest.raises(DataError, match=r"now\.csv: has one column only, .*set the `separator`"):
        find_drift(binary, ["now.csv"])


def test_each_file_needs_the_columns(binary):
    make_rows().to_csv("a.csv", index=False)
    make_rows().drop(columns="colour").to_csv("b.csv", index=False)
    with pytest.raises(DataError, match=r"^b\.csv: has no column 'colour'"):
        find_drift(binary, ["a.csv", "b.csv"])


def test_folder_is_told_from_a_missing_file(binary):
    with pytest.raises(DataError, match=r"data: is a folder; name its files, such as 'data/\*"):
        find_drift(binary, ["data"])


def test_columns_that_are_there_are_not_looked_up(binary):
    shutil.rmtree(binary / "data/raw/weather")
    rows = make_rows()
    seen = look(binary, rows.assign(rain=rows["shop"].map({"a": 0.5, "b": 1.5})))
    assert not seen.found


def test_windows_of_few_rows_are_not_judged(binary):
    rows = make_rows()
    few = rows[(rows["day"] < rows["day"].min() + pd.Timedelta("10D")) | (rows.index % 60 == 0)]
    seen = look(binary, few.assign(weight=few["weight"] + 6))
    assert [window["judged"] for window in seen.result["windows"]] == [True, True, False]
    assert "in 2 of 2 windows" in seen.line


def test_one_window_alone_is_no_drift(binary):
    rows = make_rows(days=5)
    seen = look(binary, rows.assign(weight=rows["weight"] + 6))
    assert not seen.found
    assert "1 of 5D, 2 are needed for drift" in seen.line


def test_windows_that_are_all_too_small_are_refused(binary):
    with pytest.raises(DataError, match=r"as many rows as drift.min_rows, 20; the largest has 5"):
        look(binary, make_rows(per_day=1))
    with pytest.raises(DataError, match="the largest has 0"):
        look(binary, make_rows().head(0))


def test_rows_without_time_are_cut_into_windows_one_after_another(binary):
    rows, params = make_rows(), load_params(binary / "params.yaml")
    bundle, profile = load_profiled(binary, None)
    columns = dict(bundle.schema.columns)
    columns["day"] = columns["day"].model_copy(update={"role": "ignored"})
    schema = bundle.schema.model_copy(update={"columns": columns})
    timeless = dataclasses.replace(bundle, schema=schema)
    rows = rows.assign(rain=1.0, weight=rows["weight"] + 6 * (rows.index >= 300))
    current = sort_rows(rows, timeless, params)
    result = judge_drift(current, bundle.model.description, profile, params)
    assert [window["rows"] for window in result["windows"]] == [300, 300, 300]
    weight = next(column for column in result["columns"] if column["column"] == "weight")
    assert [move["over"] for move in weight["windows"]] == [False, True, True]
    assert result["windows"][0]["from"] == "part 1"


def test_older_rows_are_left_out(binary):
    rows = make_rows()
    since = rows["day"].min() + pd.Timedelta("5D")
    seen = look(binary, rows, since=str(since.date()))
    age = rows["day"].max() - since
    assert look(binary, rows, since=f"{age.days}D").result == seen.result
    assert seen.result["rows"]["read"] == 600
    with pytest.raises(DataError, match="no row is as new"):
        look(binary, rows, since="2030-01-01")
    with pytest.raises(DataError, match="--since is 'soon'; write a date"):
        look(binary, rows, since="soon")


def test_files_are_found_by_pattern(binary):
    rows = make_rows()
    rows.head(400).to_csv("new-1.csv", index=False)
    rows.tail(500).assign(day=rows["day"].astype("str")).to_parquet("new-2.parquet")
    find_drift(binary, ["new-*"])
    assert read_json(binary / "reports/drift/drift.json")["rows"]["read"] == 900
    with pytest.raises(DataError, match=r"absent-\*: no such file"):
        find_drift(binary, ["new-*", "absent-*"])


def test_model_without_profile_or_with_that_of_another_is_refused(binary):
    profile = read_json(binary / "models" / PROFILE)
    write_json(binary / "models" / PROFILE, profile | {"columns": {}})
    with pytest.raises(ModelError, match=r"has other columns than schema\.yaml"):
        look(binary, make_rows())
    (binary / "models" / PROFILE).unlink()
    with pytest.raises(ModelError, match=r"profile.json: no such file; run `dvc repro`"):
        look(binary, make_rows())


def test_packaged_model_is_compared_with_its_own_profile(binary):
    parts = {SCHEMA: binary / SCHEMA, TRANSFORM: binary / "models" / TRANSFORM}
    parts |= {PROFILE: binary / "models" / PROFILE}
    model = sorted((binary / "models" / MODEL).iterdir())
    parts |= {f"{MODEL}/{path.name}": path for path in model}
    for name, path in parts.items():
        (binary / "bundle" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, binary / "bundle" / name)
    hashes = {name: hash_file(path) for name, path in parts.items()}
    write_json(binary / "bundle" / MANIFEST, {"version": "1", "files": hashes})
    shutil.rmtree(binary / "models")
    rows = make_rows()
    packaged = binary / "bundle"
    assert not look(binary, rows, packaged=packaged).found
    assert look(binary, rows.assign(weight=rows["weight"] + 6), packaged=packaged).found
    write_json(packaged / PROFILE, {})
    with pytest.raises(ModelError, match="was changed since the model was packaged"):
        look(binary, rows, packaged=packaged)


def test_same_rows_give_the_same_bytes(binary):
    first, second = (look(binary, make_rows()) for _ in range(2))
    assert first.page == second.page
    assert json.dumps(first.result) == json.dumps(second.result)


@pytest.mark.usefixtures("binary")
def test_command_ends_with_3_when_rows_have_drifted():
    rows = make_rows()
    rows.to_csv("same.csv", index=False)
    rows.assign(weight=rows["weight"] + 6).to_csv("moved.csv", index=False)
    codes = {
        name: CliRunner().invoke(cli.app, ["drift", name]).exit_code
        for name in ("same.csv", "moved.csv", "absent.csv")
    }
    assert codes == {"same.csv": 0, "moved.csv": 3, "absent.csv": 2}


def write_log(folder: Path, rows: pd.DataFrame, scored: list[Scored], **settings: str) -> str:
    """Log rows as the service does, with settings of `log` for some columns."""
    content = read_json(folder / SCHEMA)
    for name, setting in settings.items():
        content["columns"][name]["log"] = setting
    write_json(folder / SCHEMA, content)
    schema, url = load_schema(folder / SCHEMA), f"sqlite:///{folder / 'log.db'}"
    columns = [{"name": name} | column.model_dump() for name, column in schema.columns.items()]
    rows = rows.assign(rain=rows["shop"].map({"a": 0.5, "b": 1.5}), day=rows["day"].astype("str"))
    log = open_log(url, columns, "1.0")
    log.put(rows.to_dict("records"), scored)
    log.close()
    return url


def test_log_that_keeps_every_column_is_judged_as_a_file(binary):
    rows = make_rows()
    moved = rows.assign(weight=(rows["weight"] + 6).mask(rows.index % 50 == 0, -1))
    expected = look(binary, moved.drop(columns="sold"))
    # What another model predicted does not matter.
    url = write_log(binary, moved, [Scored(probability=0.5)] * len(moved), shop="keep")
    line, found = find_drift(binary, [], log=url)
    assert found
    assert line == expected.line
    assert read_json(binary / "reports/drift/drift.json") == expected.result


def answer(task: str, value: float) -> Scored:
    if task == "binary":
        return Scored(probability=value / 40)
    if task == "regression":
        return Scored(prediction=value)
    return Scored(prediction="large", probabilities={"small": 0.1, "large": 0.9})


@pytest.mark.parametrize(
    ("task", "setting"), [("binary", "hash"), ("multiclass", "omit"), ("regression", "hash")]
)
def test_log_that_keeps_a_column_back_is_judged_by_the_predictions_of_then(
    inside, monkeypatch, task, setting
):
    monkeypatch.setenv(KEY, "a secret of the team")
    folder, rows = inside(task), make_rows()
    scored = [answer(task, 35 + 4 * (n % 2)) for n in range(len(rows))]
    scored[::3] = [Scored([Fault("shop", "must not be missing", "")])] * 300
    url = write_log(folder, rows, scored, shop=setting)
    line, found = find_drift(folder, [], log=url)
    result = read_json(folder / "reports/drift/drift.json")
    assert found
    drifted = {column["column"] for column in result["columns"] if column["drifted"]}
    assert drifted == {"faulty rows", "prediction"}
    assert result["not_compared"] == ["shop"]
    assert "; not compared, as the log does not keep them: shop →" in line
    page = (folder / "reports/drift/index.html").read_text(encoding="utf-8")
    assert "Not compared, as the log does not keep them: shop." in page


def test_what_was_predicted_earlier_is_left_out(binary):
    rows = make_rows()
    url = write_log(binary, rows, [Scored(probability=0.5)] * len(rows), shop="keep")
    with closing(sqlite3.connect(binary / "log.db")) as connection:
        connection.execute("UPDATE predictions SET time = '2024-02-01 00:00:00' WHERE rowid <= 300")
        connection.commit()
    find_drift(binary, [], "2024-02-02", log=url)
    assert read_json(binary / "reports/drift/drift.json")["rows"]["read"] == 600
    with pytest.raises(DataError, match="the log holds no row since 2999-01-01"):
        find_drift(binary, [], "2999-01-01", log=url)


def test_log_that_can_not_be_read_is_told(binary):
    (binary / "text.db").write_text("no database, but long enough to be taken for one" * 99)
    for name, message in (
        ("absent.db", r"absent\.db: no such file; name the log"),
        ("text.db", r"--log can't be read: .*text\.db: file is not a database"),
    ):
        with pytest.raises(DataError, match=message):
            find_drift(binary, [], log=f"sqlite:///{binary / name}")
    for inputs, log in (([], None), (["now.csv"], "sqlite:///log.db")):
        with pytest.raises(DataError, match="name either files of rows, or a prediction log"):
            find_drift(binary, inputs, log=log)


def test_log_without_what_drift_needs_is_refused(binary):
    rows = make_rows()
    lacking = rows.drop(columns="weight")
    url = write_log(binary, lacking, [Scored(probability=0.5)] * len(rows))
    with pytest.raises(DataError, match="the log has no column 'weight': an earlier model"):
        find_drift(binary, [], log=url)
    url = write_log(binary, rows, [Scored(probability=0.5)] * len(rows), day="omit")
    with pytest.raises(DataError, match="keeps 'day' out of the log"):
        find_drift(binary, [], log=url)


@pytest.mark.usefixtures("binary")
def test_command_reads_a_log():
    rows = make_rows()
    url = write_log(Path(), rows, [Scored(probability=0.9)] * len(rows))
    assert CliRunner().invoke(cli.app, ["drift", "--log", url]).exit_code == 3
