"""Each window of rows against the training profile: how far a column moved, and is it chance."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

import numpy as np
import pandas as pd

from ...common.settings import Drift
from ...measure.column_profile import ColumnProfile, count_base, count_now
from ...measure.shift import measure_chance, stability_index
from .words import Bin

Array = np.ndarray
Role = Literal["feature", "prediction", "target", "faulty"]

# Of calling any column of a window moved that did not move.
SIGNIFICANCE = 0.01


class Move(TypedDict):
    """What a window shows of a column, or of all rows.

    `value` is the stability index less what chance gives in a window of its size, or the share of
    faulty rows; `probability` that chance alone gives as much.
    """

    window: int
    value: float
    over: bool
    probability: NotRequired[float]


class Moved(TypedDict):
    """A column over the windows.

    `limit` is what each value has to keep, `recent` the mean of the last values; `change`, `new`
    and `bins` compare the rows of the last windows with the training part.
    """

    column: str
    role: Role
    drifted: bool
    limit: float
    recent: float | None
    windows: list[Move]
    change: str
    new: list[str]
    bins: list[Bin]


def follow_column(
    profile: ColumnProfile, windows: Mapping[int, pd.Series], drift: Drift, columns: int
) -> list[Move]:
    """Compare a column of each window with its profile.

    A window is over the limit when its index, less what chance gives, is above
    `drift.max_stability_index` and above that of each window of the training part, and when
    chance alone would rarely give it: in one of a hundred windows for any of the columns
    (Bonferroni's correction).

    Args:
        profile: Of the training part.
        windows: The column's values by number of the window.
        drift: Gives the limit.
        columns: How many columns are compared.
    """
    moves: list[Move] = []
    base, limit = count_base(profile), limit_of(profile, drift)
    for number, values in windows.items():
        now = count_now(profile, values)
        chance = measure_chance(base, len(values))
        index = float(stability_index(base, now))
        excess, probability = max(index - chance.mean, 0.0), chance.probability(index)
        over = excess > limit and probability < SIGNIFICANCE / columns
        moves.append({"window": number, "value": excess, "over": over, "probability": probability})
    return moves


def limit_of(profile: ColumnProfile, drift: Drift) -> float:
    """Give the limit of a column: a window of the training part never breaks it."""
    return max(drift.max_stability_index, profile.get("usual", 0.0))


def follow_faults(sound: Mapping[int, Array], limit: float) -> list[Move]:
    """Compute the share of rows that break the contract in each window.

    Args:
        sound: Which rows keep it, by number of the window.
        limit: The share that is taken for usual.
    """
    shares = {number: float(1 - values.mean()) for number, values in sound.items()}
    return [
        {"window": number, "value": share, "over": share > limit}
        for number, share in shares.items()
    ]


def has_drifted(over: list[bool], drift: Drift) -> bool:
    """Say whether enough of the last windows are over the limit."""
    return sum(over[-drift.last :]) >= drift.over


def conclude(name: str, role: Role, limit: float, moves: list[Move], drift: Drift) -> Moved:
    """Sum up what the windows show of a column."""
    recent = [move["value"] for move in moves[-drift.last :]]
    return {
        "column": name,
        "role": role,
        "drifted": has_drifted([move["over"] for move in moves], drift),
        "limit": limit,
        "recent": float(np.mean(recent)) if recent else None,
        "windows": moves,
        "change": "",
        "new": [],
        "bins": [],
    }
