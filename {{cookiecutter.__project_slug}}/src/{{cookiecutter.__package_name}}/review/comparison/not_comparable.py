"""Two models that can't be compared."""


class NotComparableError(Exception):
    """There is nothing to compare with; `str()` of it says why, as the rest of a sentence."""
