"""A stand-in for GitHub's REST API over TLS: issues, comments, pull requests, jobs, artifacts."""

import json
import re
import ssl
import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from local_server import LocalServer

Content = dict[str, Any]
BOT = {"login": "github-actions[bot]", "type": "Bot"}


class FakeGitHub(LocalServer):
    """The API of one repository, o/r.

    Attributes:
        comments: Of all pull requests, the oldest first.
        pulls: Pull requests by number.
        issues: The oldest first; their numbers start at 100.
        artifacts: Of every run.
        jobs: Of every run.
        is_down: Answer 503 to everything.
        refuses: Answer 403 to every change.
        certificate: The file to trust.
    """

    def __init__(self, folder: Path) -> None:
        self.comments: list[Content] = []
        self.pulls: dict[int, Content] = {}
        self.issues: list[Content] = []
        self.artifacts: list[Content] = []
        self.jobs: list[Content] = []
        self.is_down = self.refuses = False
        self.changes: list[str] = []
        self.certificate = folder / "cert.pem"
        self._key = folder / "key.pem"
        self._routes: dict[str, Callable[..., tuple[int, Any]]] = {
            r"GET issues": self._list_issues,
            r"POST issues": self._create_issue,
            r"PATCH issues/(\d+)": self._update_issue,
            r"GET issues/(\d+)/comments": self._list_comments,
            r"POST issues/(\d+)/comments": self._create_comment,
            r"PATCH issues/comments/(\d+)": self._update_comment,
            r"GET pulls/(\d+)": self._get_pull,
            r"GET commits/[0-9a-f]{40}/pulls": lambda _: (200, [*self.pulls.values()]),
            r"GET actions/runs/(\d+)/artifacts": self._list_artifacts,
            r"GET actions/runs/(\d+)/jobs": self._list_jobs,
        }

    def __enter__(self) -> Self:
        self._make_certificate()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate, self._key)
        self.serve(handler_for(self), tls)
        return self

    def _make_certificate(self) -> None:
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1".split()
        names = ["-addext", "subjectAltName=IP:127.0.0.1"]
        files = ["-keyout", str(self._key), "-out", str(self.certificate)]
        subprocess.run([*command, *names, *files], check=True, capture_output=True)

    def add_comment(self, number: int, body: str, user: Content = BOT) -> Content:
        identity = len(self.comments) + 1
        url = f"{self.url}/o/r/pull/{number}#{identity}"
        comment = {"id": identity, "issue": number, "body": body, "user": user, "html_url": url}
        self.comments.append(comment)
        return comment

    def answer(
        self, method: str, path: str, query: dict[str, str], body: Content
    ) -> tuple[int, Any]:
        """Answer a request, as GitHub would."""
        if self.is_down:
            return 503, {"message": "Service Unavailable"}
        if method != "GET":
            self.changes.append(f"{method} {path}")
            if self.refuses:
                return 403, {"message": "Resource not accessible by integration"}
        for pattern, respond in self._routes.items():
            if match := re.fullmatch(pattern, f"{method} {path.removeprefix('/repos/o/r/')}"):
                return respond(*map(int, match.groups()), {"query": query, "body": body})
        return 404, {"message": "Not Found"}

    def _list_issues(self, asked: Content) -> tuple[int, Any]:
        state = asked["query"].get("state", "open")
        found = [issue for issue in self.issues if issue["state"] == state]
        return 200, take_page(found, asked["query"])

    def _create_issue(self, asked: Content) -> tuple[int, Any]:
        number = 100 + len(self.issues)
        self.issues.append({"number": number, "state": "open", "user": BOT, **asked["body"]})
        return 201, self.issues[-1]

    def _update_issue(self, number: int, asked: Content) -> tuple[int, Any]:
        self.issues[number - 100] |= asked["body"]
        return 200, self.issues[number - 100]

    def _list_jobs(self, _: int, __: Content) -> tuple[int, Any]:
        return 200, {"total_count": len(self.jobs), "jobs": self.jobs}

    def _list_comments(self, number: int, asked: Content) -> tuple[int, Any]:
        rows = [comment for comment in self.comments if comment["issue"] == number]
        return 200, take_page(rows, asked["query"])

    def _create_comment(self, number: int, asked: Content) -> tuple[int, Any]:
        return 201, self.add_comment(number, asked["body"]["body"])

    def _list_artifacts(self, _: int, __: Content) -> tuple[int, Any]:
        return 200, {"total_count": len(self.artifacts), "artifacts": self.artifacts}

    def _update_comment(self, identity: int, asked: Content) -> tuple[int, Any]:
        comment = self.comments[identity - 1]
        comment["body"] = asked["body"]["body"]
        return 200, comment

    def _get_pull(self, number: int, _: Content) -> tuple[int, Any]:
        known = number in self.pulls
        return (200, self.pulls[number]) if known else (404, {"message": "Not Found"})


def take_page(rows: list[Content], query: dict[str, str]) -> list[Content]:
    size, page = (int(query.get(*each)) for each in (("per_page", "30"), ("page", "1")))
    return rows[(page - 1) * size : page * size]


def handler_for(github: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urlsplit(self.path)
            path = url.path.removeprefix("/api/v3")
            if self.headers.get("Authorization"):
                query = dict(parse_qsl(url.query))
                code, content = github.answer(self.command, path, query, json.loads(sent or "{}"))
            else:
                code, content = 401, {"message": "Bad credentials"}
            body = json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_GET

    return Handler
