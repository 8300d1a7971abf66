"""A stand-in for OSV's database of advisories, which `uv audit` asks."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from local_server import LocalServer

ADVISORIES = {
    "diskcache": ("GHSA-w8v5-vhqr-4h9v", "CVE-2025-69872"),
    "pandas": ("PYSEC-1", "CVE-1"),
}
DATE = "2026-02-17T00:00:00Z"


class FakeOsv(LocalServer):
    """The database.

    Attributes:
        packages: Those for which something is known.
        mended: Those of them that have a version without it.
        asked: The packages of the last query.
    """

    def __init__(self) -> None:
        self.packages = {"diskcache"}
        self.mended: set[str] = set()
        self.asked: set[str] = set()

    def __enter__(self) -> Self:
        self.serve(handler_for(self))
        return self

    def query(self, queries: list[Any]) -> object:
        names = [each["package"]["name"] for each in queries]
        self.asked = set(names)
        found = [[ADVISORIES[name][0]] if name in self.packages else [] for name in names]
        return {"results": [{"vulns": [{"id": i, "modified": DATE} for i in ids]} for ids in found]}

    def show(self, identity: str) -> object:
        (name,) = [name for name, (known, _) in ADVISORIES.items() if known == identity]
        events = [{"introduced": "0"}, *([{"fixed": "9999"}] if name in self.mended else [])]
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": events}],
        }
        known = {"id": identity, "aliases": [ADVISORIES[name][1]], "summary": "It runs code."}
        return {**known, "modified": DATE, "affected": [affected]}


def handler_for(osv: FakeOsv) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self.answer(osv.show(self.path.rpartition("/")[2]))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(osv.query(json.loads(sent)["queries"]))

        def answer(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
