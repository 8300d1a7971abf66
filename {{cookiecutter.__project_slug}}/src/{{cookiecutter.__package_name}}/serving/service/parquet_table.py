"""A table in Parquet, read without pandas."""

from io import BytesIO
from typing import Any

from .refusals import refuse
from .table import Table, check_size

# How much a body may grow when it is unpacked.
MAX_GROWTH = 20
# Bytes of the texts of a table; one that is repeated takes no more of a body than once.
MAX_TEXT = 2**28


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
            check_size(file.metadata.num_rows, max_rows)
            groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
            if sum(group.total_byte_size for group in groups) > MAX_GROWTH * len(body) + 2**20:
                raise refuse(413, "the table is too large when it is unpacked")
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
    if size > MAX_TEXT:
        raise refuse(413, "the table is too large when it is unpacked")
    return table.cast(schema)


def _list_values(column: Any) -> list[Any]:
    import pyarrow as pa

    # As Python's own numbers they would show digits that were never there.
    if column.type in (pa.float16(), pa.float32()):
        return [*column.to_numpy()]
    values: list[Any] = column.to_pylist()
    return values
