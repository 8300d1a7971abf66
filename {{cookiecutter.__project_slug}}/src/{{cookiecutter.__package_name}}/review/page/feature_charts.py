"""Charts of what the model looks at."""

import altair as alt
import numpy as np
import pandas as pd

from .drawing import stack
from .rank_charts import FRAME_HEIGHT, LEGEND_HEIGHT, ROW_HEIGHT
from .style import GREY, RANKS
from .words import shorten

MAX_FEATURES = 15
SWARM_FEATURES = 10
# Of each feature; more dots only hide each other.
SWARM_ROWS = 120
SWARM_HEIGHT = 30
LEVELS = ["lowest", "low", "middle", "high", "highest"]


def draw_importance(table: pd.DataFrame) -> alt.Chart:
    """Draw the `importance` of each `feature`; the table is ranked."""
    reading = (
        "What the predictions depend on most; the longest bar is 100 %. It says what the model "
        "uses, not what causes what."
    )
    ranked = table.head(MAX_FEATURES)
    share = ranked["importance"] / max(float(ranked["importance"].abs().max()), 1e-300)
    notes = [f"{name}: {part:.0%}" for name, part in zip(ranked["feature"], share, strict=True)]
    labels = ranked["feature"].map(shorten(ranked["feature"]))
    ranked = ranked.assign(share=share, note=notes, label=labels)
    x = alt.X(
        "share:Q", title="importance, of the greatest", axis=alt.Axis(format="%", tickCount=3)
    )
    y = alt.Y("label:N", sort=list(labels), title=None)
    height = ROW_HEIGHT * len(ranked) + FRAME_HEIGHT
    bars: alt.Chart = alt.Chart(ranked, description=reading, height=height).mark_bar(
        aria=True, height=12
    )
    return bars.encode(x=x, y=y, description=alt.Description("note:N"))


def draw_swarm(table: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw the `contribution` of each feature to the prediction of single rows.

    Args:
        table: `feature`, `contribution` and `value`, the rank of the feature's value in 0..1.
        title: What a contribution moves.
    """
    reading = (
        "Each dot is a row: right of the line the feature raised its prediction, left it lowered "
        "it. The colour is the feature's value, grey where it is missing. Orange dots to the right "
        "mean that high values raise the prediction."
    )
    means = table["contribution"].abs().groupby(table["feature"]).mean()
    # By name where equal, so that the order never depends on that of the rows.
    names = list(means.sort_index().sort_values(ascending=False, kind="stable").index)
    names = names[:SWARM_FEATURES]
    dots = pd.concat([_spread(table[table["feature"] == name]) for name in names])
    level = (dots["value"].fillna(0.5) * len(LEVELS)).clip(0, len(LEVELS) - 1).astype(int)
    dots["level"] = [LEVELS[place] for place in level]
    x = alt.X("contribution:Q", title=title)
    labels = shorten(names)
    dots["label"] = dots["feature"].map(labels)
    y = alt.Y("label:N", sort=list(labels.values()), title=None)
    shown = alt.Legend(values=LEVELS[::2])
    colour = alt.Color("level:N", scale=alt.Scale(domain=LEVELS, range=RANKS), legend=shown)
    offset = alt.YOffset("offset:Q", scale=alt.Scale(domain=[-1, 1]))
    swarm = alt.Chart(dots).mark_circle(size=9, opacity=0.8)
    zero = alt.Chart(pd.DataFrame({"contribution": [0.0]})).mark_rule(color=GREY)
    return stack(
        zero.encode(x=x),
        swarm.encode(x=x, y=y, yOffset=offset, color=colour),
        description=reading,
        height=SWARM_HEIGHT * len(names) + FRAME_HEIGHT + LEGEND_HEIGHT,
    )


def _spread(dots: pd.DataFrame) -> pd.DataFrame:
    """Move dots that would lie on each other up and down in turn, within -1..1."""
    dots = dots.sort_values("contribution", kind="stable")
    places = np.unique(np.linspace(0, len(dots) - 1, SWARM_ROWS).round().astype(int))
    dots = dots.iloc[places]
    bins = pd.cut(dots["contribution"], 40, labels=False, duplicates="drop").fillna(0)
    turn = dots.groupby(bins.to_numpy()).cumcount().to_numpy()
    side = np.where(turn % 2 == 0, 1, -1) * ((turn + 1) // 2)
    return dots.assign(offset=side / max(np.abs(side).max(), 6))
