"""A table in CSV, read without pandas as the pipeline reads it: every value as text."""

import csv
from io import StringIO
from typing import Any

from .refusals import refuse
from .table import Table, check_size

SEPARATORS = ",;\t"


class CsvTable(Table):
    """Text in UTF-8, separated by commas, semicolons or tabs."""

    def __init__(self, body: bytes, max_rows: int) -> None:
        """Read a body.

        Raises:
            HTTPException: 400 if it is no such table, 413 if it has too many rows.
        """
        try:
            text = body.decode("utf-8-sig")
            self._separator = max(SEPARATORS, key=text.partition("\n")[0].count)
            reader = csv.reader(StringIO(text, newline=""), delimiter=self._separator, strict=True)
            lines = [(reader.line_num, line) for line in reader if line]
        except UnicodeDecodeError as error:
            raise refuse(400, f"the body is not in UTF-8, at byte {error.start}") from error
        except csv.Error as error:
            raise refuse(400, f"the body is not CSV: {error}") from error
        if not lines:
            raise refuse(400, "the body has no header line with the columns' names")
        (_, self.columns), *self._lines = lines
        check_size(len(self._lines), max_rows)
        for number, line in self._lines:
            if len(line) != len(self.columns):
                n_columns = len(self.columns)
                reason = f"line {number} has {len(line)} values, but the header {n_columns} columns"
                raise refuse(400, reason)
        self.rows = [dict(zip(self.columns, line, strict=True)) for _, line in self._lines]

    def _write(self, added: dict[str, list[Any]]) -> bytes:
        file = StringIO(newline="")
        writer = csv.writer(file, delimiter=self._separator, lineterminator="\n")
        writer.writerow([*self.columns, *added])
        values = zip(*(map(_as_text, column) for column in added.values()), strict=True)
        for (_, line), new in zip(self._lines, values, strict=True):
            writer.writerow([*line, *new])
        return file.getvalue().encode()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
