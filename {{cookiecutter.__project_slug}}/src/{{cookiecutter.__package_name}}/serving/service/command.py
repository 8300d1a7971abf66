"""The command that serves a packaged model."""

import argparse
import os
import signal
import socket
import sys
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import uvicorn

from ...common.console import Activity, run
from ...common.errors import ProjectError
from ...common.io import read_json
from ...model.manifest import SERVICE, check_manifest
from ..log.prediction_log import open_log
from .app import create_app
from .options import MEGABYTE, Options
from .state import State

BUNDLE = Path(__file__).parents[2] / "bundle"


def main(arguments: list[str]) -> str:
    """Serve the packaged model until told to stop.

    Raises:
        ProjectError: The model is damaged, or the address can't be had.
    """
    given = parse(arguments)
    version, told = check_manifest(BUNDLE), read_json(BUNDLE / SERVICE)
    variable = f"{name_variable(told['name'])}_API_KEY"
    key = os.environ.get(variable) or None
    options = Options(key, int(given.max_megabytes * MEGABYTE), int(given.max_rows), given.timeout)
    url = given.log or os.environ.get(f"{name_variable(told['name'])}_LOG")
    log = open_log(url, told["schema"], version) if url else None
    app = create_app(BUNDLE, options, log)
    state: State = app.state.service
    # Here, as what fails when uvicorn starts is told by a traceback.
    state.load(BUNDLE)
    if key is None:
        print(f"warning: no key in {variable}: all who can connect may ask", file=sys.stderr)
    if Activity.current is not None:
        Activity.current.end()
    serve(app, given.host, given.port, given.timeout)
    return f"stopped after {state.metrics.answered:,} answers of /predict"


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    default = Options()
    parser = argparse.ArgumentParser(description="Serve the packaged model over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        choices=range(65536),
        metavar="PORT",
        default=8000,
        help="0 for any (default: 8000)",
    )
    parser.add_argument(
        "--log",
        metavar="URL",
        help="of a database for the predictions, such as sqlite:///log.db; else that of NAME_LOG",
    )
    parser.add_argument(
        "--max-megabytes",
        type=read_positive,
        default=default.max_body / MEGABYTE,
        help="of a request (default: %(default)g)",
    )
    parser.add_argument(
        "--max-rows",
        type=read_positive,
        default=default.max_rows,
        help="of a request (default: %(default)s)",
    )
    parser.add_argument(
        "--timeout",
        type=read_positive,
        default=default.timeout,
        help="seconds for a request (default: %(default)g)",
    )
    return parser.parse_args(arguments)


def name_variable(name: str) -> str:
    """Say how the environment's variables for a project's service begin."""
    return name.upper().replace("-", "_")


def read_positive(text: str) -> float:
    """Read a number above zero."""
    number = float(text)
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"must be above 0, is {text}")
    return number


class Server(uvicorn.Server):
    """Says where it listens once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        for each in (sockets or []) if self.started else []:
            host, port = each.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            print(f"serving at http://{shown}:{port}", flush=True)


def serve(app: Any, host: str, port: int, timeout: float) -> None:
    """Answer requests until a signal comes, then finish those that have begun.

    Raises:
        ProjectError: The address can't be had.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Longer than load balancers keep a connection, which they else use when it is closed.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=int(timeout) + 1,
    )
    # uvicorn finishes its requests, then raises the signal again: that is no failure.
    for name in ("SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with bind(host, port) as bound, suppress(KeyboardInterrupt):
        Server(config).run(sockets=[bound])


def bind(host: str, port: int) -> socket.socket:
    """Take an address, on which nothing is answered yet.

    Raises:
        ProjectError: It can't be had.
    """
    try:
        *kind, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol, without which asyncio does not switch the delays of TCP off.
        bound = socket.socket(*kind)
        if os.name == "posix":
            # Else a stopped service blocks its port for a minute; on Windows this means another.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, OverflowError) as error:
        raise ProjectError(
            f"--host {host} --port {port}: can't be had ({error}); name a free port, such as 0, "
            "and an address of this machine"
        ) from error
    return bound


def command() -> None:
    """Run as a console script of the wheel."""
    sys.exit(run(main))
