"""promote and rollback: which version a stage serves."""

import re
from pathlib import Path

from ..common.errors import GateError, ProjectError, join_faults
from ..common.yaml_file import nearest
from ..review.comparison.git import name_artifact
from .tags import (
    ROLLED_BACK,
    Event,
    allowed_stages,
    assign,
    find_author,
    read_events,
    read_stages,
    read_versions,
    write_message,
)

SHARE = "`git push --follow-tags` tells others"
STAGE = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?")


def promote(folder: Path, version: str, stage: str, reason: str) -> str:
    """Let a stage serve a version.

    Args:
        folder: The project.
        version: A registered one, with or without its v.
        stage: Such as prod.
        reason: Why.

    Returns:
        What was done, in words.

    Raises:
        GateError: There is no such version or stage, the stage serves it already, there is no
            reason, or Git does not know who asks; all that fails is named.
    """
    version = "v" + version.removeprefix("v")
    events = read_events(folder)
    held = read_stages(events).get(stage, [])
    faults = [*_check_tag(folder, stage, reason), *_check_version(events, version)]
    if held and held[-1].version == version:
        faults.append(f"{stage} serves {version} already; `status` shows since when")
    if faults:
        raise GateError(join_faults(f"{version} is not promoted", faults))
    _write_tag(folder, stage, version, f"Promote model {version} to {stage}", reason)
    before = f" instead of {held[-1].version}" if held else ""
    return f"{stage} serves {name_artifact(folder)} {version}{before}; {SHARE}"


def roll_back(folder: Path, stage: str, reason: str) -> str:
    """Let a stage serve the version that it served before the last promotion.

    Raises:
        GateError: It served none before, or that is no version any more, there is no reason, or
            Git does not know who asks; all that fails is named.
    """
    events = read_events(folder)
    held = read_stages(events).get(stage, [])
    faults = [*_check_tag(folder, stage, reason), *_check_former(events, held, stage)]
    if faults:
        raise GateError(join_faults(f"{stage} is not rolled back", faults))
    last, version = held[-1].version, held[-2].version
    _write_tag(folder, stage, version, f"{ROLLED_BACK}{stage} from {last} to {version}", reason)
    return f"{stage} serves {name_artifact(folder)} {version} again instead of {last}; {SHARE}"


def plan(folder: Path, version: str | None, stage: str, reason: str) -> str:
    """Find what a stage serves and is to serve, before anything is deployed.

    Args:
        folder: The project.
        version: A registered one; if not given, that before the last promotion.
        stage: Such as prod.
        reason: Why.

    Returns:
        `version=` and `current=` in lines; the latter is empty if the stage serves nothing.

    Raises:
        GateError: `promote` or `roll_back` would refuse; but what the stage serves already may be
            deployed again.
    """
    events = read_events(folder)
    held = read_stages(events).get(stage, [])
    faults = _check_tag(folder, stage, reason)
    if version:
        wanted = "v" + version.removeprefix("v")
        faults += _check_version(events, wanted)
    else:
        faults += _check_former(events, held, stage)
        wanted = held[-2].version if len(held) > 1 else ""
    if faults:
        raise GateError(join_faults(f"nothing is deployed to {stage}", faults))
    return f"version={wanted}\ncurrent={held[-1].version if held else ''}"


def _check_former(events: list[Event], held: list[Event], stage: str) -> list[str]:
    if len(held) > 1:
        return _check_version(events, held[-2].version)
    serving = f"serves {held[-1].version} and nothing before it" if held else "serves nothing"
    return [f"{stage} {serving}; `promote` a version"]


def _check_version(events: list[Event], version: str) -> list[str]:
    known = [each.version for each in read_versions(events)]
    if version in known:
        return []
    hint = nearest(version, reversed(known)) if known else "; `release` makes the first one"
    return [f"{version} is not registered{hint}"]


def _check_tag(folder: Path, stage: str, reason: str) -> list[str]:
    faults = []
    allowed = allowed_stages(folder)
    if not STAGE.fullmatch(stage):
        faults.append(f"the stage is {stage!r}; must be of letters, digits and hyphens, as prod")
    elif allowed and stage not in allowed:
        faults.append(f"{stage!r} is no stage of .gto{nearest(stage, allowed)}")
    if not reason.strip():
        faults.append("there is no reason; say why with --reason")
    try:
        find_author(folder)
    except ProjectError:
        faults.append("Git does not know who you are; set user.name and user.email")
    return faults


def _write_tag(folder: Path, stage: str, version: str, title: str, reason: str) -> None:
    facts = {"Why": " ".join(reason.split())}
    assign(folder, stage, version, write_message(title, facts, find_author(folder)))
