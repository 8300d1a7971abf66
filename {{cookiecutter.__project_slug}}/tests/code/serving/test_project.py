"""The project's own model looks up what rows lack, as `prepare` does."""

import json
import shutil

import pandas as pd
import pytest
from small_project import add_features

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving.project.predict import predict_here


@pytest.fixture
def folder(project, tmp_path, monkeypatch):
    monkeypatch.setattr(transform, "add_features", add_features)
    return shutil.copytree(project("binary").folder, tmp_path / "project")


@pytest.fixture
def joined(project):
    return project("binary").deliveries().tail(6)


def predict(folder, table, tmp_path, separator=None, encoding=None):
    path = tmp_path / "rows.csv"
    table.to_csv(path, index=False, sep=separator or ",")
    predict_here(folder, path, tmp_path / "a.csv", separator, encoding)
    return pd.read_csv(tmp_path / "a.csv")


def test_rows_without_the_looked_up_columns_get_the_same_predictions(folder, joined, tmp_path):
    # Its shop is not in the table, which leaves the rain unknown.
    joined.iloc[0, joined.columns.get_loc("shop")] = "c"
    joined.iloc[0, joined.columns.get_loc("rain")] = None
    expected = predict(folder, joined, tmp_path)
    found = predict(folder, joined.drop(columns="rain"), tmp_path)
    pd.testing.assert_frame_equal(found, expected.drop(columns="rain"))
    assert expected["probability"].notna().tolist() == [True] * 5 + [False]
    details = json.loads((folder / "reports" / "details.json").read_text(encoding="utf-8"))
    decided = expected["probability"].head(5) >= details["decision"]["threshold"]
    assert found["prediction"].tolist()[:5] == decided.tolist()


def test_rows_are_read_as_the_deliveries_unless_told_otherwise(folder, joined, tmp_path):
    params = json.loads((folder / "params.yaml").read_text(encoding="utf-8"))
    params["prepare"]["sources"]["orders"]["separator"] = "|"
    (folder / "params.yaml").write_text(json.dumps(params), encoding="utf-8")
    with pytest.raises(DataError, match="has one column only, 'day,shop,"):
        predict(folder, joined, tmp_path)
    assert len(predict(folder, joined, tmp_path, ";", "latin-1")) == 6
    joined.to_csv(tmp_path / "rows.csv", index=False, sep="|")
    predict_here(folder, tmp_path / "rows.csv", tmp_path / "a.csv", None, None)


def test_key_of_a_look_up_must_be_there(folder, joined, tmp_path):
    with pytest.raises(DataError, match="no column 'shop', by which weather is looked up"):
        predict(folder, joined.drop(columns=["shop", "rain"]), tmp_path)


def test_model_that_is_not_judged_yet_decides_nothing(folder, joined, tmp_path, capsys):
    (folder / "reports" / "details.json").unlink()
    assert "prediction" not in predict(folder, joined, tmp_path)
    assert "no decisions yet: `dvc repro` chooses their threshold" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["data/raw/weather/all.csv", "models/estimator/model.txt"])
def test_run_starts_anew_with_another_look_up_or_model(folder, joined, tmp_path, capsys, name):
    rows = joined.drop(columns="rain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transform, "add_features", interrupt)
        with pytest.raises(KeyboardInterrupt):
            predict(folder, rows, tmp_path)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    predict(folder, rows, tmp_path)
    assert capsys.readouterr().err == "starting anew, as an interrupted run had other model\n"


def interrupt(rows):
    raise KeyboardInterrupt
