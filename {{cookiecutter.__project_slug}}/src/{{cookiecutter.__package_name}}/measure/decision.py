"""From a probability to a decision, and what the decision is worth."""

import math

import numpy as np
import pandas as pd

from ..common.settings import Value

# Above every probability: the decision is never yes.
NEVER = math.nextafter(1.0, 2.0)


def choose_threshold(y: np.ndarray, probabilities: np.ndarray, value: Value | None) -> float:
    """Choose the probability from which a row counts as positive.

    Args:
        y: 0 or 1, of shape (n_rows,), of rows that the model has not learnt from.
        probabilities: Predicted for them, of shape (n_rows,).
        value: Of each kind of decision; the threshold makes the most of it. Without, as many rows
            count as positive as there are.

    Returns:
        A threshold halfway between two of the probabilities, or just above 1 if it is best never
        to decide for yes.
    """
    order = np.argsort(-probabilities, kind="stable")
    descending = probabilities[order]
    if value is None:
        best = int(y.sum())
    else:
        gained = np.where(y == 1, value.true_positive, value.false_positive)
        lost = np.where(y == 1, value.false_negative, value.true_negative)
        totals = np.concatenate([[0.0], (gained - lost)[order].cumsum()])
        # Equal probabilities are decided alike, so no threshold lies between them.
        apart = np.concatenate([[True], np.diff(descending) != 0, [True]])
        best = int(np.where(apart, totals, -np.inf).argmax())
    if best == 0:
        return NEVER
    if best == len(descending):
        return 0.0
    return float((descending[best - 1] + descending[best]) / 2)


def value_rows(y: np.ndarray, decisions: np.ndarray, value: Value) -> np.ndarray:
    """Say what the decision for each row is worth.

    Args:
        y: 0 or 1, of shape (n_rows,).
        decisions: True for yes, of shape (n_rows,).
        value: Of each kind of decision.

    Returns:
        Values of shape (n_rows,), in the unit of `value`.
    """
    yes = np.where(y == 1, value.true_positive, value.false_positive)
    no = np.where(y == 1, value.false_negative, value.true_negative)
    return np.where(decisions, yes, no)


def value_by_threshold(y: np.ndarray, probabilities: np.ndarray, value: Value) -> pd.DataFrame:
    """Compute the value of 1,000 rows for each of 101 thresholds from 0 to 1.

    Args:
        y: 0 or 1, of shape (n_rows,).
        probabilities: Of shape (n_rows,).
        value: Of each kind of decision.

    Returns:
        Table of shape (101, 2) with `threshold` and `per_1000`.
    """
    thresholds = np.linspace(0, 1, 101)
    worth = [1000 * value_rows(y, probabilities >= each, value).mean() for each in thresholds]
    return pd.DataFrame({"threshold": thresholds, "per_1000": worth})
