"""Deliveries are read as they came, whatever their format, and joined by what their keys mean."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.errors import DataError, SettingsError
from {{ cookiecutter.__package_name }}.common.settings import Source
from {{ cookiecutter.__package_name }}.data.sources import (
    FILE,
    REST,
    ROW,
    join_sources,
    read_sources,
)
from {{ cookiecutter.__package_name }}.data.tables import read_table
from {{ cookiecutter.__package_name }}.schema import Schema

ANY = Source(files="*")

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "client": {"type": "category"},
            "day": {"type": "datetime"},
            "amount": {"type": "number"},
            "region": {"type": "category", "source": "clients.area"},
            "rain": {"type": "number", "source": "weather.rain"},
            "churned": {"type": "category", "role": "target"},
        }
    }
)
SOURCES = {
    "orders": Source(files="orders/*"),
    "clients": Source(files="clients/*", join=["client"]),
    "weather": Source(files="weather/*", join=["day"]),
}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for table in SOURCES:
        (tmp_path / table).mkdir()
    (tmp_path / "orders" / "1.csv").write_text(
        "client,day,amount,churned\n7,2020-01-01,1.50,no\n8,2020-01-02,,yes\n,,3,no\n"
    )
    (tmp_path / "clients" / "all.csv").write_text("client,area\n7,north\n8,south\n,nowhere\n")
    weather = pd.DataFrame(
        {"day": pd.to_datetime(["2020-01-01", "2020-01-02", None]), "rain": [0.5, 1.5, 9.0]}
    )
    weather.to_parquet(tmp_path / "weather" / "all.parquet")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"x,y\n1,\xc3\xa4\n2,\n"),
        ("bom.csv", b"\xef\xbb\xbfx,y\r\n1,\xc3\xa4\r\n2,\r\n"),
        ("a.tsv", b"x\ty\n1\t\xc3\xa4\n2\t\n"),
        ("a.b.csv.gz", gzip.compress(b"x,y\n1,\xc3\xa4\n2,\n")),
        ("a.jsonl", b'{"x": "1", "y": "\xc3\xa4"}\n{"x": "2"}\n'),
        ("a.ndjson", b'{"x": "1", "y": "\xc3\xa4"}\n{"x": "2", "y": null}\n'),
        ("a.json", b'[{"x": "1", "y": "\xc3\xa4"}, {"x": "2"}]'),
        ("a.jsonl.gz", gzip.compress(b'{"x": "1", "y": "\xc3\xa4"}\n{"x": "2"}\n')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_table_is_the_same_in_each_text_format(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    table = read_table(tmp_path / name, ANY, ["y", "x"])
    assert sorted(table) == ["x", "y"]
    assert table["x"].tolist() == ["1", "2"]
    assert table["y"][0] == "ä"
    assert table["y"].isna().tolist() == [False, True]


def test_table_keeps_its_types_when_it_is_parquet(tmp_path):
    table = pd.DataFrame({"x": [1, 2], "day": pd.to_datetime(["2020-01-01", None])})
    table.to_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / "a.parquet", ANY), table)


def test_table_keeps_text_as_it_came_when_it_is_csv(tmp_path):
    (tmp_path / "a.csv").write_text("zip,day\n01234,2020-01-01\n")
    assert read_table(tmp_path / "a.csv", ANY).loc[0].tolist() == ["01234", "2020-01-01"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("A.CSV", b'x,y\nNA,1\nnull,\nn/a,""\n'),
        ("A.JSONL", b'{"x": "NA", "y": "1"}\n{"x": "null"}\n{"x": "n/a"}\n'),
    ],
)
def test_words_for_missing_are_read_as_they_came_in_each_format(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    table = read_table(tmp_path / name, ANY)
    assert table["x"].tolist() == ["NA", "null", "n/a"]
    assert table["y"].isna().tolist() == [False, True, True]


def test_number_keeps_its_last_digit_when_it_is_json(tmp_path):
    numbers = [0.1 + 0.2, 40.639751, 1.0000000000000002, 123456.7890123]
    (tmp_path / "a.json").write_text(json.dumps([{"x": number} for number in numbers]))
    assert read_table(tmp_path / "a.json", ANY)["x"].tolist() == numbers


def test_table_is_read_with_the_separator_and_encoding_of_its_source(tmp_path):
    (tmp_path / "a.csv").write_bytes("x;y\n1,5;Köln\n".encode("latin-1"))
    source = Source(files="*", separator=";", encoding="latin-1")
    assert read_table(tmp_path / "a.csv", source).loc[0].tolist() == ["1,5", "Köln"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "No columns to parse from file"),
        ("latin.csv", b"x\n\xe4\n", "'utf-8' codec can't decode byte 0xe4"),
        ("long.csv", b"x,y\n1,2\n1,2,3\n", "Expected 2 fields in line 3, saw 3"),
        ("first.csv", b"x,y\n1,2,3\n1,2\n", "loss of data"),
        ("twice.csv", b'\xef\xbb\xbfx,y,"x",,\n1,2,3,,\n', "several columns of the same name: x"),
        ("quote.csv", b'x,y\n"1,2\n3,4\n', "EOF inside string"),
        ("cut.csv.gz", gzip.compress(b"x,y\n1,2\n" * 99)[:-9], "end-of-stream marker"),
        ("bad.csv.gz", gzip.compress(b"")[:10] + b"\xff" * 9, "while decompressing"),
        ("no.csv.gz", b"x,y\n1,2\n", "Not a gzipped file"),
        ("bad.parquet", b"PAR1 is not enough", "Parquet"),
        ("cut.jsonl", b'{"x": 1}\n{"x"', "':'"),
        ("value.json", b"3", "DataFrame"),
        ("sheet.xlsx", b"", r"known formats: \.csv, \.tsv, \.parquet"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_is_named_with_the_reason_when_it_is_damaged(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        read_table(tmp_path / name, ANY)
    assert str(caught.value).startswith(f"{tmp_path / name}: can't be read as ")
    assert str(caught.value).endswith(
        "mend or remove the file, or set its `separator` and `encoding`: in params.yaml, or as "
        "--separator and --encoding of predict"
    )
    assert len(str(caught.value).splitlines()) == 1


def test_file_is_named_when_its_encoding_is_unknown(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    with pytest.raises(DataError, match="unknown encoding: utf-9"):
        read_table(tmp_path / "a.csv", Source(files="*", encoding="utf-9"))


def test_missing_column_is_told_with_the_nearest(tmp_path):
    (tmp_path / "a.csv").write_text("client,amuont\n1,2\n")
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "a.csv", ANY, ["client", "amount"])
    assert str(caught.value) == (
        f"{tmp_path / 'a.csv'}: has no column 'amount'; deliver it or change schema.yaml; "
        "did you mean 'amuont'?"
    )


def test_name_may_be_repeated_where_it_is_not_needed(raw):
    orders = raw / "orders" / "1.csv"
    orders.write_text("client,note,day,amount,note,churned\n7,a,2020-01-01,1.5,b,no\n")
    assert read_sources(raw, SOURCES, SCHEMA)["region"].tolist() == ["north"]


def test_sources_are_joined_by_what_their_keys_mean(raw):
    rows = read_sources(raw, SOURCES, SCHEMA)
    assert list(rows) == [*SCHEMA.columns, FILE, ROW, REST]
    assert rows["client"].tolist()[:2] == ["7", "8"]
    assert rows["region"].tolist()[:2] == ["north", "south"]
    assert rows["rain"].tolist()[:2] == [0.5, 1.5]
    assert rows[FILE].unique().tolist() == ["orders/1.csv"]
    assert rows[ROW].tolist() == [1, 2, 3]


def test_missing_key_is_named_with_what_is_looked_up_by_it(raw):
    rows = pd.DataFrame({"day": ["2020-01-01"]})
    message = "no column 'client', by which clients is looked up; deliver it, or .*: region"
    with pytest.raises(DataError, match=message):
        join_sources(rows, raw, SOURCES, SCHEMA)


def test_missing_keys_never_match(raw):
    last = read_sources(raw, SOURCES, SCHEMA).loc[2]
    assert last[["client", "day", "region", "rain"]].isna().all()


def test_key_that_is_not_in_the_table_gives_missing_values(raw):
    (raw / "clients" / "all.csv").write_text("client,area\n8,south\n")
    assert read_sources(raw, SOURCES, SCHEMA)["region"].isna().tolist() == [True, False, True]


def test_key_of_text_matches_numbers(raw):
    table = pd.DataFrame({"client": [7, 8, None], "area": ["north", "south", "nowhere"]})
    table.to_parquet(raw / "clients" / "all.parquet")
    (raw / "clients" / "all.csv").unlink()
    assert read_sources(raw, SOURCES, SCHEMA)["region"].tolist()[:2] == ["north", "south"]


def test_key_of_a_moment_matches_the_same_moment_in_another_zone(raw):
    day = pd.to_datetime(["2020-01-01T01:00:00+01:00", "2020-01-02T00:00:00+00:00"], utc=True)
    table = pd.DataFrame({"day": day.tz_convert("Europe/Paris"), "rain": [0.5, 1.5]})
    table.to_parquet(raw / "weather" / "all.parquet")
    assert read_sources(raw, SOURCES, SCHEMA)["rain"].tolist()[:2] == [0.5, 1.5]


def test_row_that_is_repeated_as_it_is_does_not_multiply_rows(raw):
    (raw / "clients" / "again.csv").write_text("client,area\n7,north\n")
    assert len(read_sources(raw, SOURCES, SCHEMA)) == 3


def test_row_that_is_repeated_with_the_same_meaning_does_not_multiply_rows(raw):
    (raw / "weather" / "again.csv").write_text("day,rain\n2020-01-01T00:00:00Z,0.50\n")
    assert len(read_sources(raw, SOURCES, SCHEMA)) == 3


def test_look_up_may_hold_values_that_have_no_hash(raw):
    clients = [{"client": 7, "area": ["north"]}, {"client": 8, "area": None}]
    (raw / "clients" / "all.csv").unlink()
    (raw / "clients" / "all.json").write_text(json.dumps(clients))
    assert read_sources(raw, SOURCES, SCHEMA)["region"].tolist()[0] == ["north"]


def test_integer_keys_that_float_can_not_tell_apart_never_match(raw):
    (raw / "orders" / "1.csv").write_text(
        f"client,day,amount,churned\n{2**53 + 1},2020-01-01,1,no\n"
    )
    (raw / "clients" / "all.csv").write_text(f"client,area\n{2**53},north\n")
    columns = SCHEMA.model_dump()["columns"] | {"client": {"type": "integer"}}
    rows = read_sources(raw, SOURCES, Schema.model_validate({"columns": columns}))
    assert rows["region"].isna().all()


def test_rest_of_a_row_is_compared_whatever_its_format_and_order_of_columns(raw):
    head, values = "client,day,amount,churned", "7,2020-01-01,1,no"
    (raw / "orders" / "1.csv").write_text(
        f"{head},a,b\n{values},1,x\n{values},2,x\n{values},,\n{values},x,1\n"
    )
    (raw / "orders" / "2.csv").write_text(f"b,{head},c,a\nx,{values},,1\n")
    (raw / "orders" / "3.csv").write_text(f"{head}\n{values}\n")
    rest = read_sources(raw, SOURCES, SCHEMA)[REST].tolist()
    assert rest[0] == rest[4]
    assert rest[2] == rest[5]
    assert len({*rest}) == 4


def test_look_up_is_refused_when_its_key_repeats(raw):
    (raw / "clients" / "again.csv").write_text("client,area\n7,west\n")
    with pytest.raises(DataError) as caught:
        read_sources(raw, SOURCES, SCHEMA)
    assert str(caught.value) == (
        "clients: 1 rows repeat the join key (client), the first: client 7; a look-up must be "
        "unique: remove the repeats or join by more columns"
    )


def test_deliveries_of_several_formats_follow_each_other_by_name(raw):
    rows = [{"client": 9, "day": "2020-01-01", "amount": 4.5, "churned": "no"}]
    (raw / "orders" / "2.json").write_text(json.dumps(rows))
    read = read_sources(raw, SOURCES, SCHEMA)
    assert read[FILE].tolist() == ["orders/1.csv"] * 3 + ["orders/2.json"]
    assert read[ROW].tolist() == [1, 2, 3, 1]
    assert read["amount"].astype("float").tolist()[::3] == [1.5, 4.5]


def test_two_columns_may_have_the_same_source(raw):
    columns = {"as_number": {"type": "number", "source": "orders.amount"}}
    both = SCHEMA.model_dump()["columns"] | columns
    rows = read_sources(raw, SOURCES, Schema.model_validate({"columns": both}))
    assert rows["as_number"].equals(rows["amount"].rename("as_number"))


def test_files_of_dvc_and_git_are_no_deliveries(raw):
    (raw / "orders" / ".gitignore").write_text("/1.csv\n")
    (raw / "orders" / "1.csv.dvc").write_text("outs: []\n")
    assert len(read_sources(raw, SOURCES, SCHEMA)) == 3


def test_file_without_rows_gives_none(raw):
    (raw / "orders" / "1.csv").write_text("client,day,amount,churned\n")
    assert read_sources(raw, SOURCES, SCHEMA).shape == (0, len(SCHEMA.columns) + 3)


def test_pattern_is_named_when_no_file_fits(raw):
    (raw / "weather" / "all.parquet").unlink()
    with pytest.raises(DataError) as caught:
        read_sources(raw, SOURCES, SCHEMA)
    assert str(caught.value) == (
        f"{raw / 'weather' / '*'}: no such file; deliver one or mend params.yaml"
    )


@pytest.mark.parametrize("files", ["/srv/*", "../incoming/*", "orders/../../*"])
def test_pattern_is_refused_when_it_leaves_the_folder(raw, files):
    sources = SOURCES | {"orders": Source(files=files)}
    with pytest.raises(SettingsError, match="must be a pattern of paths below"):
        read_sources(raw, sources, SCHEMA)


def test_separator_is_advised_when_a_line_is_taken_for_one_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("client;amount\nc1;2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"one column only, 'client;amount'; set the `separator`"):
        read_table(path, ANY, ["client"])
