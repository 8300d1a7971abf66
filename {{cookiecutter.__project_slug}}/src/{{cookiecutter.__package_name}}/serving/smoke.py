"""The command that asks a running service for rows whose answers the packaged model ships."""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

from ..common.console import run, show
from ..common.errors import GateError, join_faults
from ..common.io import read_json
from ..model.manifest import SERVICE, SMOKE, check_manifest
from .scored import TOLERANCE
from .service.command import name_variable, read_positive
from .service.state import KEY_HEADER

BUNDLE = Path(__file__).parents[1] / "bundle"
PAUSE_SECONDS = 0.5
Json = dict[str, Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the key is for the address given."""

    def redirect_request(self, *_: object) -> None:
        return None


def main(arguments: list[str], bundle: Path = BUNDLE) -> str:
    """Compare a service's answers with those that the packaged model ships.

    Raises:
        GateError: It does not serve this version in time, or answers otherwise.
        ModelError: The packaged model is damaged.
    """
    given = _parse(arguments)
    version = check_manifest(bundle)
    variable = f"{name_variable(read_json(bundle / SERVICE)['name'])}_API_KEY"
    shipped = read_json(bundle / SMOKE)
    url = given.url.rstrip("/")
    _wait(url, version, given.timeout)
    key = os.environ.get(variable)
    headers = {"Content-Type": "application/json", **({KEY_HEADER: key} if key else {})}
    try:
        answer = _ask(f"{url}/predict", given.timeout, {"rows": shipped["rows"]}, headers)
    except (OSError, HTTPException, ValueError) as error:
        hint = f"; the key is taken from {variable}" if _status(error) == 401 else ""
        raise GateError(f"{url}/predict: {error}{hint}") from error
    faults = find_faults(shipped["predictions"], answer.get("predictions"))
    if answer.get("version") != version:
        faults.insert(0, f"version: expected {version}, got {answer.get('version')}")
    if faults:
        raise GateError(join_faults(f"{url} answers otherwise than the packaged model", faults))
    return f"{url} answers {len(shipped['rows'])} rows as {version} does"


def find_faults(expected: Sequence[Json], got: Any) -> list[str]:
    """Name each answer that differs, with its row, counted from 0."""
    if not isinstance(got, list) or len(got) != len(expected):
        return [f"expected {len(expected)} predictions, got {str(got)[:200]}"]
    return [
        f"row {place}: expected {json.dumps(due)}, got {json.dumps(mine)}"
        for place, (due, mine) in enumerate(zip(expected, got, strict=True))
        if not _is_same(due, mine)
    ]


def _is_same(due: Any, mine: Any) -> bool:
    """Compare as the proof of the packaged model does: numbers within its tolerance."""
    if isinstance(due, dict):
        keys = isinstance(mine, dict) and due.keys() == mine.keys()
        return keys and all(_is_same(due[name], mine[name]) for name in due)
    if isinstance(due, float) and isinstance(mine, int | float) and not isinstance(mine, bool):
        return abs(due - mine) <= TOLERANCE * max(abs(due), 1.0)
    return type(due) is type(mine) and bool(due == mine)


def _wait(url: str, version: str, seconds: float) -> None:
    """Wait until the service is ready and serves a version, as a roll-out takes its time."""
    end = time.monotonic() + seconds
    while True:
        show(f"waiting for {url}")
        try:
            _ask(f"{url}/ready", seconds)
            found = _ask(f"{url}/health", seconds).get("version")
            if found == version:
                return
            state = f"serves {found}, not {version}"
        except (OSError, HTTPException, ValueError) as error:
            state = f"is not ready: {error}"
        if time.monotonic() > end:
            raise GateError(f"{url} {state}, after {seconds:g} seconds")
        time.sleep(PAUSE_SECONDS)


def _ask(
    url: str, seconds: float, content: Json | None = None, headers: Mapping[str, str] | None = None
) -> Json:
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, body, dict(headers or {}))
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=seconds) as response:
        answer = json.load(response)
    if not isinstance(answer, dict):
        raise ValueError("the answer is no object")
    return answer


def _status(error: Exception) -> int | None:
    return error.code if isinstance(error, urllib.error.HTTPError) else None


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Ask a service for rows whose answers the packaged model ships."
    )
    parser.add_argument("url", type=_read_url, metavar="URL", help="such as http://127.0.0.1:8000")
    parser.add_argument(
        "--timeout",
        type=read_positive,
        default=60.0,
        metavar="SECONDS",
        help="to wait until it serves this version (default: %(default)g)",
    )
    return parser.parse_args(arguments)


def _read_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"must begin with http:// or https://, is {text!r}")
    return text


def command() -> None:
    """Run as a console script of the wheel."""
    sys.exit(run(main))
