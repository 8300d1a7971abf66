"""The commands of the registry."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..ending import end
from ..wheel.commands import Dist

Stage = Annotated[str, typer.Option(metavar="NAME", help="Such as prod.")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; asked for if not given.")]


def release(
    notes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="To write the entry to, instead of the changelog."),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Of the repository on GitHub, for the link in the notes.")
    ] = None,
) -> None:
    """Check the packaged model and register it as the next version, in Git."""

    def register() -> str:
        from .release import release

        return release(Path(), notes, url)

    end(register)


def identify(
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="That it must be, such as 1.0.2.")
    ] = None,
    dist: Dist = Path("dist"),
) -> None:
    """Say which registered version the wheel is, by the SHA-256 in its tag."""

    def find() -> str:
        from .identify import identify

        return identify(Path(), dist, version)

    end(find)


def plan(
    stage: Stage,
    version: Annotated[
        str | None, typer.Option(metavar="VERSION", help="If not given, to roll back.")
    ] = None,
    reason: Reason = None,
) -> None:
    """Say what `promote`, or `rollback`, would change, having checked all that they do."""
    why = _ask(reason)

    def find() -> str:
        from .stages import plan

        return plan(Path(), version or None, stage, why)

    end(find)


def promote(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Such as 1.0.2.")],
    stage: Stage,
    reason: Reason = None,
) -> None:
    """Let a stage serve a version of the model."""
    why = _ask(reason)

    def assign() -> str:
        from .stages import promote

        return promote(Path(), version, stage, why)

    end(assign)


def rollback(stage: Stage, reason: Reason = None) -> None:
    """Let a stage serve what it served before the last promotion."""
    why = _ask(reason)

    def assign() -> str:
        from .stages import roll_back

        return roll_back(Path(), stage, why)

    end(assign)


def status() -> None:
    """Show what the stages serve, and the versions with their metrics."""

    def describe() -> str:
        from .status import describe_registry

        return describe_registry(Path())

    end(describe)


def _ask(reason: str | None) -> str:
    if reason is None and sys.stdin.isatty():
        reason = typer.prompt("Why")
    return reason or ""
