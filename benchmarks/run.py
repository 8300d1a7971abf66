"""Speed and memory of a generated project, as ratios to the same work without DVC.

Each pair is measured in turns, and the medians are compared, so that a busy machine slows both
sides alike. `make bench` runs it; docs/benchmarks.md keeps the last table.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from cookiecutter.main import cookiecutter

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "bench"
# Calls the stages that dvc.yaml names, with its arguments, one after another in one process.
BARE = """
import importlib
from ruamel.yaml import YAML
for stage in YAML(typ="safe").load(open("dvc.yaml"))["stages"].values():
    _, _, module, *arguments = stage["cmd"].split()
    print(importlib.import_module(module).main(arguments))
"""


class Cost(NamedTuple):
    """What one run took."""

    seconds: float
    megabytes: float


class Pair(NamedTuple):
    """Two ways to do the same, and how much dearer the first may be."""

    name: str
    ours: list[str]
    bare: list[str]
    seconds_goal: float
    megabytes_goal: float | None = None


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each command (default 3)")
    runs = parser.parse_args().runs
    shutil.rmtree(OUTPUT, ignore_errors=True)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for name in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    python = [".venv/Scripts/python" if os.name == "nt" else ".venv/bin/python"]
    dvc = ["uv", "run", "--no-sync", "dvc"]
    bare = [*python, "-c", BARE]
    small = make_project("small")
    print("| measured | ours | bare | ratio | goal |\n|---|---|---|---|---|")
    measure(small, Pair("dvc repro, 6,000 rows", [*dvc, "repro", "--force"], bare, 2.0), runs)
    status = [*dvc, "status"]
    measure(small, Pair("dvc repro, nothing to do", [*dvc, "repro"], status, 1.3), runs)
    year = make_project("year")
    deliver_year(year)
    measure(year, Pair("dvc repro, a year", [*dvc, "repro", "--force"], bare, 1.15, 1.1), runs)


def make_project(name: str) -> Path:
    """Generate a project and run its pipeline once, so that all bytecode is compiled."""
    project = Path(cookiecutter(str(ROOT), no_input=True, output_dir=str(OUTPUT / name)))
    for command in (["uv", "sync", "--quiet"], ["uv", "run", "dvc", "repro", "--quiet"]):
        subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    return project


def deliver_year(project: Path) -> None:
    """Replace the example's deliveries by every flight of the year."""
    raw = project / "data" / "raw"
    shutil.rmtree(raw)
    build = [sys.executable, str(ROOT / "examples" / "flights" / "build.py"), str(raw)]
    subprocess.run([*build, "--rows", "all"], check=True, stdout=subprocess.DEVNULL)


def measure(project: Path, pair: Pair, runs: int) -> None:
    """Run both commands in turns and print their row, or rows, of the table."""
    turns = [(run(project, pair.ours), run(project, pair.bare)) for _ in range(runs)]
    ours, bare = (
        Cost(*(statistics.median(values) for values in zip(*costs, strict=True)))
        for costs in zip(*turns, strict=True)
    )
    print(
        row(
            pair.name,
            f"{ours.seconds:.1f} s",
            f"{bare.seconds:.1f} s",
            ours.seconds / bare.seconds,
            pair.seconds_goal,
        )
    )
    if pair.megabytes_goal is not None:
        print(
            row(
                f"{pair.name}, peak memory",
                f"{ours.megabytes:,.0f} MB",
                f"{bare.megabytes:,.0f} MB",
                ours.megabytes / bare.megabytes,
                pair.megabytes_goal,
            )
        )


def run(project: Path, command: list[str]) -> Cost:
    """Run a command; its memory is that of the largest of its processes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"bench: {' '.join(command)[:80]} failed")
    return Cost(time.perf_counter() - start, usage.ru_maxrss / 1024)


def row(name: str, ours: str, bare: str, ratio: float, goal: float) -> str:
    """Compose a row of the table."""
    return f"| {name} | {ours} | {bare} | {ratio:.2f} | ≤ {goal} |"


if __name__ == "__main__":
    main()
