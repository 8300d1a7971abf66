"""What the service says to a request that it can't answer."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from fastapi import HTTPException

from ..scored import Scored

# Who sends more faults needs to see no more of them.
MAX_FAULTS = 1000
MAX_SHOWN = 100


def refuse(status: int, reason: str) -> HTTPException:
    """Make the error for a request of which nothing can be used.

    The connection ends with it, as the rest of the body may still be on its way.
    """
    return HTTPException(status, reason, {"Connection": "close"})


def refuse_faults(faults: Iterable[dict[str, Any]]) -> HTTPException:
    """Make the error for values that break rules."""
    return HTTPException(422, [*islice(faults, MAX_FAULTS)])


def describe_fault(row: int | None, column: str | None, value: object, rule: str) -> dict[str, Any]:
    """Name a broken rule, with what of the value can be shown."""
    return {"row": row, "column": column, "value": shorten(str(value)), "rule": rule}


def check_faults(scored: Sequence[Scored]) -> None:
    """Refuse rows of which one breaks a rule.

    Raises:
        HTTPException: Names all broken rules.
    """
    if any(each.faults for each in scored):
        raise refuse_faults(
            describe_fault(row, fault.column, fault.value, fault.rule)
            for row, each in enumerate(scored)
            for fault in each.faults
        )


def shorten(text: str) -> str:
    """Cut a text that may be anything, and replace what UTF-8 can't hold."""
    shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    return shown.encode(errors="replace").decode()
