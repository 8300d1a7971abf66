"""Where below data/raw deliveries belong."""

from fnmatch import fnmatch
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePath

from ..common.errors import SettingsError


def find_place(raw: Path, source: str, pattern: str) -> Path:
    """Find the one folder in which `prepare` would read a new file of a source.

    Args:
        raw: Folder that the pattern is relative to.
        source: Name of the source.
        pattern: Its `files`.

    Raises:
        SettingsError: There is none below the folder, or more than one.
    """
    path = PurePath(pattern)
    folders = path.parts[:-1]
    fixed = [*takewhile(lambda part: not has_magic(part), folders)]
    if path.anchor or ".." in folders or {*folders[len(fixed) :]} - {"**"}:
        raise SettingsError(
            f"params.yaml: prepare.sources.{source}.files is {pattern!r}; to ingest new files it "
            f"must name one folder below {raw}, such as {source}/*.csv"
        )
    return raw.joinpath(*fixed)


def fits(name: str, pattern: str) -> bool:
    """Say whether the pattern takes a file of this name in the folder of `find_place`."""
    return fnmatch(name, PurePath(pattern).name)
