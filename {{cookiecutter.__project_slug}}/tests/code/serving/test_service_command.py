"""The command of the wheel, as a process: how it starts, what it loads, how it stops."""

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from http_service import Client, unpack

from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.serving.service.command import bind, name_variable, parse

ROW = {"day": "2020-02-01", "shop": "a", "colour": "red", "weight": 12.5, "rain": 0.5}
# What small_project.py adds, as the wheel's own code.
CUSTOM = """
def add_features(rows):
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
"""
SLOW = {"pandas", "sklearn", "scipy", "lightgbm", "pyarrow", "ruamel.yaml"}
RUN = """
import sys
from PACKAGE.serving.service import command
try:
    command.command()
finally:
    print("loaded:", *sys.modules)
"""
WINDOWS = os.name == "nt"


class Process:
    """The service as a process of its own."""

    def __init__(self, package: Path, *options: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN.replace("PACKAGE", package.name), *options],
            cwd=package.parent,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP if WINDOWS else 0,
        )
        found = re.search(r":(\d+)$", self.process.stdout.readline())
        self.client = Client(int(found[1])) if found else None

    def stop(self) -> tuple[str, str]:
        """Stop it as an operating system does, and give what it said."""
        self.process.send_signal(signal.CTRL_BREAK_EVENT if WINDOWS else signal.SIGTERM)
        return self.process.communicate(timeout=60)


@pytest.fixture
def package(project, tmp_path):
    """Give the folder of an unpacked wheel with the custom features of its project."""
    package = unpack(project("binary").wheel, tmp_path)
    (package / "features" / "custom.py").write_text(CUSTOM, encoding="utf-8")
    return package


def test_rows_in_json_and_csv_are_served_without_pandas_and_scikit_learn(package):
    variable = f"{name_variable('{{ cookiecutter.__project_slug }}')}_API_KEY"
    served = Process(package, "--port", "0", **{variable: ""})
    assert served.client.predict(ROW).status == 200
    table = ",".join(ROW) + "\n" + ",".join(map(str, ROW.values()))
    assert served.client.post(table.encode(), "text/csv").status == 200
    said, warned = served.stop()
    assert served.process.returncode == 0
    assert warned == f"warning: no key in {variable}: all who can connect may ask\n"
    line, loaded = said.splitlines()
    assert line == "stopped after 2 answers of /predict"
    assert SLOW & {*loaded.split()} == set()


def test_key_comes_from_the_environment_and_predictions_are_logged(package):
    variable = f"{name_variable('{{ cookiecutter.__project_slug }}')}_API_KEY"
    log = package.parent / "log.db"
    variables = {variable: "secret", variable.replace("API_KEY", "LOG"): f"sqlite:///{log}"}
    served = Process(package, "--port", "0", **variables)
    assert served.client.predict(ROW).status == 401
    body = json.dumps({"rows": [ROW] * 3}).encode()
    assert served.client.post(body, X_API_Key=variables[variable]).status == 200
    assert served.stop()[1] == ""
    with closing(sqlite3.connect(log)) as database:
        assert database.execute("SELECT COUNT(*) FROM predictions").fetchall() == [(3,)]


def test_model_that_can_not_be_loaded_is_told_in_a_line(package):
    # As where the system's OpenMP is missing: the files are sound.
    trees = package / "serving" / "trees.py"
    text = trees.read_text(encoding="utf-8")
    trees.write_text(text.replace('"libpath.py"', '"absent.py"'), encoding="utf-8")
    refused = Process(package, "--port", "0")
    _, said = refused.process.communicate()
    assert refused.process.returncode == 2
    assert said.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("option", ["--timeout", "--max-rows", "--max-megabytes"])
def test_limit_that_is_no_positive_number_is_refused(option, capsys):
    for value in ("0", "-1", "nan", "inf", "many"):
        with pytest.raises(SystemExit):
            parse([option, value])
        assert option in capsys.readouterr().err


def test_damaged_model_and_taken_port_are_told_in_a_line(package):
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = Process(package, "--port", port)
        _, said = refused.process.communicate()
    assert refused.process.returncode == 2
    assert f"error: --host 127.0.0.1 --port {port}: can't be had (" in said.splitlines()[-1]
    graph = package / "bundle" / "graph.json"
    write_json(graph, read_json(graph) | {"threshold": 0.1})
    refused = Process(package)
    _, said = refused.process.communicate()
    assert refused.process.returncode == 2
    assert re.fullmatch(r"error: .*graph\.json was changed since the model was packaged.*\n", said)


class Load:
    """Threads that ask on and on, each request on a connection of its own."""

    def __init__(self, port: int) -> None:
        self._port, self._ended = port, threading.Event()
        self.answered, self.broken = [], []
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in (1, 1, 300, 300)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def wait(self, n: int) -> None:
        """Wait until n more requests are answered."""
        due = len(self.answered) + n
        while len(self.answered) < due and not self.broken:
            self._ended.wait(0.005)

    def _ask(self, n_rows: int) -> None:
        body = json.dumps({"rows": [ROW] * n_rows}).encode()
        while not self._ended.is_set():
            try:
                answer = Client(self._port).post(body)
            except ConnectionError:
                # No service took it: none listens, or it closed before it had read.
                continue
            except (http.client.HTTPException, OSError) as error:
                self.broken.append(error)
                continue
            whole = answer.status == 200 and len(answer.json()["predictions"]) == n_rows
            (self.answered if whole else self.broken).append(answer)


def test_no_accepted_request_fails_when_the_service_is_restarted(package):
    """What the services say to have answered is what their clients have got, whole."""
    with bind("127.0.0.1", 0) as chosen:
        port = chosen.getsockname()[1]
    first = Process(package, "--port", str(port))
    load = Load(port)
    load.wait(40)
    said = first.stop()[0]
    second = Process(package, "--port", str(port))
    load.wait(20)
    load.end()
    said += second.stop()[0]
    counts = [int(count) for count in re.findall(r"stopped after (\d+) answers", said)]
    assert load.broken == []
    assert sum(counts) == len(load.answered)
    assert [first.process.returncode, second.process.returncode] == [0, 0]
    assert min(counts) >= 20
