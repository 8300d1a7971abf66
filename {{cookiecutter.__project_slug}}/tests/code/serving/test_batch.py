"""A file of rows becomes a file of rows with predictions, whole or not at all."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_project import add_features

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.common.settings import Source
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.bundle import assemble_bundle
from {{ cookiecutter.__package_name }}.serving.batch import command
from {{ cookiecutter.__package_name }}.serving.batch.predict import CELLS, predict_file
from {{ cookiecutter.__package_name }}.serving.batch.predictor import Completion, Model
from {{ cookiecutter.__package_name }}.serving.batch.unfinished import Unfinished

ANY = Source(files="*")
# Of a row, so that a chunk has so many rows.
WIDTH = 8
# So that some of the rows are decided either way.
THRESHOLD = 0.5
# Parquet has a row group for each chunk.
READ = {".csv": Path.read_bytes, ".parquet": pq.read_table}
# Predicts on and on in a process of its own, which can be killed.
RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small_project import add_features
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.bundle import assemble_bundle
from {{ cookiecutter.__package_name }}.serving.batch.predict import predict_file
from {{ cookiecutter.__package_name }}.serving.batch.predictor import Model
from {{ cookiecutter.__package_name }}.common.settings import Source
transform.add_features = add_features
models = Path(sys.argv[2]) / "models"
parts = (models.parent / "schema.yaml", models / "transform.skops", models / "estimator")
model = Model(assemble_bundle(*parts, "2.5"), "2.5", 0.5)
predict_file(model, Path(sys.argv[3]), Path(sys.argv[4]), Source(files="*"), int(sys.argv[5]))
"""


@pytest.fixture(autouse=True)
def _features_of_the_small_project(monkeypatch):
    monkeypatch.setattr(transform, "add_features", add_features)


@pytest.fixture
def model(project):
    folder = project("binary").folder
    models = folder / "models"
    parts = (folder / "schema.yaml", models / "transform.skops", models / "estimator")
    return Model(assemble_bundle(*parts, "2.5"), "2.5", THRESHOLD)


@pytest.fixture
def rows(project, tmp_path):
    path = tmp_path / "rows.csv"
    project("binary").deliveries().tail(12).to_csv(path, index=False)
    return path


def predict(model, rows, output, cells=CELLS):
    return predict_file(model, rows, output, ANY, cells)


def interrupt(model, chunks):
    """Make a model that is interrupted, as by Ctrl-C, after so many chunks."""

    def prepare(names):
        left = [chunks + 1]

        def add(rows):
            left[0] -= len(rows) > 0
            if not left[0]:
                raise KeyboardInterrupt
            return rows

        return Completion(add, "")

    return model._replace(prepare=prepare)


def start_and_interrupt(model, rows, output):
    with pytest.raises(KeyboardInterrupt):
        predict(interrupt(model, 3), rows, output, 3 * WIDTH)
    assert not output.exists()


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_file_is_written_with_predictions_beside_its_own_columns(model, rows, tmp_path):
    output = tmp_path / "new" / "predicted.csv"
    said = predict(model, rows, output)
    assert said == f"12 rows predicted, 1 of them faulty, by 2.5 → {output}"
    written, read = pd.read_csv(output), pd.read_csv(rows)
    assert list(written) == [*read, "prediction", "probability", "fault"]
    assert written[[*read]].equals(read)
    assert written["probability"].notna().tolist() == [True] * 11 + [False]
    assert written["fault"].tolist()[-1] == "weight must be at least 0, is -1.0"
    assert names_in(output.parent) == ["predicted.csv"]


