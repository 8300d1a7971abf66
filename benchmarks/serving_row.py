"""The time of one prediction in a generated project, by each way, and what serving needs at start.

Run it with the folder of a project that has been reproduced:
python benchmarks/serving_row.py build/bench/small/flight-delays
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import zipfile
from pathlib import Path

# Each way in turns and the least of the rounds, so that a busy machine slows all alike.
WAYS = """
import importlib, json, sys, time
from pathlib import Path
import numpy as np
import pandas as pd

name, prepared, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
scorer_module = importlib.import_module(f"{name}.serving.scorer")
bundle_module = importlib.import_module(f"{name}.model.bundle")
scorer = scorer_module.Scorer.load(Path(name) / "bundle")
bundle = bundle_module.load_bundle(Path(name) / "bundle")
known = bundle.schema.with_role("feature", "time")
table = pd.read_parquet(prepared)[known].head(50)
# As JSON holds them.
rows = json.loads(table.to_json(orient="records", date_format="iso", date_unit="s"))
parsed = [scorer._engine._contract.read(row)[0] for row in rows]
X = [np.array([features]) for features in scorer._engine._features.make(parsed)]
booster = bundle.model.estimator
frames = [table.iloc[[place]] for place in range(5)]
ways = {
    "the bundle on a one-row DataFrame": (bundle.predict, frames),
    "LightGBM's Booster.predict on an array": (booster.predict, X),
    "LightGBM's C API on an array": (
        scorer._engine._model.predict, scorer._engine._features.make(parsed)
    ),
    "the contract on a dict": (scorer._engine._contract.read, rows),
    "own features and transform": (lambda values: scorer._engine._features.make([values]), parsed),
    "the scorer on a dict": (lambda row: scorer.score([row]), rows),
    "the scorer with contributions": (lambda row: scorer.score([row], contributions=True), rows),
    "the scorer on 50 dicts, a row": (scorer.score, [rows]),
}
least = dict.fromkeys(ways, float("inf"))
for _ in range(rounds):
    for way, (call, arguments) in ways.items():
        start = time.perf_counter()
        for argument in arguments:
            call(argument)
        n_rows = 50 if way.endswith("a row") else len(arguments)
        least[way] = min(least[way], (time.perf_counter() - start) / n_rows * 1e6)
expected = bundle.predict(table).select_dtypes("number").to_numpy()[:, 0]
found = [each.probability or each.prediction for each in scorer.score(rows)]
if scorer.task != "multiclass" and not np.allclose(found, expected, rtol=0, atol=1e-6):
    sys.exit("bench: the predictions differ")
print(json.dumps(least))
"""
START = """
import sys, time
begin = time.perf_counter()
from pathlib import Path
from importlib import import_module
scorer = import_module(sys.argv[1] + ".serving.scorer").Scorer.load(Path(sys.argv[1]) / "bundle")
scorer.score([{}])
slow = {"pandas", "sklearn", "scipy", "lightgbm", "pydantic"} & sys.modules.keys()
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)
print(time.perf_counter() - begin, peak, ",".join(sorted(slow)) or "none of the slow libraries")
"""


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    project = given.project.resolve()
    python = project / (".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(next((project / "dist").glob("*.whl"))) as wheel:
            wheel.extractall(folder)
        package = next(path.parent.name for path in Path(folder).glob("*/bundle"))
        test = project / "data" / "prepared" / "test.parquet"
        print_ways(ask(python, folder, WAYS, package, str(test), str(given.rounds)))
        print_start([ask(python, folder, START, package) for _ in range(5)][1:])


def ask(python: Path, folder: str, code: str, *arguments: str) -> str:
    """Run code in the project's Python, on the packaged model."""
    environment = os.environ | {"PYTHONPATH": folder, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [str(python), "-c", code, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def print_ways(answer: str) -> None:
    """Print the microseconds of each way, and how many times the scorer they are."""
    times = json.loads(answer)
    print("| one row, in process | µs | of the scorer's |\n|---|---|---|")
    for way, micros in times.items():
        print(f"| {way} | {micros:,.0f} | {micros / times['the scorer on a dict']:.2f} |")


def print_start(answers: list[str]) -> None:
    """Print what the scorer needs until it has answered once in a fresh process."""
    parts = [answer.strip().split(" ", 2) for answer in answers]
    seconds, megabytes, loaded = zip(*parts, strict=True)
    print("\n| until the first answer, after Python's own start | |\n|---|---|")
    print(f"| seconds | {statistics.median(map(float, seconds)):.2f} |")
    print(f"| peak memory, MB | {statistics.median(map(float, megabytes)):.0f} |")
    print(f"| imported | {loaded[0]} |")


if __name__ == "__main__":
    main()
