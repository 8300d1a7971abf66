"""The prediction log in a real PostgreSQL, which is stopped and started while it is written."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import Bake

# `make test-fast` asks for nothing but Git.
pytestmark = pytest.mark.slow

PASSWORD, IN_URL = "p@ss/word", "p%40ss%2Fword"
COLUMNS = [{"name": "weight", "role": "feature", "log": "keep"}]


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of its own, on 127.0.0.1."""

    programs: Path
    folder: Path
    port: int

    def run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        command = [*(other if os.geteuid() == 0 else []), str(self.programs / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off"
        options += f" -c unix_socket_directories={self.folder}"
        data, output = str(self.folder / "data"), str(self.folder / "output")
        self.run("pg_ctl", "-D", data, "-l", output, "-w", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def url(self, database: str = "postgres", user: str = "owner", password: str = IN_URL) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            found = [connection.execute(statement.encode()) for statement in statements]
            return found[-1].fetchall() if found[-1].description else []


@pytest.fixture(scope="module")
def stopped() -> Iterator[Server]:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl") or (str(installed[-1]) if installed else None)
    assert found, "no PostgreSQL is installed: apt-get install postgresql, or let .ci/run do it"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # pytest's own folders are closed to the user whom PostgreSQL runs as.
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(found).parent, Path(folder), port)
        (server.folder / "password").write_text(PASSWORD)
        for path in (server.folder, server.folder / "password"):
            if os.geteuid() == 0:
                shutil.chown(path, "nobody", "nogroup")
        who = ["--username=owner", "--pwfile=password", "--auth=scram-sha-256"]
        server.run("initdb", "--no-locale", "--encoding=UTF8", *who, "-D", "data")
        yield server
        if (server.folder / "data/postmaster.pid").exists():
            server.stop()


@pytest.fixture
def server(stopped: Server) -> Server:
    if not (stopped.folder / "data/postmaster.pid").exists():
        stopped.start()
    return stopped


@pytest.fixture
def modules(bake: Bake, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Give a function that imports a module of a generated project."""
    monkeypatch.syspath_prepend(bake().path / "src")
    for name in [name for name in sys.modules if name.partition(".")[0] == "flight_delays"]:
        monkeypatch.delitem(sys.modules, name)
    log = import_module("flight_delays.serving.log.prediction_log")
    monkeypatch.setattr(log, "PAUSE", 0.01)
    monkeypatch.setattr(log, "LONGEST_PAUSE", 0.05)
    return lambda name: import_module(f"flight_delays.{name}")


@pytest.fixture
def open_log(modules: Callable[[str], Any]) -> Iterator[Callable[[str], Any]]:
    """Give a function that opens a log by its URL."""
    opened = []

    def open_one(url: str) -> Any:
        opened.append(modules("serving.log.prediction_log").open_log(url, COLUMNS, "1.0"))
        return opened[-1]

    yield open_one
    for log in opened:
        log.close()


@pytest.fixture
def yes(modules: Callable[[str], Any]) -> Any:
    return modules("serving.scored").Scored(probability=0.75, decision=True)


def wait_for(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come to that within a minute"
        time.sleep(0.01)


def test_rows_outlive_a_server_that_is_down_at_the_start_and_in_between(
    stopped: Server, open_log: Callable[[str], Any], modules: Callable[[str], Any], yes: Any
) -> None:
    log = open_log(stopped.url())
    wait_for(lambda: log.state()["error"])
    assert "refused" in log.state()["error"]
    log.put([{"weight": 1}, {"weight": "a\0b\ud800"}], [yes] * 2)
    stopped.start()
    wait_for(lambda: log.state() == {"written": 2, "lost": 0, "error": None})
    stopped.stop()
    log.put([{"weight": 2.5}] * 1000, [yes] * 1000)
    wait_for(lambda: log.state()["error"])
    stopped.start()
    wait_for(lambda: log.state() == {"written": 1002, "lost": 0, "error": None})
    found = modules("review.drift.log").read_log(stopped.url())
    assert found["weight"].tolist() == [1, "a\ufffdb?", *[2.5] * 1000]
    assert found["_probability"].tolist() == [0.75] * 1002
    query = "SELECT time <= now(), decision FROM predictions WHERE input ->> 'weight' = '1'"
    assert stopped.execute(query) == [(True, True)]


def test_password_is_in_no_message(
    server: Server, open_log: Callable[[str], Any], modules: Callable[[str], Any]
) -> None:
    log = open_log(server.url(password="wrong%40secret"))
    wait_for(lambda: log.state()["error"])
    with pytest.raises(modules("common.errors").DataError) as caught:
        modules("review.drift.log").read_log(server.url(password="wrong%40secret"))
    for text in (log.state()["error"], str(caught.value)):
        assert 'password authentication failed for user "owner"' in text
        assert "secret" not in text
    database = modules("serving.log.address").open_database(server.url())
    assert database.describe(ValueError(f"{PASSWORD} is\nwrong")) == "PostgreSQL: *** is"
    with pytest.raises(modules("common.errors").SettingsError) as refused:
        open_log("postgresql://u:secret@h/d?unheard=secret")
    assert "secret" not in str(refused.value)
    # A service that can't start shows the cause as well.
    assert refused.value.__suppress_context__


def test_user_who_may_only_insert_can_write(
    server: Server, open_log: Callable[[str], Any], yes: Any
) -> None:
    server.execute("CREATE DATABASE narrow")
    log = open_log(server.url("narrow"))
    log.close()
    role = f"CREATE ROLE writer LOGIN PASSWORD '{PASSWORD}'"
    server.execute(role, "GRANT INSERT ON predictions TO writer", database="narrow")
    log = open_log(server.url("narrow", "writer"))
    log.put([{"weight": 1}], [yes])
    log.close()
    assert log.state() == {"written": 1, "lost": 0, "error": None}


def test_row_that_a_database_can_not_hold_is_lost_alone(
    server: Server, open_log: Callable[[str], Any], yes: Any
) -> None:
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    log = open_log(server.url("latin"))
    log.put([{"weight": "\u6f22"}], [yes])
    wait_for(lambda: log.state()["lost"])
    assert "has no equivalent in encoding" in log.state()["error"]
    log.put([{"weight": "\xe4"}], [yes])
    wait_for(lambda: log.state() == {"written": 1, "lost": 1, "error": None})


def test_server_that_does_not_answer_holds_up_no_stop(
    open_log: Callable[[str], Any],
    modules: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
    yes: Any,
) -> None:
    monkeypatch.setattr(modules("serving.log.prediction_log"), "CLOSING", 0.1)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        log = open_log(f"postgresql://127.0.0.1:{silent.getsockname()[1]}/d")
        log.put([{"weight": 1}], [yes])
        log.close()
        assert log.state() == {"written": 0, "lost": 1, "error": None}
