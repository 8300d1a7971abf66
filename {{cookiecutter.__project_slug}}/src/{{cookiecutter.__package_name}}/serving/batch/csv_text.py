"""Tables as CSV text, column by column, so that no value becomes a Python object."""

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .chunk import TEXT

MARKS = (b",", b'"', b"\n", b"\r")


def encode_csv(table: pa.Table) -> bytes:
    """Write a table's rows as lines of CSV in UTF-8: quoted where needed, missing ones empty.

    Each value is written by itself, so that a row's line does not depend on the other rows.
    """
    if not len(table):
        return b""
    columns = [_quote(_as_text(column.combine_chunks())) for column in table.columns]
    lines = pc.binary_join_element_wise(
        *columns, pa.scalar(",", TEXT), null_handling="replace", null_replacement=""
    )
    ends = pa.array([0, len(lines)], pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, lines), pa.scalar("\n", TEXT))
    text: bytes = joined[0].as_buffer().to_pybytes()
    return text + b"\n"


def encode_header(names: list[str]) -> bytes:
    """Write the names of the columns as the first line of CSV."""
    return encode_csv(pa.table({str(i): pa.array([name], TEXT) for i, name in enumerate(names)}))


def _as_text(values: Any) -> Any:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _as_text(values.dictionary_decode())
    if pa.types.is_floating(kind):
        return pc.cast(pc.if_else(pc.is_nan(values), None, values), TEXT)
    if pa.types.is_timestamp(kind) and kind.tz:
        # In UTC, which needs no database of time zones.
        texts = pc.cast(values.cast(pa.timestamp(kind.unit)), TEXT)
        return pc.binary_join_element_wise(texts, pa.scalar("Z", TEXT), pa.scalar("", TEXT))
    if pa.types.is_nested(kind) or "binary" in str(kind):
        return pa.array(map(_write, values.to_pylist()), TEXT)
    return pc.cast(values, TEXT)


def _write(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str)


def _quote(texts: Any) -> Any:
    data = texts.buffers()[2]
    # A look at the bytes takes a hundredth of a look at each value.
    if data is None or not any(mark in data.to_pybytes() for mark in MARKS):
        return texts
    needed = pc.match_substring_regex(texts, '[,"\r\n]')
    doubled = pc.replace_substring(texts, '"', '""')
    mark = pa.scalar('"', TEXT)
    quoted = pc.binary_join_element_wise(mark, doubled, mark, pa.scalar("", TEXT))
    return pc.if_else(needed, quoted, texts)
