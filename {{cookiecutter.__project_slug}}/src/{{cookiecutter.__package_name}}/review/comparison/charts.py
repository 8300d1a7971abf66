"""Charts of a comparison: what changed, with its interval, around zero."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ...common.numbers import show_change
from ..page.drawing import stack
from ..page.rank_charts import FRAME_HEIGHT, LEGEND_HEIGHT, ROW_HEIGHT
from ..page.style import BAD, GOOD, GREY
from ..page.words import shorten

# What the legend has room for, and its colour.
VERDICTS = {
    "better": ("better", GOOD),
    "worse": ("worse", BAD),
    "same within noise": ("same", GREY),
}


def draw_differences(rows: Sequence[Mapping[str, Any]], title: str) -> alt.LayerChart:
    """Draw differences of now and base.

    Args:
        rows: "name", "difference", "low", "high" and "verdict" of each.
        title: What differs.
    """
    reading = (
        "Each dot is the difference between now and base, the bar what chance could make of it. "
        "Where the bar reaches the line, chance alone could be at work."
    )
    labels = shorten(row["name"] for row in rows)
    table = pd.DataFrame(rows).assign(label=list(labels.values()))
    table["note"] = [
        f"{row['name']}: {show_change(row['difference'])} ({show_change(row['low'])} to "
        f"{show_change(row['high'])}), {row['verdict']}"
        for row in rows
    ]
    table["short"] = [VERDICTS[row["verdict"]][0] for row in rows]
    y = alt.Y("label:N", sort=list(labels.values()), title=None)
    domain, colours = zip(*VERDICTS.values(), strict=True)
    colour = alt.Color("short:N", scale=alt.Scale(domain=domain, range=colours))
    base = alt.Chart(table).encode(y=y, color=colour)
    bars = base.mark_bar(height=8, opacity=0.35)
    dots = base.mark_circle(aria=True, size=55, opacity=1)
    zero = alt.Chart(pd.DataFrame({"difference": [0.0]})).mark_rule(color=GREY)
    x = alt.X("difference:Q", title=title)
    return stack(
        zero.encode(x=x),
        bars.encode(x=alt.X("low:Q", title=title), x2=alt.X2("high:Q")),
        dots.encode(x=x, description=alt.Description("note:N")),
        description=reading,
        height=ROW_HEIGHT * len(table) + FRAME_HEIGHT + LEGEND_HEIGHT,
    )
