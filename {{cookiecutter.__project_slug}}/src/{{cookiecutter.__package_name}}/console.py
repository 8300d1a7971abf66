"""What a stage says on the terminal: its progress, its one line at the end, its error."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from threading import Timer
from typing import TYPE_CHECKING, ClassVar, cast

from .errors import ProjectError

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE_SECONDS = 2.0


class Activity:
    """What is being done: shown on a terminal, once it has taken longer than two seconds."""

    current: ClassVar["Activity | None"] = None

    def __init__(self, text: str) -> None:
        """Begin to wait."""
        self.text = text
        self._status: Status | None = None
        self._timer = Timer(PATIENCE_SECONDS, self._show)
        if sys.stderr.isatty():
            self._timer.start()
        Activity.current = self

    def say(self, text: str) -> None:
        """Replace the text."""
        self.text = text
        if self._status is not None:
            self._status.update(text)

    def end(self) -> None:
        """Show nothing any more."""
        Activity.current = None
        self._timer.cancel()
        if self._timer.is_alive():
            self._timer.join()
        if self._status is not None:
            self._status.stop()

    def _show(self) -> None:
        # rich costs 0.1 s to import, which short stages need not pay.
        from rich.console import Console

        self._status = Console(stderr=True).status(self.text)
        self._status.start()


def run(main: Callable[[list[str]], str]) -> int:
    """Run a stage or command and say how it went.

    Args:
        main: Gets the command line's arguments and returns the line to print.

    Returns:
        The exit code: 0, or that of the `ProjectError` which it printed.
    """
    from threadpoolctl import threadpool_limits

    for stream in (sys.stdout, sys.stderr):
        # A Windows console without UTF-8 shows ? for an arrow or a letter that it does not know.
        cast(TextIOWrapper, stream).reconfigure(errors="replace")
    # OpenMP's threads spin while they wait for each other, so on a machine that is doing something
    # else as well they take many times as long. Read when LightGBM is imported, after this.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # Sums come out otherwise on another number of threads, in the last digits, and so would every
    # hash. This is for what is imported later; the limit below for what is there already.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    activity = Activity("working")
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            line = main(sys.argv[1:])
    except ProjectError as error:
        activity.end()
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        activity.end()
    print(line)
    return 0


@contextmanager
def progress(description: str, total: int) -> Iterator[Callable[[], None]]:
    """Count the steps of a long computation on the terminal.

    Args:
        description: What is being done.
        total: How many steps it takes at most.

    Yields:
        A function to call after each step.
    """
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if Activity.current is not None:
            Activity.current.say(f"{description}: {done:,} of {total:,}")

    yield advance
