"""Rows per second and peak memory of predicting a file, as ratios to a script written by hand.

Run it with the folder of a project that has been reproduced, about two minutes:
python benchmarks/batch.py build/bench/small/flight-delays

With --rows 10000000 it also predicts a file so large, which takes a quarter of an hour and 6 GB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

SMALL = 1_000_000
RULE = "|---|---|---|---|---|"
# The project's clean rows, drawn again and again, written a part at a time.
DRAW = """
import sys
from pathlib import Path
import numpy as np
import pandas as pd
prepared, path, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
rows = pd.concat(map(pd.read_parquet, sorted(prepared.glob("t*.parquet")))).drop(columns="target")
random = np.random.default_rng(1)
with open(path, "w", newline="") as file:
    while left:
        n = min(left, 500_000)
        drawn = rows.iloc[random.integers(0, len(rows), n)]
        drawn.to_csv(file, index=False, header=not file.tell())
        left -= n
"""
# What one writes in ten minutes: everything in memory, nothing checked, nothing resumed.
BY_HAND = """
import importlib, sys
from pathlib import Path
import pandas as pd
from lightgbm import Booster
name, source, output = sys.argv[1:]
bundle = Path(name) / "bundle"
custom = importlib.import_module(f"{name}.features.custom")
skops_file = importlib.import_module(f"{name}.model.skops_file")
transform = skops_file.load(bundle / "transform.skops")
rows = pd.read_csv(source, parse_dates=["time_hour"])
arrays = {name: rows[name].to_numpy() for name in rows}
features = rows.assign(**custom.add_features(arrays))
texts = features.select_dtypes("str").columns
features[texts] = features[texts].astype(object).where(features[texts].notna(), None)
values = transform.transform(features[transform.feature_names_in_])
booster = Booster(model_file=bundle / "estimator" / "model.txt")
rows.assign(probability=booster.predict(values)).to_csv(output, index=False)
"""
OURS = "import sys; from {name}.serving.batch.command import command; command()"
COMPARE = """
import sys
import numpy as np
import pandas as pd
ours, bare = (pd.read_csv(path)["probability"] for path in sys.argv[1:])
sys.exit(None if np.allclose(ours, bare, rtol=0, atol=1e-12) else "bench: predictions differ")
"""


class Cost(NamedTuple):
    """What one run took."""

    seconds: float
    megabytes: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="of each (default 3)")
    parser.add_argument("--rows", type=int, help="of a larger file, to compare its peak memory")
    given = parser.parse_args()
    project = given.project.resolve()
    python = str(project / (".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python"))
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(next((project / "dist").glob("*.whl"))) as wheel:
            wheel.extractall(folder)
        bench = Bench(python, Path(folder), project / "data" / "prepared")
        bench.print_time(given.runs)
        if given.rows:
            bench.print_memory(given.rows)


class Bench:
    """The packaged model and the script by hand, on files of any length."""

    def __init__(self, python: str, folder: Path, prepared: Path) -> None:
        """Take the Python of the project, a folder with the wheel's content, and clean rows."""
        self.python, self.folder, self.prepared = python, folder, prepared
        self.name = next(path.parent.name for path in folder.glob("*/bundle"))
        self.small = self.draw(SMALL)

    def draw(self, rows: int) -> Path:
        """Write a file of so many rows."""
        path = self.folder / f"{rows}.csv"
        self.run(DRAW, str(self.prepared), str(path), str(rows))
        return path

    def print_time(self, runs: int) -> None:
        """Print the time by each way, in turns and the least of the runs, and the peak memory."""
        ours, bare = self.folder / "ours.csv", self.folder / "bare.csv"
        costs = [(self.predict(self.small, ours), self.by_hand(bare)) for _ in range(runs)]
        self.run(COMPARE, str(ours), str(bare))
        (seconds, memory), (bare_seconds, bare_memory) = (
            (min(cost.seconds for cost in way), max(cost.megabytes for cost in way))
            for way in zip(*costs, strict=True)
        )
        print(f"| {SMALL:,} rows of CSV | predict | by hand | ratio | goal |\n{RULE}")
        ratio = seconds / bare_seconds
        print(f"| seconds | {seconds:.1f} | {bare_seconds:.1f} | {ratio:.2f} | ≤ 1.2 |")
        speeds = f"{SMALL / seconds:,.0f} | {SMALL / bare_seconds:,.0f}"
        print(f"| rows per second | {speeds} | {1 / ratio:.2f} | |")
        ratio = memory / bare_memory
        print(f"| peak memory, MB | {memory:,.0f} | {bare_memory:,.0f} | {ratio:.2f} | |")

    def print_memory(self, rows: int) -> None:
        """Print the peak memory of a larger file beside that of the small one."""
        output = self.folder / "ours.parquet"
        costs = [self.predict(path, output) for path in (self.small, self.draw(rows))]
        small, large = (f"{cost.megabytes:,.0f}" for cost in costs)
        ratio = costs[1].megabytes / costs[0].megabytes
        print(f"\n| CSV to Parquet | {SMALL:,} rows | {rows:,} rows | ratio | goal |\n{RULE}")
        print(f"| seconds | {costs[0].seconds:.1f} | {costs[1].seconds:.1f} | | |")
        print(f"| peak memory, MB | {small} | {large} | {ratio:.2f} | under 1,000 |")

    def predict(self, source: Path, output: Path) -> Cost:
        """Predict by the packaged model's command."""
        return self.run(OURS.format(name=self.name), str(source), "-o", str(output))

    def by_hand(self, output: Path) -> Cost:
        """Predict the small file by the script."""
        return self.run(BY_HAND, self.name, str(self.small), str(output))

    def run(self, code: str, *arguments: str) -> Cost:
        """Run code in the project's Python, beside the wheel's content."""
        environment = os.environ | {"PYTHONPATH": str(self.folder)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        process = subprocess.Popen(
            [self.python, "-c", code, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"bench: {code[:60]!r} failed")
        return Cost(time.perf_counter() - start, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
