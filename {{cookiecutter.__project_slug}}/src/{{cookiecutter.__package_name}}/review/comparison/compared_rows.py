"""The rows on which two models can be compared, and what each predicts for them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...common.io import TARGET
from ...common.settings import Task
from ...measure.slices import Slice, find_slices, number_groups
from ...model.trained import encode_target
from .base_model import check_goal, needed_columns, predict_rows, read_settings
from .current import Current
from .not_comparable import NotComparableError
from .unseen import find_unseen

# The column that the command `predict` adds.
NAMES = {"binary": "probability", "regression": "prediction"}


class ComparedRows(NamedTuple):
    """Rows that neither model has learnt from.

    Attributes:
        y: Encoded target, of shape (n_rows,).
        base: What the earlier model predicts, see `TrainedModel.predict`.
        now: What today's predicts.
        classes: Of both models, for a multi-class task.
        slices: Of the rows.
        groups: Number of each row's group, of shape (n_rows,), if rows have one.
        left_out: How many rows of the test part one of the models has learnt from.
        refused: How many more break the earlier model's contract.
    """

    y: np.ndarray
    base: np.ndarray
    now: np.ndarray
    classes: list[str]
    slices: list[Slice]
    groups: np.ndarray | None
    left_out: int
    refused: int


def choose_rows(current: Current, folder: Path, base: dict[str, pd.DataFrame]) -> ComparedRows:
    """Choose the rows of today's test part that no model has seen, and predict them by both.

    Args:
        current: Today's results.
        folder: Where the earlier revision is checked out, with its models.
        base: Its prepared rows by part.

    Raises:
        NotComparableError: The two models answer different questions, the earlier one can't
            predict today's rows, or too few rows are left.
    """
    test = current.parts["test"]
    check_goal(read_settings(folder / "params.yaml"), current.params.goal)
    columns = needed_columns(read_settings(folder / "schema.yaml"), test)
    learnt = [parts[name] for parts in (base, current.parts) for name in ("train", "validation")]
    unseen = find_unseen(test, learnt, current.schema)
    _check_enough(test[unseen], len(test), "no model has learnt from")
    table = predict_rows(folder, test.loc[unseen, columns])
    predicted, classes = as_predictions(
        table, current.params.goal.task, current.description.classes
    )
    answered = ~np.isnan(predicted.reshape(len(predicted), -1)).any(axis=1)
    chosen = np.flatnonzero(unseen)[answered]
    _check_enough(test.iloc[chosen], len(test), f"the base model predicts{_first_fault(table)}")
    return ComparedRows(
        y=encode_target(test[TARGET].iloc[chosen], classes),
        base=predicted[answered],
        now=_widen(current.predictions[chosen], len(classes)),
        classes=classes,
        slices=_slice_rows(current, chosen),
        groups=number_groups(test.iloc[chosen], current.schema),
        left_out=int((~unseen).sum()),
        refused=int((~answered).sum()),
    )


def as_predictions(
    table: pd.DataFrame, task: Task, classes: list[str]
) -> tuple[np.ndarray, list[str]]:
    """Take the predictions out of the table, in the form of `TrainedModel.predict`.

    Args:
        table: From `predict_rows`; a row without a prediction is missing in it.
        task: Of both models.
        classes: Today's classes of a multi-class task.

    Returns:
        Predictions, NaN where there is none, and the classes of both models: today's, then those
        that only the revision's model knows. What it does not know has the probability 0.

    Raises:
        NotComparableError: The table has no predictions.
    """
    if task != "multiclass" and NAMES[task] not in table:
        raise NotComparableError(f"its command `predict` gives no {NAMES[task]}")
    if task != "multiclass":
        return table[NAMES[task]].to_numpy(dtype="float64"), classes
    prefix = "probability_"
    known = [name.removeprefix(prefix) for name in table if name.startswith(prefix)]
    both = [*classes, *(name for name in known if name not in classes)]
    probabilities = table.reindex(columns=[prefix + name for name in both])
    silent = probabilities.isna().all(axis=1)
    return probabilities.fillna(0.0).mask(silent).to_numpy(dtype="float64"), both


def _check_enough(rows: pd.DataFrame, n_test: int, kind: str) -> None:
    if rows[TARGET].nunique() > 1:
        return
    found = "none" if rows.empty else f"{len(rows):,}, all with the same target,"
    raise NotComparableError(f"of the {n_test:,} test rows of today, there are {found} that {kind}")


def _first_fault(table: pd.DataFrame) -> str:
    faults = table.get("fault", pd.Series(dtype="str"))
    faulty = faults[faults.fillna("") != ""]
    return f" (the first is refused: {faulty.iloc[0]})" if len(faulty) else ""


def _widen(predictions: np.ndarray, n_classes: int) -> np.ndarray:
    """Add a probability of 0 for each class that only the earlier model knows."""
    if predictions.ndim == 1:
        return predictions
    return np.pad(predictions, ((0, 0), (0, n_classes - predictions.shape[1])))


def _slice_rows(current: Current, chosen: np.ndarray) -> list[Slice]:
    settings = current.params.evaluate.slices
    # Found on the whole test part, so that they are those of details.json.
    found = find_slices(current.parts["test"], settings, current.schema)
    kept = [each._replace(mask=each.mask[chosen]) for each in found]
    return [each for each in kept if each.mask.sum() >= settings.min_rows]
