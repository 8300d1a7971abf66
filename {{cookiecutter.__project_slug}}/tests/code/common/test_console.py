"""A stage ends with one line: what it did, or what the user can mend."""

import os
import sys
import time
from io import BytesIO, TextIOWrapper

import pytest

from {{ cookiecutter.__package_name }}.common import console
from {{ cookiecutter.__package_name }}.common.errors import (
    DataError,
    GateError,
    ModelError,
    ProjectError,
    SettingsError,
)


def test_run_gives_the_arguments_and_prints_the_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["stage", "a", "b"])
    assert console.run(lambda arguments: f"read {arguments}") == 0
    assert capsys.readouterr() == ("read ['a', 'b']\n", "")


@pytest.mark.parametrize(
    ("error", "code"),
    [(ProjectError, 2), (SettingsError, 2), (DataError, 2), (ModelError, 2), (GateError, 1)],
)
def test_run_prints_the_error_and_returns_its_code(capsys, error, code):
    def main(arguments):
        raise error("params.yaml: goal is missing")

    assert console.run(main) == code
    assert capsys.readouterr() == ("", "error: params.yaml: goal is missing\n")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}),
        ({"OMP_WAIT_POLICY": "active"}, {"OMP_WAIT_POLICY": "active"}),
        ({"GOMP_SPINCOUNT": "0"}, {"GOMP_SPINCOUNT": "0"}),
    ],
)
def test_run_tells_the_threads_how_to_wait_unless_the_user_did(monkeypatch, chosen, told):
    names = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")
    # Set first, so that they are as before when the test has ended.
    for name in names:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    console.run(lambda _: "")
    assert {name: os.environ[name] for name in names if name in os.environ} == told


def test_run_prints_what_the_console_can_show_when_it_knows_no_arrow(monkeypatch):
    # As on Windows, where output that goes into a file or to DVC is not in UTF-8.
    stream = TextIOWrapper(BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    assert console.run(lambda _: "100 rows → data") == 0
    stream.flush()
    assert stream.buffer.getvalue().split() == b"100 rows ? data".split()


def test_run_hides_no_error_of_the_code():
    def main(arguments):
        raise KeyError("x")

    with pytest.raises(KeyError):
        console.run(main)


def work(arguments):
    with console.progress("boosting", 2) as advance:
        advance()
        advance()
    time.sleep(0.5)
    return "done"


def show_on_terminal(monkeypatch, patience):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(console, "PATIENCE_SECONDS", patience)


def test_progress_is_not_shown_when_the_work_is_short(monkeypatch, capsys):
    show_on_terminal(monkeypatch, patience=60)
    assert console.run(work) == 0
    assert capsys.readouterr() == ("done\n", "")


def test_progress_is_shown_when_the_work_takes_longer(monkeypatch, capsys):
    show_on_terminal(monkeypatch, patience=0.01)
    assert console.run(work) == 0
    out, shown = capsys.readouterr()
    assert out == "done\n"
    assert "boosting: 2 of 2" in shown


def test_share_is_shown_as_a_bar_which_goes_away(monkeypatch, capsys):
    def work(arguments):
        console.show_share(0.25, "of the file")
        time.sleep(0.5)
        return "done"

    show_on_terminal(monkeypatch, patience=0.2)
    monkeypatch.setenv("COLUMNS", "60")
    assert console.run(work) == 0
    shown = capsys.readouterr().err.split("\r")
    assert shown[1] == "[########......................] 25% of the file"
    assert shown[-2:] == [" " * len(shown[1]), ""]


def test_interruption_is_said_in_one_line(capsys):
    def work(arguments):
        raise KeyboardInterrupt

    assert console.run(work) == 130
    assert capsys.readouterr().err == "error: interrupted\n"


def test_progress_is_not_shown_when_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(console, "PATIENCE_SECONDS", 0.01)
    assert console.run(work) == 0
    assert capsys.readouterr() == ("done\n", "")
