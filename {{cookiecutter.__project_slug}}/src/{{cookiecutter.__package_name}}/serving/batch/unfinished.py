"""The rows of an output that are done, kept until all are, so that a run can be continued."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import IO, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ...common.errors import DataError
from ...common.io import read_json
from .csv_text import encode_csv, encode_header


class Unfinished:
    """A folder beside the output, which goes away when the output is there.

    Attributes:
        notice: What has become of an interrupted run, in words; empty if there was none.
        rows: How many are done.
        faulty: How many of them.
    """

    def __init__(self, output: Path, identity: dict[str, str], schema: pa.Schema) -> None:
        """Continue an interrupted run if it was the same, else start anew.

        Args:
            output: The .csv or .parquet file to write.
            identity: All that the output depends on, by what it is called.
            schema: Of the output.

        Raises:
            DataError: Another run is writing the same output.
        """
        self.notice, self.rows, self.faulty = "", 0, 0
        self._output, self._identity, self._schema = output, identity, schema
        self._encode = encode_csv if output.suffix == ".csv" else _encode_arrow
        self._folder = output.with_name(f".{output.name}.unfinished")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self._folder / "lock").open("w")
        try:
            _lock(self._lock)
        except OSError as error:
            self._lock.close()
            raise DataError(f"{output}: is being written by another run; wait for it") from error
        self._file = (self._folder / "rows").open("ab")
        self._resume()

    def append(self, table: pa.Table, faulty: int) -> None:
        """Add rows, which then outlive a crash."""
        self._file.write(self._encode(table))
        self.rows += len(table)
        self.faulty += faulty
        self._note()

    def finish(self) -> None:
        """Put the output in its place, whole."""
        self._file.close()
        whole = self._folder / "rows"
        if self._output.suffix == ".parquet":
            whole = _convert(whole, self._schema)
        whole.replace(self._output)
        self.discard()

    def discard(self) -> None:
        """Forget the rows that are done."""
        self.__exit__()
        shutil.rmtree(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._lock.close()

    def _resume(self) -> None:
        journal = self._folder / "journal.json"
        noted = read_json(journal) if journal.exists() else None
        if noted:
            known = noted["identity"]
            changed = [name for name, value in self._identity.items() if known.get(name) != value]
            if not changed and noted["bytes"] <= self._file.tell():
                self.rows, self.faulty = noted["rows"], noted["faulty"]
                self._file.truncate(noted["bytes"])
                self.notice = f"going on after the {self.rows:,} rows of an interrupted run"
                return
            other = f"had other {' and '.join(changed)}" if changed else "left too few bytes"
            self.notice = f"starting anew, as an interrupted run {other}"
        self._file.truncate(0)
        if self._output.suffix == ".csv":
            self._file.write(encode_header(self._schema.names))
        self._note()

    def _note(self) -> None:
        _flush(self._file)
        new = self._folder / "journal.new"
        with new.open("w", encoding="utf-8") as file:
            content = {"identity": self._identity, "rows": self.rows, "faulty": self.faulty}
            json.dump(content | {"bytes": self._file.tell()}, file)
            _flush(file)
        new.replace(self._folder / "journal.json")


def _flush(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _encode_arrow(table: pa.Table) -> bytes:
    sink, options = pa.BufferOutputStream(), pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _convert(streams: Path, schema: pa.Schema) -> Path:
    whole, size = streams.with_name("whole"), streams.stat().st_size
    with streams.open("rb") as file, pq.ParquetWriter(whole, schema) as writer:
        while file.tell() < size:
            writer.write_table(pa.ipc.open_stream(file).read_all())
    return whole


def _lock(file: IO[str]) -> None:
    # The operating system drops it when the process ends, however it does.
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
