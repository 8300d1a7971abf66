"""JSON rows a part at a time."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import pandas as pd
import pyarrow as pa

from .chunk import TEXT, Chunk, count_rows, describe_texts


def open_lines(file: IO[bytes], cells: int) -> tuple[pa.Schema, Iterator[Chunk]]:
    """Read JSON Lines twice: for the names of the columns, then for the rows.

    Raises:
        ValueError: A line is no JSON object, or there is none.
    """
    # A key may come up in the last line only, and the first one is already to be written whole.
    names = [*dict.fromkeys(name for record in _read_records(file) for name in record)]
    if not names:
        raise ValueError("it holds no row")
    file.seek(0)
    records, schema = _read_records(file), describe_texts(names)

    def read() -> Iterator[Chunk]:
        while part := [*islice(records, count_rows(schema, cells))]:
            columns = {name: [record.get(name) for record in part] for name in names}
            yield _make_chunk(pd.DataFrame(columns, dtype=object), schema)

    return schema, read()


def _read_records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        if not isinstance(record, dict):
            raise ValueError(f'line {number} is no object, such as {{"column": value}}')
        yield record


def open_whole(table: pd.DataFrame, cells: int) -> tuple[pa.Schema, Iterator[Chunk]]:
    """Cut a table of a .json file."""
    schema = describe_texts(table)
    n_rows = count_rows(schema, cells)
    starts = range(0, len(table), n_rows)
    parts = (table.iloc[start : start + n_rows].reset_index(drop=True) for start in starts)
    return schema, (_make_chunk(part, schema) for part in parts)


def _make_chunk(rows: pd.DataFrame, schema: pa.Schema) -> Chunk:
    columns = [pa.array(map(_write, rows[name].astype(object)), TEXT) for name in rows]
    return Chunk(rows, pa.Table.from_arrays(columns, schema=schema))


def _write(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    missing = value is None or value != value  # noqa: PLR0124
    return None if missing else json.dumps(value, ensure_ascii=False)
