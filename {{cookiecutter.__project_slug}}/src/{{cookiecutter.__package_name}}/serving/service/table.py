"""A table in a body, and the same table with predictions."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from ...data.row_contract import ABSENT
from ..scored import Scored, find_free_name
from .refusals import describe_fault, refuse, refuse_faults, shorten


class Table(ABC):
    """A table as it came: its columns, its rows, and a way to give it back with more columns."""

    columns: list[str]
    rows: list[dict[str, Any]]

    def check_columns(self, needed: Iterable[str]) -> None:
        """Refuse a table that lacks a column or has two of one name.

        Raises:
            HTTPException: Names the columns.
        """
        known: set[str] = set()
        for name in self.columns:
            if name in known:
                raise refuse(400, f"the table has two columns {shorten(name)!r}")
            known.add(name)
        lacking = [name for name in needed if name not in known]
        if lacking:
            raise refuse_faults(describe_fault(None, name, "", ABSENT) for name in lacking)

    def write(self, scored: Sequence[Scored], names: Iterable[str]) -> bytes:
        """Write the table with what was said of its rows in further columns.

        Args:
            scored: Of each row.
            names: The further columns, as `name_outputs` gives them.
        """
        said = [_describe(each) for each in scored]
        added = {name: [each.get(name) for each in said] for name in names}
        renamed: dict[str, list[Any]] = {}
        for name, values in added.items():
            renamed[find_free_name(name, {*self.columns, *renamed})] = values
        return self._write(renamed)

    @abstractmethod
    def _write(self, added: dict[str, list[Any]]) -> bytes:
        """Write the table with these columns after its own."""


def check_size(n_rows: int, max_rows: int) -> None:
    """Refuse more rows than a request may have.

    Raises:
        HTTPException: There are more.
    """
    if n_rows > max_rows:
        raise refuse(413, f"the request has {n_rows:,} rows; must be at most {max_rows:,}")


def name_outputs(task: str, classes: Iterable[str]) -> list[str]:
    """Name the columns that a task adds to a table."""
    further = ["probability"] if task == "binary" else [f"probability_{name}" for name in classes]
    return ["prediction", *further, "fault"]


def _describe(scored: Scored) -> dict[str, Any]:
    binary = scored.probability is not None
    said: dict[str, Any] = {"prediction": scored.decision if binary else scored.prediction}
    if binary:
        said["probability"] = scored.probability
    for name, probability in (scored.probabilities or {}).items():
        said[f"probability_{name}"] = probability
    return said | {"fault": "; ".join(map(str, scored.faults))}
