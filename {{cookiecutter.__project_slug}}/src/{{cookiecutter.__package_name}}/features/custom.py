"""Your own features: this file is yours to change."""

from collections.abc import Mapping

import numpy as np

Array = np.ndarray


def add_features(rows: Mapping[str, Array]) -> dict[str, Array]:
    """Derive features from the columns that are known when the prediction is made.

    The same function serves training and prediction, so each value may depend on its own row
    only. What depends on other rows is learnt from the training rows in transform.py.

    Args:
        rows: Array of shape (n_rows,) for each column of schema.yaml with the role feature or
            time: float64 with NaN for numbers, text or None for categories, datetime64 for
            datetimes.

    Returns:
        Array of shape (n_rows,) for each new feature: numbers, or text for a category.
    """
    departure = minutes_after_midnight(rows["sched_dep_time"])
    arrival = minutes_after_midnight(rows["sched_arr_time"])
    year = rows["time_hour"].astype("datetime64[Y]").astype("float64") + 1970
    return {
        # Local times on both ends: off by the time zones, which are constant for a destination.
        "scheduled_minutes": (arrival - departure) % (24 * 60),
        "plane_age": year - rows["plane_year"],
    }


def minutes_after_midnight(clock: Array) -> Array:
    """Convert times of day such as 1730 to minutes after midnight."""
    hours, minutes = np.divmod(clock, 100)
    return hours * 60 + minutes
