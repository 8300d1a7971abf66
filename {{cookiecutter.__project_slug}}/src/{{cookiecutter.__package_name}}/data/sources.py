"""Deliveries and look-up tables: found, read as they came, joined."""

import warnings
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

import pandas as pd
import pyarrow.lib as pa

from ..errors import DataError, SettingsError
from ..schema import Schema
from ..settings import Source
from ..yaml_file import did_you_mean
from .contract import as_text, coerce

FILE, ROW = "_file", "_row"
# A hash of the columns that a delivery has beyond those of schema.yaml.
REST = "_rest"
# What the readers raise for a file that is damaged or not what the settings say.
UNREADABLE = (
    ValueError,
    LookupError,
    OSError,
    EOFError,
    zlib.error,
    pa.ArrowException,
    pd.errors.ParserWarning,
)


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
    for name, source in sources.items():
        own = _wanted(schema, name)
        if source.join is None or (own and own.keys() <= {*rows}):
            continue
        for key in source.join:
            if key not in rows:
                raise DataError(
                    f"the rows have no column {key!r}, by which {name} is looked up; "
                    f"deliver it, or what is looked up: {', '.join(own)}"
                )
        wanted = own | {key: key for key in source.join}
        table = _read_source(raw, source, wanted).drop(columns=[FILE, ROW, REST])
        rows = rows.drop(columns=own, errors="ignore")
        rows = _look_up(rows, table, source.join, schema, name)
    return rows


def read_delivery(path: Path, source: Source, schema: Schema, main: str) -> pd.DataFrame:
    """Read one delivery by the names of schema.yaml, where it has other names for its columns."""
    renamed = {old: new for new, old in _wanted(schema, main, is_main=True).items() if old != new}
    table = read_table(path, source)
    return table.rename(columns={old: new for old, new in renamed.items() if new not in table})


def read_table(path: Path, source: Source, needed: Iterable[str] = ()) -> pd.DataFrame:
    """Read one file as it came: CSV as text, other formats with their own types.

    Of a CSV file, empty fields are missing, and nothing else is.

    Args:
        path: A .csv, .tsv, .parquet, .jsonl, .ndjson or .json file, the text ones also as .gz.
        source: Gives separator and encoding of CSV files.
        needed: The columns that the file must have.

    Raises:
        DataError: The file can't be read or lacks a column.
    """
    try:
        table = _read(path, source)
    except UNREADABLE as error:
        reason = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
        raise DataError(
            f"{path}: can't be read as {path.suffix} ({reason}); mend or remove the file, or "
            "set its `separator` and `encoding`: in params.yaml, or as --separator and --encoding "
            "of predict"
        ) from error
    check_columns(path, table, needed)
    return table


def check_columns(
    path: Path, table: pd.DataFrame, needed: Iterable[str], known: Iterable[str] = ()
) -> None:
    """Check that a file has columns.

    Args:
        path: The file.
        table: Its content.
        needed: The columns.
        known: Others that have a meaning of their own, and are not one of these misspelt.

    Raises:
        DataError: It lacks one.
    """
    needed = [*needed]
    unknown = [str(column) for column in table if column not in {*needed, *known}]
    for column in needed:
        if column not in table and len(table.columns) == 1 and ".csv" in path.name.lower():
            raise DataError(
                f"{path}: has one column only, {table.columns[0]!r}; set the `separator` of its "
                'source in params.yaml, as in {files: clients/*, separator: ";"}, or --separator '
                "of predict"
            )
        if column not in table.columns:
            raise DataError(
                f"{path}: has no column {column!r}; deliver it or change schema.yaml"
                f"{did_you_mean(column, unknown)}"
            )


def _read(path: Path, source: Source) -> pd.DataFrame:
    suffixes = [part.lower() for part in reversed(path.suffixes)]
    suffix = next((part for part in suffixes if part != ".gz"), "")
    if suffix in (".csv", ".tsv"):
        separator = "\t" if suffix == ".tsv" else source.separator
        with warnings.catch_warnings():
            # pandas only warns when it drops values that lie beyond the last column.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                path,
                sep=separator,
                encoding=source.encoding,
                dtype=str,
                index_col=False,
                keep_default_na=False,
                na_values=[""],
            )
    if suffix in (".jsonl", ".ndjson", ".json"):
        lines = suffix != ".json"
        return pd.read_json(path, lines=lines, dtype=False, encoding="utf-8", precise_float=True)
    if suffix == ".parquet":
        return pd.read_parquet(path)
    raise ValueError("known formats: .csv, .tsv, .parquet, .jsonl, .ndjson, .json")


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


def _look_up(
    rows: pd.DataFrame, table: pd.DataFrame, keys: list[str], schema: Schema, name: str
) -> pd.DataFrame:
    # Keys may be text on one side and dates or numbers on the other: compare what they mean.
    marks = [f"_key_{key}" for key in keys]
    for frame in (rows, table):
        for key, mark in zip(keys, marks, strict=True):
            frame[mark] = coerce(frame[key], schema.columns[key])[0]
    table = table.drop(columns=keys).dropna(subset=marks)
    meant = [coerce(table[name], schema.columns[name])[0] for name in table if name not in marks]
    table = table[~pd.concat([table[marks], *meant], axis=1).duplicated()]
    repeated = table.loc[table.duplicated(marks), marks]
    if len(repeated):
        values = ", ".join(f"{k} {v}" for k, v in zip(keys, repeated.iloc[0], strict=True))
        raise DataError(
            f"{name}: {len(repeated)} rows repeat the join key ({', '.join(keys)}), the first: "
            f"{values}; a look-up must be unique: remove the repeats or join by more columns"
        )
    return rows.merge(table, on=marks, how="left").drop(columns=marks)
