"""A table comes back with its predictions, and with what is wrong with its rows."""

from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from http_service import run_service
from small_project import TASKS, add_features

from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.scorer import Scorer
from {{ cookiecutter.__package_name }}.serving.service.options import Options
from {{ cookiecutter.__package_name }}.serving.service.parquet_pages import count_unpacked
from {{ cookiecutter.__package_name }}.serving.service.parquet_table import TOO_LARGE

PARQUET = "application/vnd.apache.parquet"
OUTPUTS = {
    "binary": ["prediction", "probability"],
    "multiclass": [
        "prediction",
        *(f"probability_{name}" for name in ("large", "middle", "small")),
    ],
    "regression": ["prediction"],
}


@pytest.fixture(autouse=True)
def _own_features(monkeypatch):
    for user in (transform, features):
        monkeypatch.setattr(user, "add_features", add_features)


@pytest.fixture(scope="module")
def rows(project):
    """Deliveries as text, the last of which breaks the contract."""
    return project("binary").deliveries().tail(300).reset_index(drop=True)


def post(client, table: pd.DataFrame, kind: str, separator: str = ",") -> pd.DataFrame:
    file = BytesIO()
    if kind == PARQUET:
        table.to_parquet(file, index=False)
    else:
        table.to_csv(file, index=False, sep=separator)
    answer = client.post(file.getvalue(), kind)
    assert (answer.status, answer.kind.partition(";")[0]) == (200, kind)
    if kind == PARQUET:
        return pd.read_parquet(BytesIO(answer.body))
    return pd.read_csv(BytesIO(answer.body), sep=separator, keep_default_na=False, dtype="str")


@pytest.mark.parametrize("task", TASKS)
def test_csv_comes_back_with_predictions(bundles, rows, task):
    scored = Scorer.load(bundles(task)).score(rows.fillna("").to_dict("records"))
    with run_service(bundles(task)) as client:
        found = post(client, rows, "text/csv")
    assert [*found] == [*rows, *OUTPUTS[task], "fault"]
    assert found[[*rows]].equals(rows.fillna(""))
    assert found["fault"].tolist() == [*[""] * 299, "weight must be at least 0, is -1.0"]
    assert found.iloc[-1][OUTPUTS[task]].tolist() == [""] * len(OUTPUTS[task])
    numbers = found[OUTPUTS[task][-1]][:-1].astype("float64")
    expected = {
        "binary": lambda each: each.probability,
        "multiclass": lambda each: each.probabilities["small"],
        "regression": lambda each: each.prediction,
    }[task]
    assert numbers.tolist() == [expected(each) for each in scored[:-1]]


def test_parquet_keeps_its_types_and_gets_the_same_predictions(service, rows):
    typed = rows.assign(
        day=pd.to_datetime(rows["day"]),
        shop=rows["shop"].astype("category"),
        weight=rows["weight"].astype("float64"),
        rain=rows["rain"].astype("float32"),
    )
    found = post(service, typed, PARQUET)
    assert found[[*typed]].dtypes.equals(typed.dtypes)
    assert found[[*typed]].equals(typed)
    text = post(service, rows, "text/csv")
    assert found["fault"].tolist() == text["fault"].tolist()
    assert found["probability"][:-1].tolist() == text["probability"][:-1].astype("float64").tolist()
    assert found["prediction"].map({True: "true", False: "false"}).fillna("").tolist() == (
        text["prediction"].tolist()
    )


@pytest.mark.parametrize("kind", ["str", "category"])
def test_text_that_is_repeated_is_too_large_when_it_is_unpacked(service, rows, kind):
    long = pd.concat([rows] * 10, ignore_index=True)
    file = BytesIO()
    long.assign(colour=pd.Series(["x" * 100_000] * len(long), dtype=kind)).to_parquet(file)
    assert len(file.getvalue()) < 200_000
    answer = service.post(file.getvalue(), PARQUET)
    assert (answer.status, answer.json()["detail"][-25:]) == (413, "large when it is unpacked")


def rewrite_footer(file: bytes, old: int, new: int, keep: int = 0) -> bytes:
    """Put a number in the place of another in the footer, but for so many times at first."""
    size = int.from_bytes(file[-8:-4], "little")
    parts = file[-8 - size : -8].split(encode(old))
    assert len(parts) > keep + 1
    head, tail = encode(old).join(parts[: keep + 1]), encode(new).join(parts[keep + 1 :])
    footer = head + encode(new) + tail
    return file[: -8 - size] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def encode(number: int) -> bytes:
    """Write a number that is not negative as Thrift's compact protocol does."""
    digits = []
    number *= 2
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes([*digits, number])


def write_zeros(n_rows: int, **options) -> bytes:
    file = BytesIO()
    table = pa.table({str(i): np.zeros(n_rows) for i in range(8)})
    pq.write_table(table, file, use_dictionary=False, write_statistics=False, **options)
    return file.getvalue()


def test_pages_that_are_larger_than_the_footer_says_are_too_large(service):
    file = write_zeros(99_991, compression="gzip")
    size = pq.ParquetFile(BytesIO(file)).metadata.row_group(0).column(0).total_uncompressed_size
    lie = rewrite_footer(rewrite_footer(file, size, 100), 8 * size, 800)
    assert pq.ParquetFile(BytesIO(lie)).metadata.row_group(0).total_byte_size == 800
    answer = service.post(lie, PARQUET)
    assert (answer.status, answer.json()["detail"]) == (413, TOO_LARGE)


