"""The charts of the page on drift."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ...common.numbers import show_limit
from ..page.drawing import stack
from ..page.style import GREY

Content = Mapping[str, Any]
SHOWN = 5


def draw_moves(result: Content) -> alt.LayerChart:
    """Draw the values of what moved most over the windows, each as a multiple of its limit."""
    windows, order = result["windows"], [window["from"] for window in result["windows"]]
    moved = [column for column in result["columns"] if column["role"] != "faulty"][:SHOWN]
    points = [
        {
            "window": windows[move["window"]]["from"],
            "column": column["column"],
            "times": move["value"] / column["limit"],
        }
        for column in moved
        for move in column["windows"]
    ]
    lines = (
        alt.Chart(pd.DataFrame(points))
        .mark_line(point=True)
        .encode(
            x=alt.X("window:O", sort=order, title="window from", axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("times:Q", title="times the limit"),
            color=alt.Color(
                "column:N",
                sort=[column["column"] for column in moved],
                legend=alt.Legend(columns=3),
            ),
        )
    )
    limit = alt.Chart(pd.DataFrame({"y": [1]})).mark_rule(strokeDash=[4, 4]).encode(y="y:Q")
    return stack(
        limit,
        lines,
        description=f"The stability index of the {len(moved)} columns that moved most, over the "
        "limit of each: above the dashed line a window is over the limit.",
    )


def draw_predictions(bins: Sequence[Content]) -> alt.Chart:
    """Draw the share of the predictions in each bin, in the validation part and now."""
    names = {"then": "validation part", "now": "last windows"}
    bars = [
        {"bin": each["name"], "rows": name, "share": each[key]}
        for each in bins
        for key, name in names.items()
    ]
    reading = (
        "How many of the rows got a prediction in each range. The ranges are tenths of the "
        "validation part, so bars that are not level show what moved."
    )
    drawn: alt.Chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            x=alt.X(
                "bin:O",
                sort=[each["name"] for each in bins],
                title="prediction",
                axis=alt.Axis(labelAngle=-40),
            ),
            xOffset=alt.XOffset("rows:N", sort=[*names.values()]),
            y=alt.Y("share:Q", title="share of the rows", axis=alt.Axis(format="%")),
            color=alt.Color("rows:N", sort=[*names.values()]),
        )
    )
    return drawn.properties(description=reading)


def draw_quality(quality: Content, windows: Sequence[Content]) -> alt.LayerChart:
    """Draw the goal's metric over the windows with its intervals, and its limit."""
    points = [
        {
            "window": windows[each["window"]]["from"],
            **{k: each[k] for k in ("value", "low", "high")},
        }
        for each in quality["windows"]
    ]
    order = [point["window"] for point in points]
    base = alt.Chart(pd.DataFrame(points)).encode(
        x=alt.X("window:O", sort=order, title="window from", axis=alt.Axis(labelAngle=-40))
    )
    scale = alt.Scale(zero=False)
    return stack(
        alt.Chart(pd.DataFrame({"y": [quality["limit"]]}))
        .mark_rule(strokeDash=[4, 4])
        .encode(y=alt.Y("y:Q", scale=scale)),
        base.mark_rule(color=GREY).encode(
            y=alt.Y("low:Q", title=quality["metric"], scale=scale), y2="high:Q"
        ),
        base.mark_line(point=True).encode(y=alt.Y("value:Q", scale=scale)),
        description=f"{quality['metric']} where labels have arrived, with 95 % intervals; the "
        f"dashed line is the goal's limit of {show_limit(quality['limit'])}.",
    )
