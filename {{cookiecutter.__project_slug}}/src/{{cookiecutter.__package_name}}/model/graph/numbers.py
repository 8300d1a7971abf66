"""What the parts of the serving graph are written in."""

from typing import Any

import numpy as np

Json = dict[str, Any]
Numbers = list[float | None]


class NotCompilableError(Exception):
    """What the serving graph can't hold; `str()` of it names it."""


def write_numbers(values: np.ndarray) -> Numbers:
    """Write an array of shape (n,) as JSON can hold it: None for NaN.

    Raises:
        NotCompilableError: A number is infinite.
    """
    if np.isinf(values).any():
        raise NotCompilableError("an infinite number in the transform")
    return [None if np.isnan(value) else float(value) for value in values]
