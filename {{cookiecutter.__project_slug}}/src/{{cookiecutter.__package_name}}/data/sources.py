"""Deliveries and look-up tables: found, read as they came, joined."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

import pandas as pd

from ..common.errors import DataError, SettingsError
from ..common.settings import Source
from ..schema import Schema
from .contract import as_text
from .look_up import LookUp, make_look_up
from .tables import read_table

FILE, ROW = "_file", "_row"
# A hash of the columns that a delivery has beyond those of schema.yaml.
REST = "_rest"


def read_sources(raw: Path, sources: dict[str, Source], schema: Schema) -> pd.DataFrame:
    """Read the deliveries and look up the columns of the other sources.

    Args:
        raw: Folder that the sources' `files` are relative to.
        sources: As in params.yaml; the one without `join` holds the deliveries.
        schema: Says which columns are wanted, and from which source.

    Returns:
        DataFrame of shape (n_rows, n_columns + 3): the columns of schema.yaml as they came, the
        file and the row (from 1) that each came from, and a hash of what the row had beyond
        schema.yaml, in the order of files and rows.

    Raises:
        DataError: A file is missing, unreadable or lacks a column, or a look-up is not unique.
    """
    main = name_main(sources)
    rows = _read_source(raw, sources[main], _wanted(schema, main, is_main=True))
    rows = join_sources(rows, raw, sources, schema)
    return rows[[*schema.columns, FILE, ROW, REST]]


def name_main(sources: dict[str, Source]) -> str:
    """Name the source that holds the deliveries: the one without `join`."""
    return next(name for name, source in sources.items() if source.join is None)


def read_look_ups(
    names: Iterable[str], raw: Path, sources: dict[str, Source], schema: Schema
) -> list[LookUp]:
    """Read the sources that rows with these columns need to look up.

    Args:
        names: The columns that the rows have, by the names of schema.yaml; a source whose columns
            they have already is passed over.
        raw: Folder that the sources' `files` are relative to.
        sources: As in params.yaml.
        schema: Says which columns come from which source.

    Returns:
        The look-ups, to be joined in this order.

    Raises:
        DataError: A file is missing, unreadable or lacks a column, or a look-up is not unique.
    """
    known, look_ups = {*names}, []
    for name, source in sources.items():
        own = _wanted(schema, name)
        if source.join is None or (own and own.keys() <= known):
            continue
        for key in source.join:
            if key not in known:
                raise DataError(
                    f"the rows have no column {key!r}, by which {name} is looked up; "
                    f"deliver it, or what is looked up: {', '.join(own)}"
                )
        table = _read_source(raw, source, own | {key: key for key in source.join})
        table = table.drop(columns=[FILE, ROW, REST])
        look_ups.append(make_look_up(name, table, source.join, schema))
        known |= own.keys()
    return look_ups


def join_sources(
    rows: pd.DataFrame, raw: Path, sources: dict[str, Source], schema: Schema
) -> pd.DataFrame:
    """Look up the columns that rows lack, in the sources with `join`.

    Args:
        rows: DataFrame of shape (n_rows, n_columns) with the names of schema.yaml; a source whose
            columns it has already is passed over.
        raw: Folder that the sources' `files` are relative to.
        sources: As in params.yaml.
        schema: Says which columns come from which source.

    Returns:
        The rows in their order, with the columns that were found.

    Raises:
        DataError: A file is missing, unreadable or lacks a column, or a look-up is not unique.
    """
    for look_up in read_look_ups(rows.columns, raw, sources, schema):
        rows = look_up.join(rows)
    return rows


def read_delivery(path: Path, source: Source, schema: Schema, main: str) -> pd.DataFrame:
    """Read one delivery by the names of schema.yaml, where it has other names for its columns."""
    return rename_delivered(read_table(path, source), schema, main)


def rename_delivered(table: pd.DataFrame, schema: Schema, main: str) -> pd.DataFrame:
    """Give the columns of a delivery the names of schema.yaml, where it has other ones."""
    renamed = {old: new for new, old in _wanted(schema, main, is_main=True).items() if old != new}
    return table.rename(columns={old: new for old, new in renamed.items() if new not in table})


def _wanted(schema: Schema, source: str, *, is_main: bool = False) -> dict[str, str]:
    """Map the names in schema.yaml to the columns of a source."""
    wanted = {}
    for name, column in schema.columns.items():
        table, _, original = (column.source or f"{source if is_main else ''}.{name}").partition(".")
        if table == source:
            wanted[name] = original
    return wanted


def find_files(raw: Path, source: Source) -> list[Path]:
    """Find the files of a source, sorted.

    Raises:
        SettingsError: Its `files` is no pattern of paths below the folder.
        DataError: There is none.
    """
    try:
        if ".." in PurePath(source.files).parts:
            raise ValueError("'..' leads out of it, to files that DVC does not track")
        paths = sorted(path for path in raw.glob(source.files) if _is_delivery(path))
    except (ValueError, NotImplementedError) as error:
        raise SettingsError(
            f"params.yaml: a source's `files` is {source.files!r}; must be a pattern of paths "
            f"below {raw}, such as table/*.csv ({error})"
        ) from error
    if not paths:
        raise DataError(f"{raw / source.files}: no such file; deliver one or mend params.yaml")
    return paths


def _read_source(raw: Path, source: Source, wanted: dict[str, str]) -> pd.DataFrame:
    tables = list(_read_files(raw, find_files(raw, source), source, wanted))
    return pd.concat(tables, ignore_index=True)


def _is_delivery(path: Path) -> bool:
    # `dvc add` leaves its own files beside a delivery.
    return path.is_file() and not path.name.startswith(".") and path.suffix != ".dvc"


def _read_files(
    raw: Path, paths: list[Path], source: Source, wanted: dict[str, str]
) -> Iterator[pd.DataFrame]:
    for path in paths:
        table = read_table(path, source, wanted.values())
        rest = _hash_rows(table.drop(columns=[*wanted.values()]))
        table = table[[*wanted.values()]].set_axis([*wanted], axis=1)
        file = path.relative_to(raw).as_posix()
        yield table.assign(**{FILE: file, ROW: range(1, len(table) + 1), REST: rest})


def _hash_rows(table: pd.DataFrame) -> pd.Series:
    """Hash each row's values with their columns' names, whatever the order of the columns."""
    total = pd.Series(0, table.index, dtype="uint64")
    for name in table:
        texts = as_text(table[name])
        hashes = pd.util.hash_pandas_object(f"{name}=" + texts, index=False)
        total += hashes.where(texts.notna() & (texts != ""), 0)
    return total
