"""What changed between the revisions of a comparison: data, parameters, code, dependencies."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...common.numbers import show, show_share
from ..page.shell import Section, bullets, fold, paragraph, table

Content = Mapping[str, Any]
SHOWN = 8
HEAD = [
    "column",
    "stability index",
    "missing, base",
    "missing, now",
    "test",
    "p",
    "new categories",
    "vanished",
]


def describe_data(data: Content | None) -> list[Section]:
    """Show what changed in the rows, the columns that moved most first."""
    if data is None:
        return []
    base, now = data["rows"]["base"], data["rows"]["now"]
    parts = [paragraph(f"{now:,} rows now, {base:,} at the base.")]
    changed = [f"new column: {name}" for name in data["added"]]
    changed += [f"column that is gone: {name}" for name in data["removed"]]
    changed += [f"{c['column']}: was {c['base']}, is {c['now']}" for c in data["retyped"]]
    if changed:
        parts.append(bullets(changed))
    rows = [_describe_column(column) for column in data["columns"]]
    if rows:
        note = (
            "The stability index says how far a column's values moved: below 0.1 hardly, above "
            "0.25 a lot. A p below 0.01 is more than chance would do."
        )
        parts += [paragraph(note), table(HEAD, rows[:SHOWN])]
    if rows[SHOWN:]:
        parts.append(fold(f"{len(rows) - SHOWN} more that moved less", table(HEAD, rows[SHOWN:])))
    return [Section("Data", parts)]


def describe_changes(comparison: Content) -> Section:
    """Say in a line each what else changed."""
    names = ("parameters", "code", "dependencies")
    return Section(
        "What else changed", [table(["of", "change"], [[n, comparison[n]] for n in names])]
    )


def _describe_column(column: Content) -> list[str]:
    index, p = column["stability_index"], column["p_value"]
    return [
        column["column"],
        "-" if index is None else show(index),
        show_share(column["missing"]["base"]),
        show_share(column["missing"]["now"]),
        column["test"] or "-",
        "-" if p is None else show(p),
        _list(column["new"]),
        _list(column["vanished"]),
    ]


def _list(names: Iterable[object]) -> str:
    named = [str(name) for name in names]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return ", ".join(named[:SHOWN]) + more
