"""A comparison in words: for the reason of its verdict, and for the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...common.numbers import say, show_change, show_limit
from ...common.settings import is_loss
from ..page.words import printable
from ..results import spell
from .judge_models import Outcome

WORST_SLICES = 3
SCORES = ("base", "now", "difference", "95 % interval")


def explain_verdict(outcome: Outcome, refused: int, min_difference: float) -> str:
    """Say the verdict in a sentence with its numbers.

    Args:
        outcome: From `judge_models`.
        refused: How many rows were left out because they break the earlier model's contract.
        min_difference: The least difference that matters, of the goal's metric.
    """
    metric, gain = outcome["metric"], outcome["difference"]
    if gain is None:
        return outcome["reason"]
    scores = outcome["scores"][metric]
    text = (
        f"On {outcome['rows']:,} test rows that neither model has learnt from, {metric} is "
        f"{say(scores['now'])} now and {say(scores['base'])} at the base"
    )
    low, high = gain["low"], gain["high"]
    if outcome["verdict"] == "better":
        text += f", which is better by {say(low)} to {say(high)} (95 % interval)"
    elif outcome["verdict"] == "worse":
        text += f", which is worse by {say(-high)} to {say(-low)} (95 % interval)"
    elif low == high == 0:
        text += ", as both predict alike"
    else:
        text += (
            f", a difference that chance alone could make (95 % interval {say(low)} to "
            f"{say(high)}{_power(outcome, min_difference)})"
        )
    left_out = f"; {refused:,} more rows are left out, as they break the base's schema.yaml"
    return f"{text}{left_out if refused else ''}."


def print_comparison(comparison: Mapping[str, Any]) -> None:
    """Print the metrics of both models and the slices that lost most, a table each."""
    if not comparison["scores"]:
        return
    metric, console = comparison["metric"], Console()
    scores = Table("test metric", *SCORES)
    for name, pair in comparison["scores"].items():
        scores.add_row(
            spell(name),
            *_cells(pair),
            style="bold" if name == metric else "",
        )
    if comparison["value"] is not None:
        scores.add_row("value per 1,000 rows ↑", *_cells(comparison["value"]))
    console.print(scores)
    slices = Table("where", *SCORES, "verdict", title=f"{metric} by slice")
    sign = -1 if is_loss(metric) else 1
    ordered = sorted(comparison["slices"], key=lambda each: sign * float(each["difference"]))
    for each in ordered[:WORST_SLICES]:
        # Text, as a category may hold what rich takes for markup.
        label = Text(printable(f"{each['column']} is {each['slice']}, {each['rows']:,} rows"))
        slices.add_row(label, *_cells(each), each["verdict"])
    if slices.row_count:
        console.print(slices)


def summarise(comparison: Mapping[str, Any]) -> str:
    """Say the verdict and why, in a line."""
    return f"{comparison['verdict']}: {comparison['reason']} {comparison['base']['note']}".strip()


def _power(outcome: Outcome, min_difference: float) -> str:
    needed, least = outcome["needed_rows"], show_limit(min_difference)
    if needed is None:
        return ""
    if needed <= outcome["rows"]:
        return f"; a difference of {least} would most likely have been found"
    return (
        f"; to find a difference of {least}, about {float(f'{needed:.2g}'):,.0f} "
        "such rows are needed"
    )


def _cells(pair: Mapping[str, Any]) -> list[str]:
    return [
        say(pair["base"]),
        say(pair["now"]),
        show_change(pair["difference"]),
        f"{show_change(pair['low'])} to {show_change(pair['high'])}",
    ]