def test_predictions_are_those_of_the_whole_table(model, rows, tmp_path):
    predict(model, rows, tmp_path / "a.parquet", cells=5 * WIDTH)
    expected = model.bundle.predict(pd.read_csv(rows, dtype=str))
    found = pd.read_parquet(tmp_path / "a.parquet")[[*expected]]
    assert found["probability"].equals(expected["probability"])
    assert found["fault"].tolist() == expected["fault"].tolist()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_decisions_are_those_of_the_threshold(model, rows, tmp_path, suffix):
    start_and_interrupt(model, rows, tmp_path / f"a{suffix}")
    predict(model, rows, tmp_path / f"a{suffix}", 3 * WIDTH)
    found = {".csv": pd.read_csv, ".parquet": pd.read_parquet}[suffix](tmp_path / f"a{suffix}")
    *sound, faulty = found["prediction"].tolist()
    assert sound == (found["probability"] >= THRESHOLD).tolist()[:-1]
    assert {*sound} == {True, False}
    assert pd.isna(faulty)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_output_does_not_depend_on_the_chunks(model, rows, tmp_path, suffix):
    # A column of whole numbers turns into text in a later chunk.
    table = pd.read_csv(rows, dtype=str).assign(extra=["7"] * 9 + ["x, y"] * 3)
    table.to_csv(rows, index=False)
    outputs = [tmp_path / f"{n_rows}{suffix}" for n_rows in (1, 7, 100)]
    for output in outputs:
        predict(model, rows, output, int(output.stem) * (WIDTH + 1))
    first, *others = map(READ[suffix], outputs)
    assert all(first == other for other in others)


