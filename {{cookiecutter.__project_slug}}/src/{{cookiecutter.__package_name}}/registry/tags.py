"""The registry's content, read from and written to annotated tags of Git by GTO."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..common.errors import ProjectError
from ..review.comparison.git import ask_git, name_artifact

ROLLED_BACK = "Roll back "
Answer = TypeVar("Answer")


class Event(NamedTuple):
    """A tag.

    Attributes:
        kind: registration, deregistration, assignment or unassignment.
        version: As v1.0.2; the commit's hash if no version is registered for it.
        stage: Of an assignment or unassignment, else empty.
        commit: Full hash of the tagged commit.
        by: Who made it.
        when: In UTC.
        message: Of the tag.
    """

    kind: str
    version: str
    stage: str
    commit: str
    by: str
    when: datetime
    message: str


def read_events(folder: Path) -> list[Event]:
    """Read all tags of the model, the oldest first."""
    from gto import api

    name = name_artifact(folder)
    found = _ask_gto(lambda: api.history(str(folder), name, ascending=True))
    return [_read_event(each) for each in found]


def read_versions(events: list[Event]) -> list[Event]:
    """Pick the registrations that hold, the oldest first."""
    found: dict[str, Event] = {}
    for event in events:
        if event.kind == "registration":
            found[event.version] = event
        elif event.kind == "deregistration":
            found.pop(event.version, None)
    return [*found.values()]


def read_stages(events: list[Event]) -> dict[str, list[Event]]:
    """Read what serves in each stage, and what a roll-back would return to.

    Returns:
        For each stage its assignments, the last being in force, without those that were rolled
        back.
    """
    stages: dict[str, list[Event]] = {}
    for event in events:
        if not event.stage:
            continue
        held = stages.setdefault(event.stage, [])
        if event.kind == "unassignment":
            held.clear()
        elif event.message.startswith(ROLLED_BACK):
            while held and held[-1].version != event.version:
                held.pop()
            held[-1:] = [event]
        else:
            held.append(event)
    return stages


def register(folder: Path, version: str, message: str) -> None:
    """Tag the newest commit as a version."""
    from gto import api

    name = name_artifact(folder)
    _ask_gto(lambda: api.register(str(folder), name, "HEAD", version=version, message=message))


def assign(folder: Path, stage: str, version: str, message: str) -> None:
    """Tag a version's commit as what the stage serves."""
    from gto import api

    name = name_artifact(folder)
    tagged = [event.when for event in read_events(folder) if event.stage]
    # GTO and DVC order tags by their time, which Git keeps in seconds.
    if tagged and tagged[-1] > datetime.now(UTC) + timedelta(seconds=2):
        raise ProjectError(
            f"the last tag of a stage is of {tagged[-1].isoformat()}, which is still to come: set "
            "the clock of this machine, or wait"
        )
    while tagged and datetime.now(UTC).replace(microsecond=0) <= tagged[-1]:
        time.sleep(0.05)
    # By force, as GTO refuses a version that has been in the stage before.
    _ask_gto(
        lambda: api.assign(str(folder), name, stage, version=version, message=message, force=True)
    )


def allowed_stages(folder: Path) -> list[str]:
    """List the stages that .gto allows; if it names none, all are allowed."""
    from gto import api

    return _ask_gto(lambda: api.get_stages(str(folder), allowed=True)) or []


def write_message(title: str, facts: Mapping[str, str], who: str) -> str:
    """Compose a tag's message: a title, facts, who and when."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    lines = [f"{key}: {value}" for key, value in {**facts, "Who": who, "When": now}.items()]
    return "\n".join([title, "", *lines, ""])


def read_fact(event: Event, key: str) -> str:
    """Find a fact in a tag's message; empty if there is none, as in tags made otherwise."""
    lines = (line.partition(": ") for line in event.message.splitlines())
    return next((value for name, _, value in lines if name == key), "")


def find_author(folder: Path) -> str:
    """Give name and address of who makes tags here.

    Raises:
        ProjectError: Git does not know them.
    """
    return ask_git(folder, "var", "GIT_COMMITTER_IDENT").rpartition(">")[0] + ">"


def _read_event(found: Mapping[str, Any]) -> Event:
    kind, version, stage = found["event"], found["version"], found["stage"] or ""
    by, when = found["author"], found["timestamp"]
    return Event(kind, version, stage, found["commit"], by, when, found["message"])


def _ask_gto(ask: Callable[[], Answer]) -> Answer:
    from gto.exceptions import GTOException

    try:
        return ask()
    except GTOException as error:
        raise ProjectError(f"the registry's tags: {error}") from error
