"""The packaged model's command that predicts a file of rows."""

import argparse
import sys
from pathlib import Path

from ...common.console import run
from ...common.errors import DataError
from ...common.io import read_json
from ...common.settings import Source
from ...model.bundle import load_bundle
from ...model.manifest import GRAPH
from .predict import predict_file
from .predictor import Model

BUNDLE = Path(__file__).parents[2] / "bundle"


def main(arguments: list[str]) -> str:
    """Predict a file with the packaged model: INPUT -o OUTPUT."""
    parser = argparse.ArgumentParser(
        description="Predict the rows of a file. If interrupted, the same command goes on."
    )
    parser.add_argument("input", type=Path, help="CSV, TSV, Parquet or JSON Lines file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="CSV or Parquet file")
    parser.add_argument("--separator", default=",", help="of a CSV file's values (default: ,)")
    parser.add_argument("--encoding", default="utf-8", help="of a CSV file (default: utf-8)")
    given = parser.parse_args(arguments)
    bundle = load_bundle(BUNDLE)
    options = make_options(given.separator, given.encoding)
    model = Model(bundle, bundle.version, read_json(BUNDLE / GRAPH)["threshold"])
    return predict_file(model, given.input, given.output, options)


def make_options(separator: str, encoding: str) -> Source:
    """Say how to read a CSV file of rows.

    Raises:
        DataError: The separator is not one character.
    """
    if len(separator) != 1:
        raise DataError(f"--separator is {separator!r}; must be one character, such as ';'")
    return Source(files="*", separator=separator, encoding=encoding or "utf-8")


def command() -> None:
    """Run as a console script of the wheel."""
    sys.exit(run(main))
