"""The files of the page, and what a browser may do with them."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Only the page's own files run or are loaded, so text from data can do neither, whatever it holds.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
router = APIRouter(include_in_schema=False)


@router.get("/")
def give_page() -> Response:
    """Give the page, which a browser asks for anew each time."""
    return _respond("index.html", "no-cache")


@router.get("/page/{version}/{name}")
def give_file(version: str, name: str) -> Response:
    """Give a file that the page loads, to be kept for good under this version."""
    files, current = read_files()
    if name not in files:
        raise HTTPException(404, f"the page has no file {name}")
    is_current = version == current
    return _respond(name, "public, max-age=31536000, immutable" if is_current else "no-cache")


@cache
def read_files() -> tuple[dict[str, bytes], str]:
    """Read the files of the page.

    Returns:
        Their bytes by name, and their version, which the page names in its links.
    """
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
    version = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
    files["index.html"] = files["index.html"].replace(b"VERSION", version.encode())
    return files, version


def _respond(name: str, caching: str) -> Response:
    files, _ = read_files()
    headers = HEADERS | {"Cache-Control": caching}
    return Response(files[name], headers=headers, media_type=TYPES[Path(name).suffix])
