"""Charts of where predictions and outcomes part."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ...common.numbers import say, show_change
from .drawing import stack
from .style import ACCENT, CHART_WIDTH, GREY, INK, SECOND

MAX_CLASSES = 10
MAX_DOTS = 500


def count_confusion(table: pd.DataFrame) -> pd.DataFrame:
    """Count the rows of each pair of `actual` and `predicted`, the rarest classes together.

    Returns:
        Table of `actual`, `predicted`, `rows` and `share`, of the actual class's rows.
    """
    table = table.astype(str)
    common = table["actual"].value_counts(sort=True)
    names = sorted({*table["actual"], *table["predicted"]}, key=lambda n: (-common.get(n, 0), n))
    if len(names) > MAX_CLASSES:
        kept = names[: MAX_CLASSES - 1]
        table = table.where(table.isin(kept), "(all others)")
        names = [*kept, "(all others)"]
    counts = pd.crosstab(table["actual"], table["predicted"]).reindex(
        index=names, columns=names, fill_value=0
    )
    long = counts.stack().rename("rows").reset_index()
    totals = long.groupby("actual")["rows"].transform("sum")
    return long.assign(share=long["rows"] / totals.clip(lower=1))


def draw_confusion(table: pd.DataFrame) -> alt.LayerChart:
    """Draw the confusion matrix; a line of `actual` and `predicted` for each row."""
    cells = count_confusion(table)
    names = list(cells["actual"].unique())
    few = len(names) <= 4
    cells["text"] = [
        f"{row.rows:,} ({row.share:.0%})" if few else f"{row.share:.0%}"
        for row in cells.itertuples()
    ]
    cells["note"] = [
        f"{row.actual} taken for {row.predicted}: {row.rows:,} rows, {row.share:.1%}"
        for row in cells.itertuples()
    ]
    reading = (
        "Each line is what the rows were, each column what the model took them for, with the share "
        "of the line. On the diagonal from the upper left it was right."
    )
    x_axis = alt.Axis(orient="top", labelAngle=0 if few else -45, labelLimit=90 if few else 70)
    base = alt.Chart(cells).encode(
        x=alt.X("predicted:N", sort=names, title="predicted", axis=x_axis),
        y=alt.Y("actual:N", sort=names, title="actual", axis=alt.Axis(labelLimit=80)),
    )
    strength = alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 0.6]))
    boxes = base.mark_rect(aria=True, color=ACCENT).encode(
        opacity=strength.legend(None), description=alt.Description("note:N")
    )
    texts = base.mark_text(color=INK, fontSize=13 if few else 10).encode(text=alt.Text("text:N"))
    height = min(60 * len(names) + 60, CHART_WIDTH)
    return stack(boxes, texts, description=reading, height=height)


def draw_residuals(table: pd.DataFrame) -> alt.LayerChart:
    """Draw `predicted` over `actual`, at most 500 rows of all sizes."""
    reading = (
        "Each dot is a row. On the dashed line the prediction was right; above it was too high, "
        "below too low."
    )
    ranked = table.sort_values(["actual", "predicted"], kind="stable")
    places = np.unique(np.linspace(0, len(ranked) - 1, MAX_DOTS).round().astype(int))
    both = table[["actual", "predicted"]].to_numpy()
    ends = pd.DataFrame({"actual": [both.min(), both.max()], "predicted": [both.min(), both.max()]})
    x = alt.X("actual:Q", title="actual", scale=alt.Scale(zero=False))
    y = alt.Y("predicted:Q", title="predicted", scale=alt.Scale(zero=False))
    dots = alt.Chart(ranked.iloc[places]).mark_circle(size=12, opacity=0.5)
    line = alt.Chart(ends).mark_line(color=GREY, strokeDash=[4, 4])
    return stack(dots.encode(x=x, y=y), line.encode(x=x, y=y), description=reading)


def draw_deciles(deciles: Sequence[Mapping[str, Any]]) -> alt.LayerChart:
    """Draw "mean_absolute_error" and "mean_error" of each "decile"."""
    reading = (
        "The rows in ten groups of equal size, from the lowest predictions to the highest. Bars: "
        "how far predictions are off on average. Dots: whether they are too high (above 0) or too "
        "low (below 0) on average."
    )
    table = pd.DataFrame(deciles)
    table["note"] = [
        f"{say(row['from'])} to {say(row['to'])}: "
        f"off by {say(row['mean_absolute_error'])}, "
        f"{show_change(row['mean_error'])} on average, {row['rows']:,} rows"
        for row in deciles
    ]
    x = alt.X("decile:O", title="tenth of the rows, by prediction", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(table).encode(x=x, description=alt.Description("note:N"))
    bars = base.mark_bar(aria=True, opacity=0.7).encode(
        y=alt.Y("mean_absolute_error:Q", title="error, in the target's unit")
    )
    dots = base.mark_circle(aria=True, size=60, color=SECOND, opacity=1).encode(
        y=alt.Y("mean_error:Q")
    )
    return stack(bars, dots, description=reading)
