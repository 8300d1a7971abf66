"""release: the packaged model gets a version, an entry in the changelog and a tag."""

import re
from pathlib import Path

from ..errors import GateError
from ..io import hash_file
from ..review.comparison.git import ask_git, name_artifact
from ..settings import load_params
from .changelog import CHANGELOG, add_entry, compose_entry
from .checks import check_release, find_wheels
from .tags import (
    Event,
    find_author,
    read_events,
    read_fact,
    read_versions,
    register,
    write_message,
)

WHEEL, DIGEST = "Wheel", "SHA-256"


def release(folder: Path) -> str:
    """Register the packaged model as the next version, unless it has one already.

    Args:
        folder: The project. A commit with the changelog's new entry is made in it, and tagged.

    Returns:
        What was done, in words.

    Raises:
        GateError: A check fails; all that do are named.
        ProjectError: Git refuses the commit or the tag; nothing is left of it then.
    """
    params = load_params(folder / "params.yaml")
    checked = check_release(folder, params)
    if checked.faults:
        raise GateError(join_faults("the model is not released", checked.faults))
    (wheel,) = find_wheels(folder)
    events = read_events(folder)
    versions = read_versions(events)
    digest = hash_file(wheel)
    if same := [each for each in versions if read_fact(each, DIGEST) == digest]:
        return f"{wheel.name} is released already, as {same[-1].version}; no tag was made"
    version = next_version(events, params.package.version)
    who = find_author(folder)
    name = who.rpartition(" <")[0]
    entry = compose_entry(folder, version, wheel.name, name, versions[-1] if versions else None)
    facts = {WHEEL: wheel.name, DIGEST: digest}
    _commit_and_tag(folder, version, entry, write_message(f"Release model {version}", facts, who))
    took = "" if checked.latency is None else f", {checked.latency:.2g} ms a prediction"
    return (
        f"{wheel.name} is {name_artifact(folder)} {version}{took} → {CHANGELOG}, a commit and a "
        "tag of it; `git push --follow-tags` shares them"
    )


def next_version(events: list[Event], series: str) -> str:
    """Number a release within its series.

    Args:
        events: All tags of the model.
        series: MAJOR.MINOR of params.yaml.

    Returns:
        As v1.0.2, the third of its series. A number is never used twice, even if its version was
        deregistered.
    """
    pattern = re.compile(rf"v{re.escape(series)}\.(\d+)")
    found = [pattern.fullmatch(each.version) for each in events if each.kind == "registration"]
    return f"v{series}.{max((int(match[1]) for match in found if match), default=-1) + 1}"


def join_faults(what: str, faults: list[str]) -> str:
    """Compose one message of all that is wrong."""
    return "\n       - ".join([f"{what}:", *faults])


def _commit_and_tag(folder: Path, version: str, entry: str, message: str) -> None:
    path, head = folder / CHANGELOG, ask_git(folder, "rev-parse", "HEAD").strip()
    before = path.read_bytes() if path.exists() else None
    done = False
    try:
        add_entry(folder, entry)
        ask_git(folder, "add", "--", CHANGELOG)
        title = f"Release model {version}"
        ask_git(folder, "commit", "--quiet", "--message", title, "--", CHANGELOG)
        register(folder, version, message)
        done = True
    finally:
        if not done:
            ask_git(folder, "reset", "--quiet", "--soft", head)
            ask_git(folder, "reset", "--quiet", "--", CHANGELOG)
            path.unlink() if before is None else path.write_bytes(before)
