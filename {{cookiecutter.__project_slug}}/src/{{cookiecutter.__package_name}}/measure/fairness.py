"""Is each group of a sensitive column treated alike?"""

from typing import Any

import numpy as np

from .slices import Slice

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")


def compare_groups(y: np.ndarray, decisions: np.ndarray, groups: list[Slice]) -> dict[str, Any]:
    """Compare the rates of the groups of one sensitive column.

    Args:
        y: 0 or 1, of shape (n_rows,).
        decisions: True for yes, of shape (n_rows,).
        groups: The groups.

    Returns:
        The selection rate, true and false positive rate of each of the "groups"; the lowest over
        the highest ("ratio") and the highest minus the lowest ("difference") of each rate, None
        where it is not defined.
    """
    rates = [_rate_group(y[group.mask], decisions[group.mask], group.slice) for group in groups]
    known = {
        name: [rate[name] for rate in rates if rate[name] is not None and len(rates) > 1]
        for name in RATES
    }
    return {
        "column": groups[0].column,
        "groups": rates,
        "ratio": {
            name: min(values) / max(values) if values and max(values) else None
            for name, values in known.items()
        },
        "difference": {
            name: max(values) - min(values) if values else None for name, values in known.items()
        },
    }


def _rate_group(y: np.ndarray, decisions: np.ndarray, name: str) -> dict[str, Any]:
    return {
        "group": name,
        "rows": len(y),
        "selection_rate": _mean(decisions),
        "true_positive_rate": _mean(decisions[y == 1]),
        "false_positive_rate": _mean(decisions[y == 0]),
    }


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None
