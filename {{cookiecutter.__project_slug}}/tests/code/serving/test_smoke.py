"""A running service is asked for rows whose answers its wheel ships."""

import copy
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from http_service import run_service
from small_project import TASKS, add_features
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.errors import GateError
from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.manifest import MANIFEST, SERVICE, SMOKE
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.service.command import name_variable
from {{ cookiecutter.__package_name }}.serving.service.options import Options
from {{ cookiecutter.__package_name }}.serving.service.state import KEY_HEADER
from {{ cookiecutter.__package_name }}.serving.smoke import find_faults, main

KEY = "k"


@pytest.fixture(scope="module", params=TASKS)
def served(request, bundles):
    """Give a packaged model of each task, and the address of its service, which has a key."""
    bundle = bundles(request.param)
    with pytest.MonkeyPatch.context() as patch:
        for user in (transform, features):
            patch.setattr(user, "add_features", add_features)
        patch.setenv(f"{name_variable(read_json(bundle / SERVICE)['name'])}_API_KEY", KEY)
        with run_service(bundle, Options(api_key=KEY)) as client:
            yield bundle, f"http://127.0.0.1:{client.port}"


def test_service_of_the_same_wheel_passes_and_needs_the_key(served, monkeypatch):
    bundle, url = served
    rows = read_json(bundle / SMOKE)["rows"]
    assert len(rows) == 20
    # It is sensitive.
    assert len({row["shop"] for row in rows}) == 1
    assert main([f"{url}/"], bundle).startswith(f"{url} answers 20 rows as 2.5+")
    variable = f"{name_variable(read_json(bundle / SERVICE)['name'])}_API_KEY"
    monkeypatch.delenv(variable)
    with pytest.raises(GateError, match=f"HTTP Error 401: .*; the key is taken from {variable}"):
        main([url], bundle)


def test_service_of_another_wheel_is_named(bundles, served):
    _, url = served
    other = bundles("binary")
    manifest = read_json(other / MANIFEST)
    write_json(other / MANIFEST, manifest | {"version": "2.5+0"})
    with pytest.raises(GateError, match=r"serves 2\.5\+\w+, not 2\.5\+0, after 0\.1 seconds"):
        main([url, "--timeout", "0.1"], other)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"probability": 0.25 + 1e-5}, 'row 1: expected {"prediction": true, "probability": 0.25}'),
        ({"probability": None}, "row 1: "),
        ({"probability": True}, "row 1: "),
        ({"prediction": 1}, "row 1: "),
        ({"prediction": False}, "row 1: "),
        ({"more": 0}, "row 1: "),
    ],
)
def test_every_answer_that_differs_is_named(wrong, said):
    due = [{"prediction": True, "probability": 0.25} for _ in range(3)]
    got = copy.deepcopy(due)
    got[0]["probability"] += 1e-7
    assert find_faults(due, got) == []
    got[1] |= wrong
    (fault,) = find_faults(due, got)
    assert fault.startswith(said)
    assert fault.endswith(f", got {json.dumps(got[1])}")
    assert find_faults(due, got[:2])[0].startswith("expected 3 predictions, got ")


@pytest.fixture
def stranger(bundles, monkeypatch):
    """Give a packaged model, and what seems to be its service: answers by path, and who asked."""
    bundle = bundles("binary")
    monkeypatch.setenv(f"{name_variable(read_json(bundle / SERVICE)['name'])}_API_KEY", KEY)
    health = json.dumps({"version": read_json(bundle / MANIFEST)["version"]}).encode()
    answers = {"/ready": (200, b"{}"), "/health": (200, health)}
    keys = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            keys.append((self.path, self.headers.get(KEY_HEADER)))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield bundle, f"http://127.0.0.1:{server.server_address[1]}", answers, keys
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "body"), [(503, b"{}"), (200, b"[]"), (200, b"hi"), (302, b"")])
def test_what_is_no_service_is_told_and_gets_no_key(stranger, status, body):
    bundle, url, answers, keys = stranger
    answers["/ready"] = (status, body)
    with pytest.raises(GateError, match=f"^{url} is not ready: .*, after 0.1 seconds$"):
        main([url, "--timeout", "0.1"], bundle)
    assert {*keys} == {("/ready", None)}


def test_key_does_not_follow_to_another_address(stranger):
    bundle, url, answers, keys = stranger
    answers["/predict"] = (302, b"")
    with pytest.raises(GateError, match=f"^{url}/predict: HTTP Error 302"):
        main([url, "--timeout", "30"], bundle)
    assert keys == [("/ready", None), ("/health", None), ("/predict", KEY)]


def test_project_command_runs_the_wheel_and_ends_with_its_code(project, capfd):
    command = ["smoke", "http://127.0.0.1:1", "--timeout", "0.1", "--dist"]
    shown = CliRunner().invoke(cli.app, [*command, str(project("binary").wheel.parent)])
    assert shown.exit_code == 1
    said = capfd.readouterr().err
    assert re.match(r"error: http://127\.0\.0\.1:1 is not ready: .*, after 0\.1 seconds\n$", said)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1:8000", ""])
def test_address_that_is_not_http_is_refused(bundles, url, capsys):
    with pytest.raises(SystemExit):
        main([url], bundles("binary"))
    assert "must begin with http:// or https://" in capsys.readouterr().err
