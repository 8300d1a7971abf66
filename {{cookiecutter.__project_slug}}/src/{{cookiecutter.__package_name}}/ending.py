"""How a command of the project ends."""

from collections.abc import Callable
from typing import NoReturn

import typer

from .common.console import run


def end(action: Callable[[], str]) -> NoReturn:
    """Do what a command is for, say how it went, and end with the exit code of that.

    Args:
        action: Returns the line to print.
    """
    raise typer.Exit(run(lambda _: action()))
