"""A file of rows of any size, read a part at a time, in which no value depends on the part."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...common.settings import Source
from ...data.tables import (
    csv_options,
    explain_unreadable,
    find_format,
    read_header,
    read_table,
    refuse_repeated,
)
from .chunk import Chunk, count_rows, describe_texts
from .json_chunks import open_lines, open_whole


class Chunks(NamedTuple):
    """An open file of rows.

    Attributes:
        schema: Of each chunk's `own`.
        parts: The chunks in their order.
        share: Says how much of the file is read, from 0 to 1.
    """

    schema: pa.Schema
    parts: Iterator[Chunk]
    share: Callable[[], float]


@contextmanager
def open_chunks(path: Path, source: Source, cells: int) -> Iterator[Chunks]:
    """Open a file of rows to read it in constant memory; only .json is read whole.

    Args:
        path: As for read_table.
        source: Gives separator and encoding of CSV files.
        cells: How many values a part has at most, but at least one row.

    Raises:
        DataError: The file can't be read; when it is opened, or later by the parts.
    """
    with explain_unreadable(path):
        suffix, file = find_format(path), path.open("rb")
    with file:
        with explain_unreadable(path):
            size = path.stat().st_size
            text: Any = gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file
            if suffix in (".csv", ".tsv"):
                schema, parts = _open_csv(text, csv_options(path, source), cells)
            elif suffix == ".parquet":
                schema, parts = _open_parquet(file, cells)
            elif suffix == ".json":
                schema, parts = open_whole(read_table(path, source), cells)
            else:
                schema, parts = open_lines(text, cells)
        yield Chunks(schema, _explain(path, parts), lambda: file.tell() / max(size, 1))


def _explain(path: Path, parts: Iterator[Chunk]) -> Iterator[Chunk]:
    while True:
        with explain_unreadable(path):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _open_csv(
    file: IO[bytes], options: dict[str, Any], cells: int
) -> tuple[pa.Schema, Iterator[Chunk]]:
    refuse_repeated(read_header(file, options))
    file.seek(0)
    reader = pd.read_csv(file, iterator=True, **options)
    header = reader.read(0)
    schema = describe_texts(header)
    n_rows = count_rows(schema, cells)

    def read() -> Iterator[Chunk]:
        while True:
            try:
                rows = reader.read(n_rows).reset_index(drop=True)
            except StopIteration:
                return
            yield Chunk(rows, pa.Table.from_pandas(rows, schema, preserve_index=False))

    return schema, read()


def _open_parquet(file: IO[bytes], cells: int) -> tuple[pa.Schema, Iterator[Chunk]]:
    table = pq.ParquetFile(file)
    # What pandas notes there would make an index of some columns.
    schema = table.schema_arrow.remove_metadata()
    refuse_repeated(schema.names)
    n_rows = count_rows(schema, cells)

    def read() -> Iterator[Chunk]:
        for batch in table.iter_batches(n_rows):
            own = pa.Table.from_batches([batch]).replace_schema_metadata()
            # Else whole numbers would be floats in the parts in which one is missing.
            yield Chunk(own.to_pandas(integer_object_nulls=True), own)

    return schema, read()
