"""A file of rows becomes a file of rows with predictions, whole or not at all."""

import pandas as pd
import pytest
from small_project import add_features

from {{ cookiecutter.__package_name }}.errors import DataError
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.bundle import assemble_bundle
from {{ cookiecutter.__package_name }}.serving import batch


@pytest.fixture(autouse=True)
def _features_of_the_small_project(monkeypatch):
    monkeypatch.setattr(transform, "add_features", add_features)


@pytest.fixture
def bundle(project):
    folder = project("binary").folder
    models = folder / "models"
    return assemble_bundle(
        folder / "schema.yaml", models / "transform.skops", models / "estimator", "2.5"
    )


@pytest.fixture
def rows(project, tmp_path):
    path = tmp_path / "rows.csv"
    project("binary").deliveries().tail(3).to_csv(path, index=False)
    return path


def test_file_is_written_with_predictions_beside_its_own_columns(bundle, rows, tmp_path):
    output = tmp_path / "new" / "predicted.csv"
    said = batch.predict_file(bundle, rows, output)
    assert said == f"3 rows predicted, 1 of them faulty, by 2.5 → {output}"
    written, read = pd.read_csv(output), pd.read_csv(rows)
    assert list(written) == [*read, "probability", "fault"]
    assert written[[*read]].equals(read)
    assert written["probability"].notna().tolist() == [True, True, False]
    assert [path.name for path in output.parent.iterdir()] == ["predicted.csv"]


def test_csv_and_parquet_hold_the_same(bundle, rows, tmp_path):
    batch.predict_file(bundle, rows, tmp_path / "a.csv")
    batch.predict_file(bundle, rows, tmp_path / "a.parquet")
    parquet = pd.read_parquet(tmp_path / "a.parquet")
    assert (
        parquet["probability"].tolist()[:2]
        == pd.read_csv(tmp_path / "a.csv")["probability"].tolist()[:2]
    )


def test_own_column_is_kept_when_it_has_the_name_of_a_prediction(bundle, rows, tmp_path):
    pd.read_csv(rows).assign(probability="mine").to_csv(rows, index=False)
    batch.predict_file(bundle, rows, tmp_path / "a.csv")
    written = pd.read_csv(tmp_path / "a.csv")
    assert (written["probability"] == "mine").all()
    assert written["probability_predicted"].notna().sum() == 2


def test_output_of_unknown_format_is_refused(bundle, rows, tmp_path):
    with pytest.raises(DataError) as caught:
        batch.predict_file(bundle, rows, tmp_path / "a.xlsx")
    assert str(caught.value) == (
        f"{tmp_path / 'a.xlsx'}: unknown format; name a .csv or .parquet file"
    )


def test_nothing_is_written_when_the_rows_can_not_be_predicted(bundle, rows, tmp_path):
    pd.read_csv(rows).drop(columns="weight").to_csv(rows, index=False)
    with pytest.raises(DataError, match="no column 'weight'"):
        batch.predict_file(bundle, rows, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_rows_are_read_with_the_separator_and_encoding_that_are_named(
    bundle, rows, tmp_path, monkeypatch
):
    text = rows.read_text(encoding="utf-8").replace(",", ";")
    rows.write_text(text.replace("day", "täg;day", 1).replace("\n2", "\n;2"), encoding="latin-1")
    output = tmp_path / "a.csv"
    monkeypatch.setattr(batch, "load_bundle", lambda folder: bundle)
    named = ["--separator", ";", "--encoding", "latin-1"]
    assert batch.main([str(rows), "-o", str(output), *named]).startswith("3 rows predicted, 1 of")
    assert "täg" in pd.read_csv(output)
    with pytest.raises(DataError, match="--separator and --encoding of predict"):
        batch.main([str(rows), "-o", str(output)])
    with pytest.raises(DataError, match="--separator is ';;'; must be one character"):
        batch.main([str(rows), "-o", str(output), "--separator", ";;"])


def test_folder_is_refused_as_output(bundle, rows, tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(DataError) as caught:
        batch.predict_file(bundle, rows, tmp_path / "a.csv")
    assert str(caught.value) == f"{tmp_path / 'a.csv'}: is a folder; name a .csv or .parquet file"
    assert [*(tmp_path / "a.csv").iterdir()] == []
