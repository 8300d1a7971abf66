"""Metrics in words, and text that can be shown."""

import re
from collections.abc import Iterable

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

MAX_LETTERS = 26
MEANINGS = {
    "roc_auc": "how often a yes row gets a higher probability than a no row: 0.5 is guessing, 1 "
    "never errs",
    "average_precision": "how many of the alarms are right, over all ways to set the alarm: "
    "guessing reaches the share of yes rows, 1 never errs",
    "log_loss": "how surprised the probabilities are by what came true: 0 is never",
    "brier_loss": "mean squared distance of the probability from what came true (1 or 0): 0 is "
    "perfect",
    "calibration_error": "how far the probabilities are off on average from the shares that came "
    "true: 0.05 means by 5 points of 100",
    "accuracy": "share of rows whose class is right",
    "balanced_accuracy": "share of rows whose class is right, on average over the classes, so "
    "that rare ones count as much",
    "f1_macro": "balance of right alarms and found rows, on average over the classes: 1 is perfect",
    "f1_weighted": "the same, but each class counts by its rows",
    "r2": "share of the target's variation that the model explains: 0 is no better than always "
    "predicting the mean",
    "mean_absolute_error": "how far predictions are off on average, in the target's unit",
    "root_mean_squared_error": "the same, but large errors count more",
}


def printable(text: object) -> str:
    """Replace what neither HTML nor SVG can hold, such as control characters."""
    return UNPRINTABLE.sub("�", str(text))


def shorten(names: Iterable[object]) -> dict[str, str]:
    """Shorten names in their middle to fit beside a chart; no two become the same."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(map(str, names)):
        text = printable(name)
        short = text if len(text) <= MAX_LETTERS else f"{text[:10]}…{text[-15:]}"
        n, label = 1, short
        while label in found.values():
            n, label = n + 1, f"{short} ({n + 1})"
        found[name] = label
    return found
