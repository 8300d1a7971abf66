"""status: what serves where, and how good each version is."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..common.numbers import show
from ..review.comparison.git import name_artifact
from ..review.page.words import printable
from ..review.results import spell
from .changelog import read_results
from .tags import Event, read_events, read_fact, read_stages, read_versions


def describe_registry(folder: Path) -> str:
    """Print the stages and the versions as tables.

    Returns:
        How many versions there are, in words.
    """
    events = read_events(folder)
    versions = read_versions(events)
    serving = {stage: held[-1] for stage, held in read_stages(events).items() if held}
    name = name_artifact(folder)
    if not versions:
        return f"no version of {name} is registered yet; `release` makes the first one"
    console = Console()
    if serving:
        console.print(_stages_table(serving))
    console.print(_versions_table(folder, versions, serving))
    count = f"{len(versions)} version{'s' if len(versions) > 1 else ''}"
    return f"{count} of {name}; metrics are of the test part of their time"


def _stages_table(serving: dict[str, Event]) -> Table:
    table = Table("stage", "serves", "since", "by", "why")
    for stage, event in serving.items():
        cells = (stage, event.version, _day(event), event.by, read_fact(event, "Why"))
        table.add_row(*(escape(printable(cell)) for cell in cells))
    return table


def _versions_table(folder: Path, versions: list[Event], serving: dict[str, Event]) -> Table:
    results = {event.version: read_results(folder, event.commit) for event in reversed(versions)}
    metrics = [name for name in next(iter(results.values())) if not name.endswith(" rows")]
    table = Table("version", "stages", "released", *map(spell, metrics))
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for event in reversed(versions):
        found = results[event.version]
        table.add_row(
            event.version,
            ", ".join(stage for stage, held in serving.items() if held.version == event.version),
            _day(event),
            *(show(found[name]) if name in found else "" for name in metrics),
        )
    return table


def _day(event: Event) -> str:
    return event.when.astimezone().date().isoformat()
