"""The prediction log on real files: complete, private, and never in the way of an answer."""

import hashlib
import hmac
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.errors import SettingsError
from {{ cookiecutter.__package_name }}.data.row_contract import Fault
from {{ cookiecutter.__package_name }}.serving.log import prediction_log, records, sqlite
from {{ cookiecutter.__package_name }}.serving.log.prediction_log import open_log
from {{ cookiecutter.__package_name }}.serving.scored import Scored

COLUMNS = [
    {"name": "day", "type": "datetime", "role": "time", "log": "keep"},
    {"name": "shop", "type": "category", "role": "feature", "log": "omit"},
    {"name": "weight", "type": "number", "role": "feature", "log": "keep"},
    {"name": "client", "type": "category", "role": "id", "log": "hash"},
    {"name": "price", "type": "number", "role": "target", "log": "keep"},
]
PLAIN = [column for column in COLUMNS if column["log"] == "keep"]
YES = Scored(probability=0.75, decision=True)
KEY = "a secret of the team"
# Writes without an end, for another process.
WRITE = f"""
import json, sys
from {prediction_log.__name__} import open_log
from {Scored.__module__} import Scored
log = open_log(sys.argv[1], json.loads(sys.argv[2]), "other")
while True:
    log.put([dict(weight=1.0)] * 100, [Scored(probability=0.5)] * 100)
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(prediction_log, "PAUSE", 0.01)
    monkeypatch.setattr(prediction_log, "LONGEST_PAUSE", 0.05)
    monkeypatch.setenv(records.KEY, KEY)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'log.db'}"


def read(url, query="SELECT * FROM predictions"):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def write(url, rows, scored, columns=PLAIN):
    log = open_log(url, columns, "1.0")
    log.put(rows, scored)
    log.close()
    return log.state()


def wait_for(condition):
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end, "it did not come to that within a minute"
        sleep(0.01)


def test_row_is_logged_with_what_was_predicted(url):
    before = datetime.now(UTC)
    state = write(url, [{"weight": 2.5, "day": "2024-01-01", "price": 3, "more": 4}], [YES])
    assert state == {"written": 1, "lost": 0, "error": None}
    (found,) = read(url)
    assert before <= datetime.fromisoformat(found.pop("time")) <= datetime.now(UTC)
    assert json.loads(found.pop("input")) == {"day": "2024-01-01", "weight": 2.5}
    assert found == {
        "version": "1.0",
        "fault": None,
        "class": None,
        "number": None,
        "probability": 0.75,
        "decision": 1,
    }


def test_class_number_and_fault_have_their_own_columns(url):
    multiclass = Scored(prediction="b", probabilities={"a": 0.2, "b": 0.8})
    scored = [multiclass, Scored(prediction=12.5), Scored([Fault("weight", "must be 1", "2")])]
    write(url, [{"weight": 2}] * 3, scored)
    columns = ["class", "number", "probability", "fault"]
    assert [[row[name] for name in columns] for row in read(url)] == [
        ["b", None, 0.8, None],
        [None, 12.5, None, None],
        [None, None, None, "weight must be 1, is 2"],
    ]


def test_sensitive_values_are_hashed_or_left_out_everywhere(url):
    faults = [Fault("shop", "must be one of b", "secret"), Fault("client", "must be", "secret")]
    rows = [{"shop": "secret", "client": 7.0}, {"client": " 7 "}, {"client": None}]
    write(url, rows, [Scored(faults), YES, YES], COLUMNS)
    digest = hmac.new(KEY.encode(), b"7", hashlib.sha256).hexdigest()
    found = read(url)
    assert [json.loads(row["input"]) for row in found] == [
        {"client": digest},
        {"client": digest},
        {"client": None},
    ]
    assert found[0]["fault"] == "shop must be one of b; client must be"
    assert b"secret" not in b"".join(path.read_bytes() for path in files_of(url))


def files_of(url):
    path = Path(url.removeprefix("sqlite:///"))
    return [*path.parent.glob(f"{path.name}*")]


@pytest.mark.parametrize(("key", "state"), [("", "is not set"), ("short", "has 5 characters")])
def test_hash_needs_a_key(url, monkeypatch, key, state):
    monkeypatch.setenv(records.KEY, key)
    with pytest.raises(SettingsError, match=f"hash` of client, .* {records.KEY} {state}; set it"):
        open_log(url, COLUMNS, "1.0")


def test_any_value_can_be_logged(url):
    values = {
        "text": ("a\0b\ud800'\"", "a\ufffdb?'\""),
        "nan": (float("nan"), None),
        "infinity": (float("inf"), "inf"),
        "large": (10**400, 10**400),
        "integer": (np.int64(7), 7),
        "float": (np.float64(0.1), 0.1),
        "moment": (pd.Timestamp(2024, 1, 1), "2024-01-01 00:00:00"),
        "no moment": (pd.NaT, None),
        "nothing": (pd.NA, None),
        "boolean": (True, True),
        "list": ([1, {"a": None}], "[1, {'a': None}]"),
    }
    columns = [{"name": name, "role": "feature", "log": "keep"} for name in values]
    row = {name: given for name, (given, _) in values.items()}
    assert write(url, [row], [YES], columns)["written"] == 1
    assert json.loads(read(url)[0]["input"]) == {name: due for name, (_, due) in values.items()}


@pytest.mark.parametrize(
    "wrong",
    [
        "predictions.db",
        "sqlite:///",
        "mysql://u:hush@h/d",  # pragma: allowlist secret
        "postgresql://u:hu@sh@h/d",  # pragma: allowlist secret
        "postgresql://u:hu/sh@h/d",
        "postgresql://u:hu%sh@h/d",  # pragma: allowlist secret
    ],
)
def test_wrong_url_is_refused_without_showing_a_password(wrong):
    with pytest.raises(SettingsError, match="--log must be a URL such as") as caught:
        open_log(wrong, PLAIN, "1.0")
    assert "hu" not in str(caught.value)


def test_extra_is_named_that_postgresql_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        SettingsError, match=r"psycopg is not installed: install .*WHEEL\[postgres\]"
    ):
        open_log("postgresql://host/database", PLAIN, "1.0")


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="absent: no such folder; make it"):
        open_log(f"sqlite:///{tmp_path / 'absent' / 'log.db'}", PLAIN, "1.0")


def test_rows_wait_for_a_file_that_can_be_written(url, tmp_path):
    (tmp_path / "log.db").mkdir()
    log = open_log(url, PLAIN, "1.0")
    wait_for(lambda: log.state()["error"])
    log.put([{"weight": 1}], [YES])
    assert log.state() == {
        "written": 0,
        "lost": 0,
        "error": f"{tmp_path / 'log.db'}: unable to open database file",
    }
    (tmp_path / "log.db").rmdir()
    wait_for(lambda: log.state() == {"written": 1, "lost": 0, "error": None})
    log.close()


def test_tries_to_reach_a_database_become_rare(url, tmp_path, monkeypatch):
    (tmp_path / "log.db").mkdir()
    store, tries = sqlite.Sqlite, []
    connect = store.connect
    monkeypatch.setattr(store, "connect", lambda self: tries.append(monotonic()) or connect(self))
    log = open_log(url, PLAIN, "1.0")
    wait_for(lambda: len(tries) > 6)
    log.close()
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert all(gap >= due for gap, due in zip(gaps, [0.01, 0.02, 0.04, 0.05, 0.05], strict=False))


def test_full_disk_is_told_and_recovered_from(url, tmp_path):
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = open_log(url, PLAIN, "1.0")
    wait_for((tmp_path / "log.db").exists)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        log.put([{"day": "x" * 10_000}] * 50, [YES] * 50)
        wait_for(lambda: log.state()["error"])
        assert log.state()["written"] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    wait_for(lambda: log.state()["written"] == 50)
    log.close()
    assert log.state() == {"written": 50, "lost": 0, "error": None}
    assert len(read(url)) == 50


def test_rows_beyond_what_may_wait_are_counted_as_lost(url, tmp_path, monkeypatch):
    monkeypatch.setattr(prediction_log, "MAX_WAITING", 5)
    (tmp_path / "log.db").mkdir()
    log = open_log(url, PLAIN, "1.0")
    for n in (4, 3, 2):
        log.put([{"weight": 1}] * n, [YES] * n)
    assert log.state()["lost"] == 2
    log.close()
    log.put([{"weight": 1}], [YES])
    assert log.state()["written"] == 0
    assert log.state()["lost"] == 10


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_writer_that_broke_down_is_told(url):
    log = open_log(url, PLAIN, "1.0")
    log.put([{"weight": 1}], [None])
    wait_for(
        lambda: log.state()["error"] == "the writer broke down; the service's own output says why"
    )


def test_writer_waits_for_another_transaction(url, monkeypatch):
    # However long a busy machine stands still.
    monkeypatch.setattr(sqlite, "SECONDS", 60)
    log = open_log(url, PLAIN, "1.0")
    wait_for(lambda: Path(url.removeprefix("sqlite:///")).exists() and count(url, "1.0") == 0)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.put([{"weight": 1}], [YES])
        # Many looks of the writer, and little of what it waits.
        sleep(0.3)
        assert log.state() == {"written": 0, "lost": 0, "error": None}
        other.execute("COMMIT")
    log.close()
    assert log.state() == {"written": 1, "lost": 0, "error": None}


def test_error_is_told_until_rows_are_written(url, monkeypatch):
    monkeypatch.setattr(sqlite, "SECONDS", 0.05)
    log = open_log(url, PLAIN, "1.0")
    wait_for(lambda: Path(url.removeprefix("sqlite:///")).exists() and count(url, "1.0") == 0)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.put([{"weight": 1}], [YES])
        wait_for(lambda: log.state()["error"])
        for _ in range(20):
            assert "database is locked" in log.state()["error"]
            sleep(0.01)
        other.execute("COMMIT")
    wait_for(lambda: log.state() == {"written": 1, "lost": 0, "error": None})
    log.close()


def test_other_process_writes_the_same_file_and_is_killed(url):
    log = open_log(url, PLAIN, "1.0")
    other = subprocess.Popen([sys.executable, "-c", WRITE, url, json.dumps(PLAIN)])
    try:
        wait_for(lambda: files_of(url) and count(url, "other") > 1000)
        log.put([{"weight": 1}] * 2000, [YES] * 2000)
        wait_for(lambda: log.state()["written"] == 2000)
    finally:
        other.kill()
        other.wait()
    assert read(url, "PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    # Whole batches or nothing, and the file is as good as before.
    assert count(url, "other") % 100 == 0
    assert read(url, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    log.put([{"weight": 1}], [YES])
    log.close()
    assert log.state() == {"written": 2001, "lost": 0, "error": None}
    assert count(url, "1.0") == 2001


def count(url, version):
    try:
        query = f"SELECT count(*) AS n FROM predictions WHERE version = '{version}'"
        return read(url, query)[0]["n"]
    except sqlite3.OperationalError:  # no table yet
        return 0
