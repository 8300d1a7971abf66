"""One file of rows, read as it came: CSV as text, other formats with their own types."""

import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow.lib as pa

from ..common.errors import DataError
from ..common.settings import Source
from ..common.yaml_file import did_you_mean

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


def read_table(path: Path, source: Source, needed: Iterable[str] = ()) -> pd.DataFrame:
    """Read one file as it came: CSV as text, other formats with their own types.

    Of a CSV file, empty fields are missing, and nothing else is.

    Args:
        path: A .csv, .tsv, .parquet, .jsonl, .ndjson or .json file, the text ones also as .gz.
        source: Gives separator and encoding of CSV files.
        needed: The columns that the file must have, and each but once.

    Raises:
        DataError: The file can't be read, lacks a column, or has it twice.
    """
    needed = [*needed]
    with explain_unreadable(path):
        table = _read(path, source, needed)
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
        if column not in table.columns:
            check_separator(path, table.columns)
            raise DataError(
                f"{path}: has no column {column!r}; deliver it or change schema.yaml"
                f"{did_you_mean(column, unknown)}"
            )


@contextmanager
def explain_unreadable(path: Path) -> Iterator[None]:
    """Turn what the readers raise into a DataError that names the file."""
    try:
        with warnings.catch_warnings():
            # pandas only warns when it drops values that lie beyond the last column.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            yield
    except UNREADABLE as error:
        reason = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
        raise DataError(
            f"{path}: can't be read as {path.suffix} ({reason}); mend or remove the file, or "
            "set its `separator` and `encoding`: in params.yaml, or as --separator and --encoding "
            "of predict"
        ) from error


def refuse_repeated(names: Sequence[str], needed: Sequence[str] = ()) -> None:
    """Refuse columns of the same name; pandas would rename the second of a CSV file.

    Args:
        names: The columns of a file.
        needed: Those that matter, if not all do.

    Raises:
        ValueError: There are some.
    """
    repeated = {name for name in needed or names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"it has several columns of the same name: {', '.join(sorted(repeated))}")


def read_header(file: Path | IO[bytes], options: dict[str, Any]) -> list[str]:
    """Read the names in a CSV file's first line, as they are; blank ones are left out."""
    first = pd.read_csv(file, header=None, nrows=1, **options)
    return [*first.iloc[0].dropna()]


def check_separator(path: Path, names: Sequence[Any]) -> None:
    """Check that a CSV file that lacks a column has more than one.

    Raises:
        DataError: It has one only, so its separator must be another one.
    """
    if len(names) == 1 and ".csv" in path.name.lower():
        raise DataError(
            f"{path}: has one column only, {names[0]!r}; set the `separator` of its "
            'source in params.yaml, as in {files: clients/*, separator: ";"}, or --separator '
            "of predict"
        )


def find_format(path: Path) -> str:
    """Find the format by a file's name: its ending, without .gz.

    Raises:
        ValueError: It is none of those that are known.
    """
    suffixes = [part.lower() for part in reversed(path.suffixes)]
    suffix = next((part for part in suffixes if part != ".gz"), "")
    if suffix not in (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json"):
        raise ValueError("known formats: .csv, .tsv, .parquet, .jsonl, .ndjson, .json")
    return suffix


def csv_options(path: Path, source: Source) -> dict[str, Any]:
    """Give the options by which pandas.read_csv reads each value as it came."""
    return {
        "sep": "\t" if find_format(path) == ".tsv" else source.separator,
        "encoding": source.encoding,
        "dtype": str,
        "index_col": False,
        "keep_default_na": False,
        "na_values": [""],
    }


def _read(path: Path, source: Source, needed: Sequence[str]) -> pd.DataFrame:
    suffix = find_format(path)
    if suffix in (".csv", ".tsv"):
        refuse_repeated(read_header(path, csv_options(path, source)), needed)
        return pd.read_csv(path, **csv_options(path, source))
    if suffix == ".parquet":
        return pd.read_parquet(path)
    lines = suffix != ".json"
    return pd.read_json(path, lines=lines, dtype=False, encoding="utf-8", precise_float=True)
