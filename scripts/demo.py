"""Generate the default project, train its model, deliver April, train again; show both results."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "demo"
CONSOLE = Console()
Results = dict[str, Any]


def main() -> None:
    """Run the demonstration in build/demo, which is made anew."""
    start = time.monotonic()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    prepare_environment()
    CONSOLE.rule("Generate the default project")
    project = Path(cookiecutter(str(ROOT), no_input=True, output_dir=str(OUTPUT)))
    CONSOLE.rule("uv sync")
    run(project, "uv", "sync", "--quiet")
    before = train(project, "dvc repro: January to March")
    april = project / "data" / "incoming" / "2013-04.csv"
    april.rename(project / "data" / "raw" / "flights" / april.name)
    after = train(project, "dvc repro: April was delivered")
    CONSOLE.rule("Both results")
    CONSOLE.print(compare({"January to March": before, "with April": after}))
    CONSOLE.print(
        "April is harder to predict: the linear baseline, on the same rows, falls with the model. "
        "Scores of different test rows say nothing about which model is better.",
        f"\nReport: {(project / 'reports' / 'index.html').relative_to(ROOT)}",
        f"\nDone in {time.monotonic() - start:.0f} s.",
    )


def prepare_environment() -> None:
    """Put this environment's uv first, and let each Python keep its compiled bytecode."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for name in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    use_caches_without_network()


def use_caches_without_network() -> None:
    """Tell uv that there is no network, if so: else it asks how old its files are, and fails."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--refresh", "-"]
    done = subprocess.run(command, input=b"pip", capture_output=True, check=False)
    if done.returncode:
        os.environ["UV_OFFLINE"] = "1"


def run(project: Path, *command: str) -> None:
    """Run a command in the project; a failure ends the script, with 1."""
    done = subprocess.run(command, cwd=project, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")


def train(project: Path, title: str) -> Results:
    """Run the pipeline, show the verdict, and return the results."""
    CONSOLE.rule(title)
    run(project, "uv", "run", "dvc", "repro")
    run(project, "uv", "run", project.name, "verdict")
    files = {"metrics": "reports", "details": "reports", "counts": "data/prepared"}
    return {
        name: json.loads((project / folder / f"{name}.json").read_text(encoding="utf-8"))
        for name, folder in files.items()
    }


def compare(results: dict[str, Results]) -> Table:
    """Set the results of several runs side by side."""
    table = Table("", *results)
    for part in ("train", "test"):
        table.add_row(
            f"{part} rows", *(f"{r['counts']['parts'][part]:,}" for r in results.values())
        )
    spans = [result["counts"]["spans"]["test"] for result in results.values()]
    table.add_row("test rows from", *(first for first, _ in spans))
    table.add_row("test rows to", *(last for _, last in spans))
    for name in next(iter(results.values()))["metrics"]["test"]:
        scores = [
            (r["metrics"]["test"][name], r["details"]["baselines"]["linear"][name])
            for r in results.values()
        ]
        table.add_row(f"test {name}", *(f"{model:.3f}" for model, _ in scores))
        table.add_row("  of the linear baseline", *(f"{linear:.3f}" for _, linear in scores))
    return table


if __name__ == "__main__":
    main()
