"""A table in Parquet, read without pandas."""

from io import BytesIO
from typing import Any

from .parquet_pages import count_unpacked
from .refusals import refuse
from .table import Table, check_size

# How much a body may grow when it is unpacked.
MAX_GROWTH = 20
# Bytes of the numbers, and of the texts, of a table; what is repeated takes no more of a body than
# once.
MAX_VALUES = 2**28
TOO_LARGE = "the table is too large when it is unpacked"


class ParquetTable(Table):
    """A Parquet file."""

    def __init__(self, body: bytes, max_rows: int) -> None:
        """Read a body.

        Raises:
            HTTPException: 400 if it is no Parquet file, 413 if it is too large when unpacked.
        """
        import pyarrow.lib as pa
        from pyarrow.parquet import ParquetFile

        try:
            file = ParquetFile(BytesIO(body))
            n_rows = _count_rows(file.metadata)
            check_size(n_rows, max_rows)
            width = sum(map(_measure, file.schema_arrow.types))
            grown = count_unpacked(body, file.metadata) > MAX_GROWTH * len(body) + 2**20
            if grown or n_rows * width > MAX_VALUES:
                raise refuse(413, TOO_LARGE)
            self._table = _read(body, file.schema_arrow)
            self.columns = self._table.column_names
            columns = [_list_values(column) for column in self._table.columns]
        except (pa.ArrowException, OSError, ValueError, ArithmeticError) as error:
            raise refuse(400, f"the body is not Parquet: {str(error).partition('.')[0]}") from error
        rows = zip(*columns, strict=True)
        self.rows = [dict(zip(self.columns, values, strict=True)) for values in rows]

    def _write(self, added: dict[str, list[Any]]) -> bytes:
        import pyarrow as pa
        from pyarrow import parquet

        table = self._table
        for name, values in added.items():
            table = table.append_column(name, pa.array(values))
        file = BytesIO()
        parquet.write_table(table, file)
        return file.getvalue()


def _read(body: bytes, schema: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.parquet import ParquetFile

    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        raise refuse(400, f"the column {nested[0]!r} holds lists or structures")
    kinds = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
    texts = [field.name for field in schema if field.type in kinds]
    table, size = ParquetFile(BytesIO(body), read_dictionary=texts).read(), 0
    for column in table.columns:
        if pa.types.is_dictionary(column.type) and column.type.value_type in kinds:
            for chunk in column.chunks:
                longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
                size += longest * len(chunk)
    if size > MAX_VALUES:
        raise refuse(413, TOO_LARGE)
    return table.cast(schema)


def _count_rows(metadata: Any) -> int:
    # Either may be a lie; pyarrow makes room for the rows of each group.
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    return int(max(metadata.num_rows, sum(group.num_rows for group in groups)))


def _measure(kind: Any) -> int:
    try:
        return int(kind.bit_width) // 8
    except ValueError:
        # Of a text, the place of it.
        return 8


def _list_values(column: Any) -> list[Any]:
    import pyarrow as pa

    # As Python's own numbers they would show digits that were never there.
    if column.type in (pa.float16(), pa.float32()):
        return [*column.to_numpy()]
    values: list[Any] = column.to_pylist()
    return values
