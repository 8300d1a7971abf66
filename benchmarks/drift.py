"""How often `drift` of a generated project raises a false alarm, and how often it finds a shift.

Prints two Markdown tables; docs/benchmarks.md keeps the last ones.
"""

import argparse
import shutil
import subprocess
from pathlib import Path

from cookiecutter.main import cookiecutter

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "bench" / "drift"


def main() -> None:
    """Generate a project, and measure inside its environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=100, help="to draw (default 100)")
    years = parser.parse_args().years
    shutil.rmtree(OUTPUT, ignore_errors=True)
    project = Path(cookiecutter(str(ROOT), no_input=True, output_dir=str(OUTPUT)))
    subprocess.run(["uv", "sync", "--quiet"], cwd=project, check=True)
    script = Path(__file__).with_name("drift_years.py")
    command = ["uv", "run", "--no-sync", "python", str(script), str(years)]
    subprocess.run(command, cwd=project, check=True)


if __name__ == "__main__":
    main()