FORMATS = {
    "a.tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    "a.csv.gz": lambda table, path: table.to_csv(path, index=False),
    "a.jsonl": lambda table, path: table.to_json(path, orient="records", lines=True),
    "a.json": lambda table, path: table.to_json(path, orient="records"),
    "a.parquet": lambda table, path: table.to_parquet(path),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gets_the_same_predictions(model, rows, tmp_path, name):
    FORMATS[name](pd.read_csv(rows), tmp_path / name)
    predict(model, rows, tmp_path / "csv.csv")
    predict(model, tmp_path / name, tmp_path / "other.csv", cells=7 * WIDTH)
    expected, found = (pd.read_csv(tmp_path / f"{each}.csv") for each in ("csv", "other"))
    pd.testing.assert_frame_equal(found, expected)


def test_own_columns_are_kept_when_they_have_the_names_of_a_prediction(model, rows, tmp_path):
    own = {"probability": "mine", "probability_predicted": "too"}
    pd.read_csv(rows).assign(**own).to_csv(rows, index=False)
    predict(model, rows, tmp_path / "a.csv")
    written = pd.read_csv(tmp_path / "a.csv")
    assert (written[[*own]] == [*own.values()]).all(axis=None)
    assert written["probability_predicted_predicted"].notna().sum() == 11


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_interrupted_run_goes_on_where_it_stopped(model, rows, tmp_path, suffix, capsys):
    predict(model, rows, tmp_path / f"whole{suffix}", 3 * WIDTH)
    output = tmp_path / f"a{suffix}"
    start_and_interrupt(model, rows, output)
    # A crash while a chunk is written leaves a part of it.
    with (tmp_path / f".{output.name}.unfinished" / "rows").open("ab") as file:
        file.write(b"2020-01-0")
    # There is one more chunk than were done.
    said = predict(interrupt(model, 1), rows, output, 3 * WIDTH)
    assert said.startswith("12 rows predicted, 1 of them faulty")
    assert capsys.readouterr().err == "going on after the 9 rows of an interrupted run\n"
    assert output.read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()
    assert names_in(tmp_path) == sorted(["rows.csv", output.name, f"whole{suffix}"])


def test_killed_run_goes_on_where_it_stopped(project, model, rows, tmp_path):
    # As text: a float may come back from a file by another digit.
    table = pd.concat([pd.read_csv(rows, dtype=str)] * 10, ignore_index=True)
    table.to_csv(rows, index=False)
    output, cells = tmp_path / "a.csv", 7 * WIDTH
    journal = tmp_path / ".a.csv.unfinished" / "journal.json"
    paths = [Path(__file__).parents[1], project("binary").folder, rows, output]
    arguments = [*map(str, paths), str(cells)]
    with subprocess.Popen([sys.executable, "-c", RUN, *arguments]) as running:
        while not (journal.exists() and json.loads(journal.read_text())["rows"] >= 14):
            assert running.poll() is None
            time.sleep(0.01)
        running.kill()
    assert not output.exists()
    predict(model, rows, output, cells)
    predict(model, rows, tmp_path / "whole.csv")
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize("what", ["input", "model", "options"])
def test_run_starts_anew_when_the_interrupted_one_was_another(model, rows, tmp_path, capsys, what):
    output, cells = tmp_path / "a.csv", 3 * WIDTH
    start_and_interrupt(model, rows, output)
    if what == "input":
        rows.write_text(rows.read_text().replace("2020-", "2021-"))
    if what == "model":
        model = model._replace(identity="2.6")
    if what == "options":
        cells = 8 * WIDTH
    predict(model, rows, output, cells)
    said = f"starting anew, as an interrupted run had other {what}\n"
    assert capsys.readouterr().err == said
    predict(model, rows, tmp_path / "whole.csv")
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_second_run_is_refused_while_the_first_writes(model, rows, tmp_path):
    output = tmp_path / "a.csv"
    with Unfinished(output, {}, pa.schema([])), pytest.raises(DataError) as caught:
        predict(model, rows, output)
    assert str(caught.value) == f"{output}: is being written by another run; wait for it"


def test_header_alone_gives_a_header(model, rows, tmp_path):
    header = rows.read_text().splitlines()[0]
    rows.write_text(f"{header}\n")
    said = predict(model, rows, tmp_path / "a.csv")
    assert said.startswith("0 rows predicted, 0 of them faulty")
    assert (tmp_path / "a.csv").read_text() == f"{header},prediction,probability,fault\n"
    predict(model, rows, tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 0


def use_separator(rows):
    rows.write_text(rows.read_text().replace(",", ";"))


def break_a_late_row(rows):
    rows.write_text(rows.read_text() + "1,2,3,4,5,6,7,8,9,10\n")


def drop_columns(rows):
    pd.read_csv(rows).drop(columns=["weight", "rain"]).to_csv(rows, index=False)


def replace_by_a_folder(rows):
    rows.unlink()
    rows.mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (use_separator, "has one column only, 'day;shop;"),
        (break_a_late_row, "can't be read as .csv (Error tokenizing data. C error: Expected 8"),
        (drop_columns, "has no columns weight, rain; the model needs each column of"),
        (lambda rows: rows.write_text(""), "can't be read as .csv (No columns to parse"),
        (lambda rows: rows.unlink(), "can't be read as .csv ([Errno 2] No such file"),
        (replace_by_a_folder, "is a folder; name one file of rows"),
    ],
)
def test_faulty_input_leaves_an_earlier_output_alone(model, rows, tmp_path, spoil, message):
    output = tmp_path / "a.csv"
    output.write_text("earlier")
    spoil(rows)
    with pytest.raises(DataError) as caught:
        predict(model, rows, output, 7 * WIDTH)
    assert str(caught.value).startswith(f"{rows}: {message}")
    assert output.read_text() == "earlier"
    assert [name for name in names_in(tmp_path) if name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.xlsx", "unknown format; name a .csv or .parquet file"),
        ("folder.csv", "is a folder; name a .csv or .parquet file"),
        ("rows.csv", "is the input as well; name another file"),
        ("rows.csv/a.csv", "can't be written ("),
    ],
)
def test_output_that_can_not_be_is_refused(model, rows, tmp_path, name, message):
    (tmp_path / "folder.csv").mkdir()
    before = rows.read_bytes()
    with pytest.raises(DataError) as caught:
        predict(model, rows, tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: {message}")
    assert rows.read_bytes() == before
    assert names_in(tmp_path) == ["folder.csv", "rows.csv"]


def test_command_reads_with_the_separator_and_encoding_that_are_named(
    bundles, rows, tmp_path, monkeypatch
):
    text = rows.read_text(encoding="utf-8").replace(",", ";")
    rows.write_text(text.replace("day", "täg;day", 1).replace("\n2", "\n;2"), encoding="latin-1")
    output = tmp_path / "a.csv"
    monkeypatch.setattr(command, "BUNDLE", bundles("binary"))
    named = ["--separator", ";", "--encoding", "latin-1"]
    assert command.main([str(rows), "-o", str(output), *named]).startswith("12 rows predicted, 1")
    assert {"täg", "prediction"} <= {*pd.read_csv(output)}
    with pytest.raises(DataError, match="--separator and --encoding of predict"):
        command.main([str(rows), "-o", str(output)])
    with pytest.raises(DataError, match="--separator is ';;'; must be one character"):
        command.main([str(rows), "-o", str(output), "--separator", ";;"])
