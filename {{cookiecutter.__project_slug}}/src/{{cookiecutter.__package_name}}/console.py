"""What a stage says on the terminal: its progress, its one line at the end, its error."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import cast

from .errors import ProjectError

PATIENCE_SECONDS = 2


def run(main: Callable[[list[str]], str]) -> int:
    """Run a stage or command and say how it went.

    Args:
        main: Gets the command line's arguments and returns the line to print.

    Returns:
        The exit code: 0, or that of the `ProjectError` which it printed.
    """
    for stream in (sys.stdout, sys.stderr):
        # A Windows console without UTF-8 shows ? for an arrow or a letter that it does not know.
        cast(TextIOWrapper, stream).reconfigure(errors="replace")
    # OpenMP's threads spin while they wait for each other, so on a machine that is doing something
    # else as well they take many times as long. Read when LightGBM is imported, after this.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        line = main(sys.argv[1:])
    except ProjectError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(line)
    return 0


@contextmanager
def progress(description: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar, but only for work that takes longer than two seconds.

    Args:
        description: What is being done.
        total: How many steps it takes at most.

    Yields:
        A function to call after each step.
    """
    start, done = time.monotonic(), 0
    with ExitStack() as stack:
        update: Callable[[int], None] | None = None

        def advance() -> None:
            nonlocal done, update
            done += 1
            if update is None and time.monotonic() - start > PATIENCE_SECONDS:
                update = stack.enter_context(_bar(description, total))
            if update is not None:
                update(done)

        yield advance


@contextmanager
def _bar(description: str, total: int) -> Iterator[Callable[[int], None]]:
    # rich costs 0.1 s to import, which short stages need not pay.
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(description, total=total)
        yield lambda done: bar.update(task, completed=done)
