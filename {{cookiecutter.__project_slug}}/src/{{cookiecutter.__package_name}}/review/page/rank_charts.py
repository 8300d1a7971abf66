"""Charts of rows below each other: scores, value, slices and classes, as dots with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ...common.numbers import show, show_interval
from .drawing import stack
from .style import ACCENT, GREY, SECOND
from .words import shorten

Record = Mapping[str, Any]
COLOURS = [ACCENT, SECOND, GREY]
ROW_HEIGHT = 20
# The axis and its title; a legend.
FRAME_HEIGHT = 45
LEGEND_HEIGHT = 25


def draw_scores(scores: Sequence[Record], lower_is_better: bool) -> alt.LayerChart:
    """Draw the scores of the model and of its baselines.

    Args:
        scores: Of each metric: "metric", "model", "low", "high", "linear", "dummy".
        lower_is_better: Decides what the text below says.
    """
    table = pd.DataFrame(scores)
    better = "left" if lower_is_better else "right"
    reading = (
        f"The further {better}, the better. The bar shows how far chance could move the model's "
        "score, had other rows of the same kind been drawn."
    )
    names = ["model", "linear", "dummy"]
    long = table.melt(["metric"], names, "of")
    long["note"] = [f"{row.metric}, {row.of}: {show(row.value)}" for row in long.itertuples()]
    y = alt.Y("metric:N", sort=list(table["metric"]), title=None)
    return stack(
        _draw_intervals(table, y, None),
        _draw_dots(long, y, None, names),
        description=reading,
        height=ROW_HEIGHT * len(table) + FRAME_HEIGHT + LEGEND_HEIGHT,
    )


def draw_value(per_1000: Mapping[str, float], interval: Record | None) -> alt.LayerChart:
    """Draw what 1,000 cases are worth by each way to decide, and the model's interval."""
    reading = (
        "What 1,000 cases are worth if the model decides, a simple linear model decides, the "
        "answer is never yes, or always yes. The orange line shows how far chance could move the "
        "model's value."
    )
    table = pd.DataFrame({"way": list(per_1000), "value": list(per_1000.values())})
    table["note"] = [f"{row.way}: {show(row.value)}" for row in table.itertuples()]
    y = alt.Y("way:N", sort=list(per_1000), title=None)
    x = alt.X("value:Q", title="value of 1,000 cases", axis=alt.Axis(format=",.0f"))
    colour = alt.condition(
        alt.FieldEqualPredicate(field="way", equal="model"), alt.value(ACCENT), alt.value(GREY)
    )
    bars = alt.Chart(table).mark_bar(aria=True, height=12)
    layers = [bars.encode(x=x, y=y, color=colour, description=alt.Description("note:N"))]
    if interval is not None:
        span = pd.DataFrame([{"way": "model", **interval}])
        line = alt.Chart(span).mark_rule(color=SECOND, size=3)
        layers.append(line.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y))
    height = ROW_HEIGHT * len(table) + FRAME_HEIGHT
    return stack(*layers, description=reading, height=height)


def draw_slices(
    slices: Sequence[Record], whole: float, metric: str, span: tuple[float, float]
) -> alt.LayerChart:
    """Draw the metric of a column's slices with intervals, and that of the whole test part."""
    reading = "The orange line is the score on all test rows."
    table = pd.DataFrame(slices).assign(of="model")
    labels = shorten(table["slice"])
    table["label"] = table["slice"].astype(str).map(labels)
    table["note"] = [
        f"{name_slice(each)}: {show(each['value'])} ({show_interval(each['low'], each['high'])}), "
        f"{each['rows']:,} rows"
        for each in slices
    ]
    y = alt.Y("label:N", sort=list(labels.values()), title=None)
    rule = alt.Chart(pd.DataFrame({"whole": [whole]})).mark_rule(color=SECOND, size=1.5)
    scale = alt.Scale(domain=list(span), nice=True, zero=False)
    return stack(
        _draw_intervals(table, y, metric),
        rule.encode(x=alt.X("whole:Q", scale=scale, title=metric)),
        _draw_dots(table, y, metric, ["model"]),
        description=reading,
        height=ROW_HEIGHT * len(table) + FRAME_HEIGHT,
    )


def draw_classes(classes: Sequence[Record]) -> alt.LayerChart:
    """Draw "precision", "recall" and "f1" of each class."""
    reading = (
        "For each class: precision, the share of the rows called so that are so; recall, the share "
        "of the rows that are so that were called so; f1, the balance of both. To the right is "
        "better."
    )
    names = ["precision", "recall", "f1"]
    labels = shorten(each["class"] for each in classes)
    table = pd.DataFrame(classes).assign(label=list(labels.values()))
    long = table.melt(["class", "label"], names, "of")
    long["note"] = [
        f"{name}, {of}: {show(value)}"
        for name, of, value in zip(long["class"], long["of"], long["value"], strict=True)
    ]
    y = alt.Y("label:N", sort=list(labels.values()), title=None)
    height = ROW_HEIGHT * len(classes) + FRAME_HEIGHT + LEGEND_HEIGHT
    return stack(_draw_dots(long, y, None, names), description=reading, height=height)


def name_slice(each: Record) -> str:
    """Name a slice by its column and what it holds."""
    return f"{each['column']}: {each['slice']}"


def _draw_intervals(table: pd.DataFrame, y: alt.Y, title: str | None) -> alt.Chart:
    bars: alt.Chart = alt.Chart(table).mark_bar(height=8, opacity=0.35, color=ACCENT)
    return bars.encode(x=alt.X("low:Q", title=title), x2=alt.X2("high:Q"), y=y)


def _draw_dots(table: pd.DataFrame, y: alt.Y, title: str | None, names: list[str]) -> alt.Chart:
    legend = alt.Legend() if len(names) > 1 else None
    scale = alt.Scale(domain=names, range=COLOURS[: len(names)])
    dots: alt.Chart = alt.Chart(table).mark_point(aria=True, filled=True, size=55, opacity=1)
    return dots.encode(
        x=alt.X("value:Q", title=title, scale=alt.Scale(zero=False, padding=8)),
        y=y,
        color=alt.Color("of:N", scale=scale, legend=legend),
        shape=alt.Shape("of:N", scale=alt.Scale(domain=names), legend=legend),
        description=alt.Description("note:N"),
    )
