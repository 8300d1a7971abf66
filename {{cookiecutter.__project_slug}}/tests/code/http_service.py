"""A service on a port of this machine, in a thread, and a client of it."""

import http.client
import json
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from {{ cookiecutter.__package_name }}.serving.service.app import create_app
from {{ cookiecutter.__package_name }}.serving.service.command import Server, bind
from {{ cookiecutter.__package_name }}.serving.service.options import Options


class Answer(NamedTuple):
    """What a service answered."""

    status: int
    kind: str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Asks a service, each time on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers)

    def post(self, body: bytes, kind: str = "application/json", path: str = "", **headers: str):
        return self._ask("POST", f"/predict{path}", body, {"Content-Type": kind} | headers)

    def predict(self, content: Any, path: str = "") -> Answer:
        return self.post(json.dumps(content).encode(), path=path)

    def send_raw(self, request: bytes) -> bytes:
        """Send bytes, as no client library would, and read until the service ends it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Content-Type", ""), answer.read())
        finally:
            connection.close()


def unpack(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel and give the folder of its package."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return next(path.parent for path in folder.glob("*/bundle"))


@contextmanager
def run_service(bundle: Path, options: Options | None = None, log: Any = None) -> Iterator[Client]:
    """Serve a packaged model while it is asked."""
    app = create_app(bundle, options or Options(), log)
    server = Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=5))
    with bind("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            while not server.started and thread.is_alive():
                thread.join(0.01)
            yield Client(port)
        finally:
            server.should_exit = True
            thread.join()
