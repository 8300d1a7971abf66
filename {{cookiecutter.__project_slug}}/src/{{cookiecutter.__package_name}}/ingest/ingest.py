"""Copy the deliveries that are new, and nothing else."""

from pathlib import Path

from ..common.console import show
from ..common.errors import DataError
from ..common.io import hash_file, write_text
from ..common.settings import load_params
from ..data.sources import name_main
from ..data.tables import find_format
from .arrivals import Arrival, Arrivals
from .place import find_place, fits
from .tracked import check_complete, find_tracked, track


def ingest(folder: Path, listing: Path | None) -> str:
    """Copy new deliveries below data/raw, and bring DVC's files up to date where it tracks them.

    A delivery is there from one moment to the next or not at all, and one that is there is never
    changed.

    Args:
        folder: The project.
        listing: Text file to write the paths of the new deliveries to, a line each.

    Returns:
        What was done, in words.

    Raises:
        SettingsError: The deliveries have no place below data/raw.
        DataError: They can't be read, or some can't be taken; the others are copied.
    """
    prepare, raw = load_params(folder / "params.yaml").prepare, folder / "data" / "raw"
    if listing:
        write_text(listing, "")
    if prepare.deliveries_url is None:
        return (
            "nothing to ingest: params.yaml has no prepare.deliveries_url; set it to where new "
            "deliveries arrive, such as s3://bucket/flights/*.csv"
        )
    name = name_main(prepare.sources)
    pattern = prepare.sources[name].files
    place = find_place(raw, name, pattern)
    tracked = find_tracked(folder, place)
    check_complete(folder, raw, tracked)
    arrivals = Arrivals(folder, prepare.deliveries_url)
    new, faults = take_all(arrivals, place, pattern)
    track(folder, place, tracked, new)
    if listing:
        write_text(listing, "".join(f"{path.as_posix()}\n" for path in new))
    found = f"{arrivals.url}: {len(arrivals.found)} found, {len(new)} new → {place}"
    if faults:
        raise DataError("\n       ".join([found, *faults]))
    return found


def take_all(arrivals: Arrivals, place: Path, pattern: str) -> tuple[list[Path], list[str]]:
    """Copy what is new.

    Returns:
        The new files, and why others were not taken.
    """
    new, faults = [], []
    for number, arrival in enumerate(arrivals.found, start=1):
        show(f"{number} of {len(arrivals.found)}: {arrival.name}")
        target = place / arrival.name
        fault = _find_fault(arrival, pattern)
        if fault:
            faults.append(fault)
        elif not target.exists():
            arrivals.copy(arrival, target)
            new.append(target)
        elif _differs(arrivals, arrival, target):
            faults.append(
                f"{arrival.path} and {target} have the same name and other content; a delivery is "
                "never overwritten: give the new one another name (of rows with the same id the "
                "last file's count), or remove the old one and ingest again"
            )
    return new, faults


def _find_fault(arrival: Arrival, pattern: str) -> str:
    if not arrival.is_safe:
        return (
            f"{arrival.path!r}: can't be a file's name here; take letters, digits and . _ - only, "
            "the first of them a letter or digit"
        )
    try:
        find_format(Path(arrival.name))
    except ValueError as error:
        return f"{arrival.path}: has an unknown format; {error}"
    if not fits(arrival.name, pattern):
        return f"{arrival.path}: `prepare` would not read it, as its `files` is {pattern}"
    return ""


def _differs(arrivals: Arrivals, arrival: Arrival, target: Path) -> bool:
    if arrival.size not in (None, target.stat().st_size):
        return True
    with arrivals.fetch(arrival, target.parent) as copy:
        return hash_file(copy) != hash_file(target)
