"""identify: which registered version a wheel is."""

from pathlib import Path

from ..common.errors import GateError
from ..common.io import hash_file
from .tags import Event, read_events, read_fact, read_versions

WHEEL, DIGEST = "Wheel", "SHA-256"


def identify(folder: Path, dist: Path, version: str | None) -> str:
    """Find the version of the wheel in a folder by the SHA-256 that its tag names.

    Args:
        folder: The project.
        dist: Folder of one wheel.
        version: The one that it must be, with or without its v; any if not given.

    Returns:
        The version, as v1.0.2.

    Raises:
        GateError: There is not one wheel, or it is not that version, or none.
    """
    wheels = [*dist.glob("*.whl")]
    if len(wheels) != 1:
        raise GateError(f"{dist} holds {len(wheels)} wheels; must be one")
    found = find_same(read_versions(read_events(folder)), wheels[0])
    wanted = version and "v" + version.removeprefix("v")
    if wanted and wanted not in found:
        raise GateError(
            f"{wheels[0]} has not the SHA-256 that the tag of {wanted} names, so it is not the "
            "wheel that was released; get that again"
        )
    if not found:
        raise GateError(f"{wheels[0]} is no registered version; `release` makes it one")
    return wanted or found[-1]


def find_same(versions: list[Event], wheel: Path) -> list[str]:
    """List the versions that this wheel was registered as, the oldest first."""
    digest = hash_file(wheel)
    return [each.version for each in versions if read_fact(each, DIGEST) == digest]
