"""The example's year, played month by month as docs/retraining.md tells it."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow
# | July | 1,912 | 0.689 | 0.716 | +0.026 (+0.014 to +0.039) | 0.745 | better |
ROW = re.compile(
    r"^\| (\w+) \| ([\d,]+) \| (0\.\d+) \| (0\.\d+) \| \S+ \(.* to .*\) \| (0\.\d+) \| (.+) \|$",
    re.M,
)
VERDICTS = {"better", "same within noise", "worse"}


def test_retrained_model_beats_the_frozen_one_in_july(scratch: dict[str, str]) -> None:
    command = [sys.executable, "scripts/months.py", "--until", "7"]
    subprocess.run(command, cwd=ROOT, env=scratch, check=True, stdout=subprocess.DEVNULL)
    months = ROOT / "build" / "months"
    played = ROW.findall((months / "figures.md").read_text(encoding="utf-8"))
    assert [month for month, *_ in played] == ["April", "May", "June", "July"]
    assert {verdict for *_, verdict in played} <= VERDICTS
    _, rows, frozen, retrained, refitted, _ = played[-1]
    assert int(rows.replace(",", "")) > 1900
    assert 0.65 < float(frozen) < float(retrained) < float(refitted) < 0.8
    tags = subprocess.run(
        ["git", "tag"],
        cwd=months / "flight-delays",
        env=scratch,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert tags == [f"2013-{month:02}" for month in range(3, 8)]
