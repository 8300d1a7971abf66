"""release: the packaged model gets a version, an entry in the changelog and a tag."""

import re
from itertools import takewhile
from pathlib import Path
from urllib.parse import quote

from ..common.errors import GateError, join_faults
from ..common.io import hash_file, write_text
from ..common.settings import load_params
from ..review.comparison.git import ask_git, name_artifact
from .changelog import CHANGELOG, add_entry, compose_entry
from .checks import check_release, find_wheels
from .identify import DIGEST, WHEEL, find_same
from .tags import Event, find_author, read_events, read_versions, register, write_message


def release(folder: Path, notes: Path | None = None, url: str | None = None) -> str:
    """Register the packaged model as the next version, unless it has one already.

    Args:
        folder: The project. A commit with the changelog's new entry is made in it, and tagged.
        notes: File to write the entry to; then nothing is committed, and HEAD is tagged.
        url: Of the repository on GitHub, for a link from the notes to the metrics.

    Returns:
        What was done, in words.

    Raises:
        GateError: A check fails; all that do are named.
        ProjectError: Git refuses the commit or the tag; nothing is left of it then.
    """
    params = load_params(folder / "params.yaml")
    checked = check_release(folder, params, commits=notes is None)
    if checked.faults:
        raise GateError(join_faults("the model is not released", checked.faults))
    (wheel,) = find_wheels(folder)
    events = read_events(folder)
    versions = read_versions(events)
    same = find_same(versions, wheel)
    version = same[-1] if same else next_version(events, params.package.version)
    who = find_author(folder)
    # Of a version that is there already, the one before it.
    earlier = [*takewhile(lambda each: each.version != version, versions)]
    last = earlier[-1] if earlier else None
    entry = compose_entry(folder, version, wheel.name, who.rpartition(" <")[0], last)
    if notes:
        write_text(notes, entry + _link_metrics(folder, version, url))
    if same:
        return f"{wheel.name} is released already, as {version}; no tag was made"
    facts = {WHEEL: wheel.name, DIGEST: hash_file(wheel)}
    message = write_message(f"Release model {version}", facts, who)
    if notes:
        register(folder, version, message)
    else:
        _commit_and_tag(folder, version, entry, message)
    took = "" if checked.latency is None else f", {checked.latency:.2g} ms a prediction"
    made = f"{notes}, a tag" if notes else f"{CHANGELOG}, a commit and a tag of it"
    return (
        f"{wheel.name} is {name_artifact(folder)} {version}{took} → {made}; "
        "`git push --follow-tags` shares that"
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


def _link_metrics(folder: Path, version: str, url: str | None) -> str:
    if url is None:
        return ""
    # As GTO names the tag.
    tag = f"{name_artifact(folder).replace(':', '=')}@{version}"
    return f"\n[All metrics]({url}/blob/{quote(tag)}/reports/metrics.json)\n"


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
