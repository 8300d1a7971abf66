"""The report of a change, written where a pull request or a browser finds it."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

from ...common.errors import DataError
from ...common.io import write_text
from .change import Change, read_change
from .report import write_failure, write_pull_request
from .reproduce import read_reproduction
from .reproducibility import judge_reproducibility

LINKED = {
    "model card": "reports/model_card.md",
    "settings": "params.yaml",
    "data contract": "schema.yaml",
}
URL = re.compile(r"https?://[^\s<>\\]+")
# In a comment, addresses relative to a file lead nowhere.
RUN_ON_GITHUB = re.compile(r"(?P<repository>https?://[^/]+/[^/]+/[^/]+)/actions/runs/")


def publish_report(
    folder: Path, comparison: Path | None, output: Path, html: Path | None, run_url: str | None
) -> str:
    """Write the report as Markdown and, if asked for, the comparison as a page.

    Args:
        folder: The project.
        comparison: What `compare` wrote; by default its usual place, if it is there.
        output: The Markdown file to write.
        html: The page to write.
        run_url: Address of the run that this is part of.

    Returns:
        What was written, in words.

    Raises:
        ModelError: There are no results yet.
        DataError: The comparison or an address is none.
        GateError: DVC can't tell whether dvc.lock is out of date.
    """
    if run_url and not URL.fullmatch(run_url):
        raise DataError(f"--run-url is {run_url!r}; must be an address such as https://example.org")
    links = find_links(folder, output, run_url)
    reports = folder / "reports"
    run = read_reproduction(reports / "compare" / "reproduction.json", reports / "verdict.json")
    if run["failure"]:
        write_text(output, write_failure(run["failure"], run["notes"], links))
        return f"The pipeline failed → {output}"
    change = read_change(reports, comparison)
    report = write_pull_request(change, judge_reproducibility(folder), links, run["notes"])
    write_text(output, report)
    if html:
        write_text(html, _write_page(change))
    met = "met" if change.verdict["goal_met"] else "missed"
    compared = f"{change.comparison['verdict']}" if change.comparison else "nothing compared"
    return f"The goal is {met}; {compared} → {output}{f', {html}' if html else ''}"


def find_links(folder: Path, output: Path, run_url: str | None) -> dict[str, str]:
    """Address the files that say more: on GitHub where the run is there, else beside the output."""
    run = RUN_ON_GITHUB.match(run_url or "")
    base = f"{run['repository']}/blob/{_find_commit(folder)}/" if run else ""
    links = {
        name: base + quote(path if run else _lead(output, folder / path))
        for name, path in LINKED.items()
        if (folder / path).exists()
    }
    return links | ({"run": run_url} if run_url else {})


def _lead(output: Path, target: Path) -> str:
    return Path(os.path.relpath(target, output.parent)).as_posix()


def _find_commit(folder: Path) -> str:
    command = ["git", "rev-parse", "HEAD"]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "HEAD" if found.returncode else found.stdout.strip()


def _write_page(change: Change) -> str:
    if change.comparison is None:
        raise DataError("--html shows a comparison, and there is none; run `compare` first")
    from ..comparison.page import write_comparison_page

    return write_comparison_page(change.comparison, change.verdict)
