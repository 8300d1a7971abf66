"""What a stage says on the terminal: its progress, its one line at the end, its error."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from shutil import get_terminal_size
from threading import Event, Thread
from typing import ClassVar, cast

from .errors import ProjectError

PATIENCE_SECONDS = 2.0
REFRESH_SECONDS = 0.2
BAR_WIDTH = 30
# As shells say it of a program that ended by Ctrl-C.
INTERRUPTED = 130


class Activity:
    """What is being done: shown on a terminal, once it has taken longer than two seconds."""

    current: ClassVar["Activity | None"] = None

    def __init__(self, text: str) -> None:
        """Begin to wait."""
        self.text = text
        self._ended = Event()
        self._thread = Thread(target=self._show, daemon=True)
        if sys.stderr.isatty():
            self._thread.start()
        Activity.current = self

    def end(self) -> None:
        """Show nothing any more."""
        Activity.current = None
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _show(self) -> None:
        pause, shown = PATIENCE_SECONDS, ""
        while not self._ended.wait(pause):
            pause, last = REFRESH_SECONDS, shown
            shown = self.text[: get_terminal_size().columns - 1]
            print(f"\r{shown:<{len(last)}}", end="", file=sys.stderr, flush=True)
        if shown:
            print(f"\r{' ' * len(shown)}\r", end="", file=sys.stderr, flush=True)


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
    # else as well they take many times as long. Asleep at once, they take a third longer on an
    # idle one: GCC's library can do something in between. Read when LightGBM is imported, later.
    if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & os.environ.keys():
        os.environ |= {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}
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
    except KeyboardInterrupt:
        activity.end()
        print("error: interrupted", file=sys.stderr)
        return INTERRUPTED
    finally:
        activity.end()
        # Else Python looks at every object once more when it ends: a tenth of a short stage.
        gc.freeze()
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
        show(f"{description}: {done:,} of {total:,}")

    yield advance


def show(text: str) -> None:
    """Say on the terminal what is being done, in the place of what was said before."""
    if Activity.current is not None:
        Activity.current.text = text


def show_share(share: float, text: str) -> None:
    """Show on the terminal how much of a long work is done, from 0 to 1, and what."""
    bar = "#" * round(share * BAR_WIDTH)
    show(f"[{bar:.<{BAR_WIDTH}}] {share:.0%} {text}")


def note(text: str) -> None:
    """Say something before the work ends."""
    print(text, file=sys.stderr)
