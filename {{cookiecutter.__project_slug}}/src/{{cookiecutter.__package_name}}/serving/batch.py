"""Predictions for a file of rows."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from ..console import run
from ..data.sources import read_table
from ..errors import DataError
from ..model.bundle import Bundle, load_bundle
from ..settings import Source

BUNDLE = Path(__file__).parents[1] / "bundle"


def main(arguments: list[str]) -> str:
    """Predict a file with the packaged model: INPUT -o OUTPUT."""
    parser = argparse.ArgumentParser(description="Predict the rows of a file.")
    parser.add_argument("input", type=Path, help="CSV, TSV, Parquet or JSON Lines file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="CSV or Parquet file")
    parser.add_argument("--separator", default=",", help="of a CSV file's values (default: ,)")
    parser.add_argument("--encoding", default="utf-8", help="of a CSV file (default: utf-8)")
    given = parser.parse_args(arguments)
    return predict_file(
        load_bundle(BUNDLE),
        given.input,
        given.output,
        separator=given.separator,
        encoding=given.encoding,
    )


def predict_file(
    bundle: Bundle, source: Path, output: Path, *, separator: str = ",", encoding: str = "utf-8"
) -> str:
    """Read rows, predict them, and write them with their predictions.

    Args:
        bundle: The model.
        source: A file of rows, in a format that deliveries may have.
        output: The .csv or .parquet file to write, whole or not at all.
        separator: Of the values in a CSV file of rows.
        encoding: Of a CSV file of rows.

    Returns:
        What was done, in words.

    Raises:
        DataError: The file can't be read or lacks a column, or the output can't be written.
    """
    if output.is_dir():
        raise DataError(f"{output}: is a folder; name a .csv or .parquet file")
    if output.suffix not in (".csv", ".parquet"):
        raise DataError(f"{output}: unknown format; name a .csv or .parquet file")
    if len(separator) != 1:
        raise DataError(f"--separator is {separator!r}; must be one character, such as ';'")
    options = Source(files=source.name, separator=separator, encoding=encoding or "utf-8")
    rows = read_table(source, options)
    predicted = bundle.predict(rows)
    _write(rows.join(predicted, suffixes=("", "_predicted")), output)
    faulty = int((predicted["fault"] != "").sum())
    return (
        f"{len(rows):,} rows predicted, {faulty:,} of them faulty, by {bundle.version} → {output}"
    )


def _write(table: pd.DataFrame, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".{output.name}.partial")
    if output.suffix == ".csv":
        table.to_csv(partial, index=False, lineterminator="\n")
    else:
        table.to_parquet(partial, index=False)
    partial.replace(output)


def command() -> None:
    """Run as a console script of the wheel."""
    sys.exit(run(main))
