"""Tables become CSV text that holds each value, and quotes only where it must."""

import datetime as dt
import decimal

import pyarrow as pa

from {{ cookiecutter.__package_name }}.serving.batch.csv_text import encode_csv, encode_header

BERLIN = dt.timezone(dt.timedelta(hours=1))


def test_texts_are_quoted_where_needed_and_missing_ones_are_empty():
    table = pa.table({"a": ["x", "a,b", 'say "é"', "two\nlines", "\r", None], "b": [*"123456"]})
    assert encode_csv(table).decode() == (
        'x,1\n"a,b",2\n"say ""é""",3\n"two\nlines",4\n"\r",5\n,6\n'
    )


def test_each_type_is_written_as_text():
    columns = [
        pa.array([True]),
        pa.array([2**63 - 1]),
        pa.array([0.1]),
        pa.array([float("nan")]),
        pa.array([1.5], pa.float32()),
        pa.array([dt.datetime(2020, 1, 2, 3, 4, 5)], pa.timestamp("s")),
        pa.array([dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=BERLIN)], pa.timestamp("s", "+01:00")),
        pa.array([dt.date(2020, 1, 2)]),
        pa.array([decimal.Decimal("1.50")]),
        pa.array(["x"]).dictionary_encode(),
        pa.array([[1, None]]),
        pa.array([b"\xff"]),
        pa.nulls(1),
    ]
    names = [str(place) for place in range(len(columns))]
    assert encode_csv(pa.table(columns, names)).decode() == (
        "true,9223372036854775807,0.1,,1.5,2020-01-02 03:04:05,2020-01-02 02:04:05Z,2020-01-02,"
        '1.50,x,"[1, null]",ff,\n'
    )


def test_numbers_are_read_back_to_the_last_digit():
    numbers = [0.1 + 0.2, 1e-300, 123456789.123456789, 5e-324, 1 / 3]
    text = encode_csv(pa.table({"a": numbers}))
    assert [float(line) for line in text.split()] == numbers


def test_part_of_a_table_is_written_alone():
    table = pa.table({"a": ["x,", "y", "z"], "b": [1, 2, 3]})
    parts = [table.slice(start, 1) for start in range(3)]
    assert b"".join(map(encode_csv, parts)) == encode_csv(table) == b'"x,",1\ny,2\nz,3\n'
    assert encode_csv(table.slice(0, 0)) == b""


def test_header_is_quoted_like_a_row():
    assert encode_header(["a", "b,c", "a"]) == b'a,"b,c",a\n'
