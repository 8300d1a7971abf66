"""A packaged model predicts as the pipeline does, and says why it can't where it can't."""

import json
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from small_project import TASKS, add_features

from {{ cookiecutter.__package_name }}.common.errors import DataError, ModelError
from {{ cookiecutter.__package_name }}.common.io import PARTS, TARGET
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.bundle import load_bundle
from {{ cookiecutter.__package_name }}.model.trained import load_model

OUTPUTS = {
    "binary": ["probability"],
    "multiclass": ["prediction"] + [f"probability_{size}" for size in ("large", "middle", "small")],
    "regression": ["prediction"],
}


@pytest.fixture(autouse=True)
def _features_of_the_small_project(monkeypatch):
    monkeypatch.setattr(transform, "add_features", add_features)


@pytest.fixture
def unpacked(project, tmp_path):
    """Give a function that unpacks the bundle in the wheel of a task."""

    def unpack(task="binary"):
        with zipfile.ZipFile(project(task).wheel) as wheel:
            wheel.extractall(tmp_path)
        return next(tmp_path.glob("*/bundle"))

    return unpack


@pytest.mark.parametrize("task", TASKS)
def test_bundle_predicts_raw_rows_as_the_pipeline_does(project, unpacked, task):
    folder = project(task).folder
    features = [pd.read_parquet(folder / f"data/features/{part}.parquet") for part in PARTS]
    model = load_model(folder / "models/estimator")
    expected = model.predict(pd.concat(features).drop(columns=TARGET))
    # The first row was delivered twice, and the last one is quarantined.
    predicted = load_bundle(unpacked(task)).predict(project(task).deliveries()[1:])
    assert list(predicted) == [*OUTPUTS[task], "fault"]
    values = predicted[OUTPUTS[task][-len(np.atleast_2d(expected.T)) :]].iloc[:-1]
    assert np.array_equal(values.to_numpy().squeeze(), expected)
    assert (predicted["fault"].iloc[:-1] == "").all()


def test_best_class_is_the_prediction(project, unpacked):
    predicted = load_bundle(unpacked("multiclass")).predict(project("multiclass").deliveries())
    probabilities = predicted.filter(like="probability_").iloc[:-1]
    best = probabilities.idxmax(axis=1).str.removeprefix("probability_")
    assert predicted["prediction"].iloc[:-1].equals(best.rename("prediction"))


@pytest.mark.parametrize("task", TASKS)
def test_row_that_breaks_the_contract_gets_a_fault_and_no_prediction(project, unpacked, task):
    rows = project(task).deliveries().head(4)
    rows["weight"] = rows["weight"].where(rows.index != 1, "-5")
    rows["day"] = rows["day"].where(rows.index != 2)
    predicted = load_bundle(unpacked(task)).predict(rows.set_axis([7, 7, 8, 9]))
    assert predicted.index.tolist() == [7, 7, 8, 9]
    assert predicted["fault"].tolist() == [
        "",
        "weight must be at least 0, is -5",
        "day must not be missing",
        "",
    ]
    found = predicted[OUTPUTS[task]].notna().all(axis=1)
    assert found.tolist() == [True, False, False, True]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("n_rows", [0, 1, 2])
def test_rows_get_faults_when_all_break_the_contract(project, unpacked, task, n_rows):
    rows = project(task).deliveries().head(n_rows).assign(weight="heavy")
    predicted = load_bundle(unpacked(task)).predict(rows)
    assert list(predicted) == [*OUTPUTS[task], "fault"]
    assert predicted["fault"].tolist() == ["weight must be a valid number, is heavy"] * n_rows
    assert predicted[OUTPUTS[task]].isna().all(axis=None)


def test_row_gets_the_same_prediction_alone_as_among_others(project, unpacked):
    bundle, rows = load_bundle(unpacked()), project("binary").deliveries().head(9)
    alone = pd.concat([bundle.predict(rows.loc[[place]]) for place in rows.index])
    assert alone.equals(bundle.predict(rows))


def test_prediction_does_not_depend_on_the_types_of_the_rows(project, unpacked):
    bundle, rows = load_bundle(unpacked()), project("binary").deliveries().head(9)
    typed = rows.assign(
        weight=rows["weight"].astype("float64"),
        day=pd.to_datetime(rows["day"]),
        shop=rows["shop"].astype("category"),
        colour=rows["colour"].astype("object"),
    )
    assert bundle.predict(typed).equals(bundle.predict(rows))


def test_columns_known_only_later_change_nothing(project, unpacked):
    bundle, rows = load_bundle(unpacked()), project("binary").deliveries().head(9)
    turned = rows.assign(**{name: rows[name].to_numpy()[::-1] for name in ("price", "size")})
    expected = bundle.predict(rows)
    assert bundle.predict(turned).equals(expected)
    assert bundle.predict(rows.drop(columns=["price", "size", "sold"])).equals(expected)


def test_missing_column_is_told_with_the_nearest(project, unpacked):
    rows = project("binary").deliveries().rename(columns={"weight": "wieght"})
    with pytest.raises(DataError) as caught:
        load_bundle(unpacked()).predict(rows)
    assert str(caught.value) == "the rows have no column 'weight'; did you mean 'wieght'?"
    # What has a meaning of its own is no other column misspelt.
    with pytest.raises(DataError, match=r"^the rows have no column 'shop'$"):
        load_bundle(unpacked()).predict(rows.drop(columns="shop"))


@pytest.mark.parametrize(
    "name", ["schema.yaml", "transform.skops", "estimator/model.txt", "metrics.json"]
)
def test_file_is_named_when_a_byte_of_it_was_changed(unpacked, name):
    folder = unpacked()
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        load_bundle(folder)
    assert str(caught.value) == (
        f"{folder / name} was changed since the model was packaged; install it anew"
    )


def test_file_is_named_when_it_is_missing(unpacked):
    folder = unpacked()
    (folder / "transform.skops").unlink()
    with pytest.raises(ModelError, match=r"transform\.skops is missing since the model was"):
        load_bundle(folder)


def test_file_is_named_when_it_was_added(unpacked):
    folder = unpacked()
    shutil.copy(folder / "transform.skops", folder / "estimator" / "model.skops")
    with pytest.raises(ModelError, match=r"model\.skops was added since the model was packaged"):
        load_bundle(folder)


def test_folder_is_named_when_it_holds_no_model(tmp_path):
    with pytest.raises(ModelError) as caught:
        load_bundle(tmp_path)
    assert str(caught.value) == f"{tmp_path}: holds no packaged model; install the wheel from dist/"


def test_bundle_has_the_version_of_its_wheel(project, unpacked):
    folder = unpacked()
    version = load_bundle(folder).version
    assert version == json.loads((folder / "manifest.json").read_text())["version"]
    assert f"-{version}-py3" in project("binary").wheel.name