def test_rows_that_the_footer_makes_up_are_refused(service):
    file = write_zeros(9_999)
    for keep in (0, 9):
        answer = service.post(rewrite_footer(file, 9_999, 2**40, keep), PARQUET)
        assert answer.status == 413
        assert answer.json()["detail"].startswith("the request has 1,099,511,627,776 rows; must be")


def test_width_that_the_footer_makes_up_is_refused(service):
    file = BytesIO()
    pq.write_table(pa.table({"a": pa.array([b"x" * 777] * 300, pa.binary(777))}), file)
    answer = service.post(rewrite_footer(file.getvalue(), 777, 2**24), PARQUET)
    assert (answer.status, answer.json()["detail"]) == (413, TOO_LARGE)


@pytest.mark.parametrize("checksum", [True, False])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd"])
def test_every_page_is_counted(rows, compression, version, checksum):
    file, how = BytesIO(), {"compression": compression, "data_page_version": version}
    table = pa.Table.from_pandas(rows)
    pq.write_table(table, file, row_group_size=77, write_page_checksum=checksum, **how)
    metadata = pq.ParquetFile(file).metadata
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    said = sum(group.total_byte_size for group in groups)
    # The footer counts headers too, which are small.
    headers = 500 * metadata.num_row_groups * metadata.num_columns
    assert said - headers < count_unpacked(file.getvalue(), metadata) < said


def test_headers_of_pages_that_make_no_sense_are_refused(service):
    file = write_zeros(99)
    place = pq.ParquetFile(BytesIO(file)).metadata.row_group(0).column(0).data_page_offset
    for junk in (b"\xff" * 40, b"\x15\x01" * 20, b"\x1c" * 40, b"\x18\xff\xff\xff\x7f", b"\0"):
        answer = service.post(file[:place] + junk + file[place + len(junk) :], PARQUET)
        assert answer.status == 400
        assert answer.json()["detail"].startswith("the body is not Parquet: a page's header")


def test_table_without_rows_is_answered(service, rows):
    assert len(post(service, rows.head(0), PARQUET)) == 0


def test_lists_in_parquet_are_refused(service, rows):
    file = BytesIO()
    rows.assign(colour=[[1, 2]] * len(rows)).to_parquet(file)
    answer = service.post(file.getvalue(), PARQUET)
    assert answer.status == 400
    assert answer.json()["detail"] == "the column 'colour' holds lists or structures"


def test_own_column_keeps_its_name(service, rows):
    found = post(service, rows.assign(prediction="mine"), "text/csv")
    assert (found["prediction"] == "mine").all()
    assert found["prediction_predicted"].isin(["true", "false", ""]).all()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(service, rows, separator):
    found = post(service, rows, "text/csv", separator)
    assert found["fault"].eq("").sum() == 299
    body = "\ufeff" + rows.to_csv(index=False, sep=separator)
    answer = service.post(body.encode(), "text/csv")
    assert answer.body.decode().startswith(separator.join([*rows, "prediction"]))


CSV_FAULTS = [
    (b"", "the body has no header line with the columns' names"),
    (b"day,shop\n1\n", "line 2 has 1 values, but the header 2 columns"),
    (b"day,day\n1,2\n", "the table has two columns 'day'"),
    (b"day\n\xff\n", "the body is not in UTF-8, at byte 4"),
    (b'day\n"x\n', "the body is not CSV: unexpected end of data"),
    (b"day\n" + b"x" * 200_000, "the body is not CSV: field larger than field limit (131072)"),
]


@pytest.mark.parametrize(("body", "reason"), CSV_FAULTS, ids=range(len(CSV_FAULTS)))
def test_damaged_csv_is_refused(service, body, reason):
    answer = service.post(body, "text/csv")
    assert (answer.status, answer.json()) == (400, {"detail": reason})


def test_damaged_parquet_is_refused(service, rows):
    whole = rows.to_parquet(index=False)
    for body in (b"", b"PAR1", whole[:-9], whole[:99] + b"\xff" * 99 + whole[198:]):
        answer = service.post(body, PARQUET)
        assert answer.status == 400
        assert answer.json()["detail"].startswith("the body is not Parquet: ")


def test_table_without_a_needed_column_is_refused(service, rows):
    for kind, body in (
        ("text/csv", rows.drop(columns=["shop", "rain"]).to_csv(index=False).encode()),
        (PARQUET, rows.drop(columns=["shop", "rain"]).to_parquet(index=False)),
    ):
        answer = service.post(body, kind)
        assert answer.status == 422
        assert [each["column"] for each in answer.json()["detail"]] == ["shop", "rain"]
        assert answer.json()["detail"][0]["row"] is None
    assert service.post(b"day\n", "text/csv", "?contributions=true").status == 400


def test_too_many_rows_of_a_table_are_refused(bundles, rows):
    with run_service(bundles("binary"), Options(max_rows=299)) as client:
        for kind, body in (
            ("text/csv", rows.to_csv(index=False).encode()),
            (PARQUET, rows.to_parquet(index=False)),
        ):
            assert client.post(body, kind).status == 413
