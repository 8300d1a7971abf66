"""Each window judged: the content of drift.json."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...common.errors import DataError
from ...common.settings import Drift, Params
from ...measure.profile import share_selected
from ...model.trained import Description
from .columns import find_followed, follow
from .current import Current
from .quality import follow_quality, target_limit
from .windows import Moved, conclude, follow_faults, has_drifted
from .words import name_ends

Array = np.ndarray
Content = Mapping[str, Any]


def judge_drift(
    current: Current, description: Description, profile: Content, params: Params
) -> dict[str, Any]:
    """Judge the windows of the rows of today.

    A feature, the prediction, the target, the share of faulty rows or the goal's metric has
    drifted when it is over its limit in `drift.over` of its last `drift.last` windows. Windows
    with fewer than `drift.min_rows` rows are not judged and do not count.

    Args:
        current: From `sort_rows`.
        description: The model's.
        profile: Of the model, from `make_profile`.
        params: Give the limits.

    Returns:
        The content of drift.json: columns that drifted first, then those that moved most.

    Raises:
        DataError: No window has rows enough.
    """
    drift, windows = params.drift, _find_windows(current)
    faults = {n: current.sound[rows] for n, rows in windows.items() if rows.sum() >= drift.min_rows}
    _check_rows(windows, faults, drift)
    limit = params.prepare.max_quarantined_share
    moves = follow_faults(faults, limit)
    columns = [conclude("faulty rows", "faulty", limit, moves, drift)]
    followed = [*find_followed(current, description, profile, params)]
    columns += [follow(column, windows, len(followed), params) for column in followed]
    quality = follow_quality(current, windows, description, params)
    return {
        "training": {name: profile[name] for name in ("rows", "from", "to", "selected")},
        "settings": drift.model_dump(),
        "rows": {
            "read": len(current.rows),
            "faulty": int((~current.sound).sum()),
            "without_time": int(current.starts.isna().sum()),
        },
        "windows": [
            _describe_window(current, rows, profile["threshold"], drift)
            for rows in windows.values()
        ],
        "columns": sorted(columns, key=_rank),
        # Not in the rows: a log holds neither what is sensitive nor what it hashes.
        "not_compared": [name for name in profile["columns"] if name not in current.rows],
        "quality": {
            "metric": params.goal.metric,
            "limit": target_limit(params),
            "windows": quality,
            "drifted": has_drifted([each["missed"] for each in quality], drift),
        },
    }


def name_drifted(result: Content) -> list[str]:
    """Name what has drifted, the metric last."""
    names = [column["column"] for column in result["columns"] if column["drifted"]]
    return names + [result["quality"]["metric"]] * result["quality"]["drifted"]


def _find_windows(current: Current) -> dict[int, Array]:
    starts = sorted(current.starts.dropna().unique())
    return {n: (current.starts == start).to_numpy() for n, start in enumerate(starts)}


def _check_rows(windows: Mapping[int, Array], sound: Mapping[int, Array], drift: Drift) -> None:
    if sound:
        return
    largest = max((int(rows.sum()) for rows in windows.values()), default=0)
    raise DataError(
        f"no window of {drift.window} has as many rows as drift.min_rows, {drift.min_rows}; the "
        f"largest has {largest}: give more rows, or set longer windows in params.yaml"
    )


def _describe_window(
    current: Current, rows: Array, threshold: float | None, drift: Drift
) -> dict[str, Any]:
    sound = rows & current.sound
    selected = None
    if threshold is not None:
        selected = share_selected(current.predictions["probability"][sound].to_numpy(), threshold)
    first, last = name_ends(current.starts[rows].iloc[0], drift.window, current.newest)
    return {
        "from": first,
        "to": last,
        "rows": int(rows.sum()),
        "faulty": int((rows & ~current.sound).sum()),
        "judged": bool(sound.sum() >= drift.min_rows),
        "selected": selected,
    }


def _rank(moved: Moved) -> tuple[bool, float]:
    return not moved["drifted"], -(moved["recent"] or 0.0) / moved["limit"]
