"""Where deliveries arrive: a folder, a bucket or a web server, as fsspec sees them."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from fsspec.core import url_to_fs
from fsspec.utils import get_protocol

from ..common.errors import DataError

# Names come from outside. They get no separator, no leading dot and nothing that a shell or a
# pattern reads otherwise, and are none of Windows' devices.
SAFE = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)\.)\w[\w .+=,@()-]{0,199}", re.IGNORECASE)
# Ignored by Git, by DVC and by `prepare`.
UNFINISHED = ".ingest-"


class Arrival(NamedTuple):
    """A file that has arrived.

    Attributes:
        path: As fsspec names it.
        name: Its last part.
        size: In bytes, if it is told.
    """

    path: str
    name: str
    size: int | None

    @property
    def is_safe(self) -> bool:
        """Say whether a file may have this name on every system."""
        return SAFE.fullmatch(self.name) is not None


class Arrivals:
    """The files that an address with a pattern names.

    Attributes:
        url: The address.
        found: The files, sorted by path.
    """

    def __init__(self, folder: Path, url: str) -> None:
        """Find them.

        Args:
            folder: The project, which a path without a protocol is relative to.
            url: Of fsspec.

        Raises:
            DataError: The address can't be read.
        """
        self.url = url
        with self._explain():
            is_path = get_protocol(url) == "file" and "://" not in url
            self._files, path = url_to_fs(str(folder.absolute() / url) if is_path else url)
            found = self._files.glob(path, detail=True) or self._find_none(path)
        files = [info for info in found.values() if info["type"] == "file"]
        self.found = sorted(
            Arrival(info["name"], self._name(info["name"]), info.get("size")) for info in files
        )

    def copy(self, arrival: Arrival, target: Path) -> None:
        """Copy a file to where nothing is yet.

        Raises:
            DataError: It can't be read.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.fetch(arrival, target.parent) as copy:
            copy.replace(target)

    @contextmanager
    def fetch(self, arrival: Arrival, folder: Path) -> Iterator[Path]:
        """Copy a file into a folder for a while, by a name that is passed over by all.

        Raises:
            DataError: It can't be read, or not whole.
        """
        copy = folder / f"{UNFINISHED}{uuid.uuid4().hex}"
        try:
            with self._explain():
                self._files.get_file(arrival.path, str(copy))
            if arrival.size not in (None, copy.stat().st_size):
                raise DataError(f"{arrival.path}: changed while it was copied; ingest again")
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def _find_none(self, path: str) -> dict[str, dict[str, Any]]:
        """Let the storage say why, unless it is there and only holds nothing yet."""
        if pattern := re.search(r"[*[]", path):
            self._files.ls(path[: pattern.start()].rpartition("/")[0])
        else:
            self._files.info(path)
        return {}

    def _name(self, path: str) -> str:
        is_web = get_protocol(self.url) in ("http", "https")
        return PurePosixPath(unquote(urlsplit(path).path) if is_web else path).name

    @contextmanager
    def _explain(self) -> Iterator[None]:
        place = f"params.yaml: prepare.deliveries_url is {self.url}, which can't be read"
        try:
            yield
        except ImportError as error:
            raise DataError(
                f"{place}: {error}; add that package to the group pipeline of pyproject.toml, "
                "then `uv sync`"
            ) from error
        except Exception as error:  # each kind of storage has errors of its own
            reason = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
            raise DataError(f"{place} ({reason}); mend the address, or sign in to it") from error
