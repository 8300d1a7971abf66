"""A file is read part by part as it is read whole, whatever its format."""

import gzip
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.__package_name }}.common.errors import DataError
from {{ cookiecutter.__package_name }}.common.settings import Source
from {{ cookiecutter.__package_name }}.data.tables import read_table
from {{ cookiecutter.__package_name }}.serving.batch.chunks import open_chunks

ANY = Source(files="*")
# Whole numbers turn into text, gaps come and go, and the last key comes late.
RECORDS = [
    {"code": 1, "size": 1.5, "note": 'a, "b"\nc'},
    {"code": 2**60 + 1, "size": None, "note": ""},
    {"code": None, "size": 3, "note": "é"},
    {"code": "007", "size": 1e-7, "note": None, "late": [True]},
]
TEXTS = [
    ["1", "1.5", 'a, "b"\nc', None],
    ["1152921504606846977", None, "", None],
    [None, "3", "é", None],
    ["007", "1e-07", None, "[true]"],
]
CSV = (
    'code,size,note,late\n1,1.5,"a, ""b""\nc"\n1152921504606846977,,\n\n,3,é,\n007,1e-07,,[true]\n'
)
CSV_TEXTS = [TEXTS[0], [*TEXTS[1][:2], None, None], *TEXTS[2:]]


def write(path, content):
    data = content.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read(path, cells, source=ANY):
    with open_chunks(path, source, cells) as chunks:
        parts = [*chunks.parts]
        assert all(part.own.schema == chunks.schema for part in parts)
        assert 0 <= chunks.share() <= 1
        return parts, pa.concat_tables([part.own for part in parts])


def rows_of(table):
    return [[*row.values()] for row in table.to_pylist()]


@pytest.mark.parametrize("cells", [1, 8, 1000])
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", CSV, CSV_TEXTS),
        ("a.CSV.gz", CSV, CSV_TEXTS),
        ("a.tsv", CSV.replace(", ", "/ ").replace(",", "\t").replace("/ ", ", "), CSV_TEXTS),
        ("a.jsonl", "\n\n".join(map(json.dumps, RECORDS)), TEXTS),
        ("a.ndjson.gz", "\n".join(map(json.dumps, RECORDS)), TEXTS),
        # pandas reads this one whole.
        ("a.json", json.dumps(RECORDS), [*TEXTS[:2], [None, "3.0", "é", None], TEXTS[3]]),
    ],
)
def test_texts_do_not_depend_on_the_parts(tmp_path, name, content, expected, cells):
    parts, table = read(write(tmp_path / name, content), cells)
    assert {len(part.rows) for part in parts[:-1]} <= {max(cells // 4, 1)}
    assert rows_of(table) == expected


@pytest.mark.parametrize("cells", [1, 8, 1000])
def test_parquet_keeps_its_types_and_whole_numbers_beside_a_gap(tmp_path, cells):
    columns = {
        "code": pa.array([1, 2**60 + 1, None]),
        "day": pa.array([0, None, 1], pa.timestamp("ms", "UTC")),
        "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
        "many": pa.array([[1], [], None]),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    parts, table = read(tmp_path / "a.parquet", cells)
    assert table.combine_chunks().unify_dictionaries().equals(pa.table(columns))
    codes = [code for part in parts for code in part.rows["code"]]
    assert codes[1] == 2**60 + 1
    assert pd.isna(codes[2])


def test_index_that_pandas_wrote_into_parquet_is_a_column(tmp_path):
    pd.DataFrame({"x": [1]}, index=pd.Index([7], name="id")).to_parquet(tmp_path / "a.parquet")
    parts, _ = read(tmp_path / "a.parquet", 100)
    assert parts[0].rows.to_dict("list") == {"x": [1], "id": [7]}


def test_csv_is_read_as_in_the_pipeline(tmp_path):
    source = Source(files="*", separator=";", encoding="latin-1")
    (tmp_path / "a.csv").write_text('ä;b\n1\n  \n"2";\n NA ;3\n', encoding="latin-1")
    parts, _ = read(tmp_path / "a.csv", 1, source)
    rows = pd.concat([part.rows for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(rows, read_table(tmp_path / "a.csv", source))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "No columns to parse from file"),
        ("a.csv", "a,b\n1,2\n3,4\n5,6,7\n", "Expected 2 fields in line 4, saw 3"),
        ("a.csv", "a,b\n1,2,3\n", "Length of header or names does not match"),
        ("a.csv", 'a,b\n1,"2\n', "EOF inside string"),
        ("a.jsonl", '{"a": 1}\n\n{"a": \n', "line 3: Expecting value"),
        ("a.jsonl", '{"a": 1}\n[1]\n', "line 2 is no object"),
        ("a.jsonl", "\n", "it holds no row"),
        ("a.parquet", "PAR1", "can't be read as .parquet"),
        ("a.xlsx", "", "known formats: .csv,"),
    ],
)
def test_unreadable_file_is_named_with_the_reason(tmp_path, name, content, reason):
    path = write(tmp_path / name, content)
    with pytest.raises(DataError) as caught:
        read(path, 1)
    assert str(caught.value).startswith(f"{path}: can't be read as {path.suffix} (")
    assert reason in str(caught.value)


def test_truncated_file_is_named(tmp_path):
    path = write(tmp_path / "a.csv.gz", CSV * 1000)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match=r"a\.csv\.gz: can't be read as"):
        read(path, 1000)


def test_csv_with_a_repeated_name_is_refused(tmp_path):
    path = write(tmp_path / "a.csv.gz", "a,b,a\n1,2,3\n")
    with pytest.raises(DataError, match="several columns of the same name: a"):
        read(path, 1)


def test_parquet_with_a_repeated_name_is_refused(tmp_path):
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match="several columns of the same name: a"):
        read(tmp_path / "a.parquet", 1)
