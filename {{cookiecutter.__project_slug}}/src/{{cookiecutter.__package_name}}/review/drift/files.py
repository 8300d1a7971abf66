"""The rows of files."""

from collections.abc import Sequence
from glob import glob
from pathlib import Path

import pandas as pd

from ...common.errors import DataError
from ...common.settings import Params
from ...data.sources import join_sources, name_main, read_delivery
from ...data.tables import check_columns
from ...schema import Schema


def read_rows(inputs: Sequence[str], raw: Path, params: Params, schema: Schema) -> pd.DataFrame:
    """Read files of rows, and look up the columns that they lack as prepare does.

    Args:
        inputs: Files, or patterns of files.
        raw: Folder of the sources that are looked up.
        params: Says which these are, and how to read CSV files.
        schema: Of the model.

    Raises:
        DataError: There is no such file, or one can't be read.
    """
    main = name_main(params.prepare.sources)
    source = params.prepare.sources[main]
    tables = []
    for path in _find_files(inputs):
        table = read_delivery(path, source, schema, main)
        check_columns(path, table, _own_columns(schema, main), schema.columns)
        tables.append(table)
    rows = pd.concat(tables, ignore_index=True)
    return join_sources(rows, raw, params.prepare.sources, schema)


def _own_columns(schema: Schema, main: str) -> list[str]:
    """Name what a prediction needs and no other source has."""
    sources = {name: schema.columns[name].source for name in schema.with_role("feature", "time")}
    return [name for name, source in sources.items() if not source or source.startswith(f"{main}.")]


def _find_files(inputs: Sequence[str]) -> list[Path]:
    paths = []
    for text in inputs:
        if Path(text).is_dir():
            raise DataError(f"{text}: is a folder; name its files, such as '{text}/*.csv'")
        found = [path for path in map(Path, sorted(glob(text))) if path.is_file()]
        if not found:
            raise DataError(
                f"{text}: no such file; name a file of rows or a pattern such as '*.csv'"
            )
        paths += found
    return paths
