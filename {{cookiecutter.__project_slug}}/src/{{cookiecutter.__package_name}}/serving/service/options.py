"""What whoever runs the service decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..scored import Scored

MEGABYTE = 2**20


@dataclass(frozen=True)
class Options:
    """The limits of a service and its key.

    Attributes:
        api_key: What the header X-API-Key must hold; None lets everyone in.
        max_body: Bytes of a request.
        max_rows: Rows of a request.
        timeout: Seconds that a request may take, the sending of its body among them.
    """

    api_key: str | None = None
    max_body: int = 16 * MEGABYTE
    max_rows: int = 100_000
    timeout: float = 30.0


class Log(Protocol):
    """Where predictions are noted down, off the way of the requests."""

    def put(self, rows: Sequence[Mapping[str, Any]], scored: Sequence[Scored]) -> None:
        """Take rows and what was said of them; never waits and never raises."""

    def state(self) -> dict[str, Any]:
        """Say how many were written and lost, and why."""

    def close(self) -> None:
        """Write what is waiting, within a bounded time."""
