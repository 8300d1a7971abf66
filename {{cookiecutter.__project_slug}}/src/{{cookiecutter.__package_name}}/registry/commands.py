"""The commands of the registry."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..console import run

Stage = Annotated[str, typer.Option(metavar="NAME", help="Such as prod.")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; asked for if not given.")]


def release() -> None:
    """Check the packaged model and register it as the next version, in Git."""

    def register() -> str:
        from .release import release

        return release(Path())

    raise typer.Exit(run(lambda _: register()))


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

    raise typer.Exit(run(lambda _: assign()))


def rollback(stage: Stage, reason: Reason = None) -> None:
    """Let a stage serve what it served before the last promotion."""
    why = _ask(reason)

    def assign() -> str:
        from .stages import roll_back

        return roll_back(Path(), stage, why)

    raise typer.Exit(run(lambda _: assign()))


def status() -> None:
    """Show what the stages serve, and the versions with their metrics."""

    def describe() -> str:
        from .status import describe_registry

        return describe_registry(Path())

    raise typer.Exit(run(lambda _: describe()))


def _ask(reason: str | None) -> str:
    if reason is None and sys.stdin.isatty():
        reason = typer.prompt("Why")
    return reason or ""
