"""Charts of curves: how the model learned, and what its probabilities are worth."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from .drawing import stack
from .style import ACCENT, GREY, SECOND

Curves = Mapping[str, pd.DataFrame]
MAX_POINTS = 150
COLOURS = [ACCENT, SECOND, GREY]
DASHES = [4, 4]


def draw_learning_curve(curves: Curves, metric: str) -> alt.Chart:
    """Draw the metric by round of training; tables of `step` and `metric` by the curve's name."""
    reading = (
        f"Each round adds a little to the model; the line shows {metric} after each. Where the "
        "validation line gets no better any more, further rounds would only learn the training "
        "rows by heart."
    )
    x = alt.X("step:Q", title="round of training", axis=alt.Axis(tickMinStep=1, format=",d"))
    y = alt.Y("metric:Q", title=metric, scale=alt.Scale(zero=False))
    return _draw_lines(curves, x, y).properties(description=reading)


def draw_roc(curves: Curves) -> alt.LayerChart:
    """Draw ROC curves; tables of `false_positive_rate` and `true_positive_rate` by name."""
    reading = (
        "Each point is one way to set the alarm: which share of the yes rows it finds (up) for "
        "which share of false alarms (right). Guessing follows the dashed line; the further above "
        "it, the better."
    )
    x = _x_share("false_positive_rate", "false alarms, of all no rows")
    y = _y_share("true_positive_rate", "found, of all yes rows")
    return stack(_draw_diagonal(x, y), _draw_lines(curves, x, y), description=reading)


def draw_precision_recall(curves: Curves) -> alt.Chart:
    """Draw precision over recall; tables of `recall` and `precision` by the curve's name."""
    reading = (
        "The more of the yes rows are to be found (right), the fewer of the alarms are right (up). "
        "The higher the line stays, the better."
    )
    x = _x_share("recall", "found, of all yes rows")
    y = _y_share("precision", "right, of all alarms")
    return _draw_lines(curves, x, y).properties(description=reading)


def draw_calibration(table: pd.DataFrame) -> alt.LayerChart:
    """Draw the `observed` share over the `predicted` probability, sized by `rows`."""
    notes = [
        f"predicted {row.predicted:.1%}, came true {row.observed:.1%}, {row.rows:,} rows"
        for row in table.itertuples()
    ]
    reading = (
        "Does 30 % mean 30 %? Each dot is a group of rows with similar predictions, the larger the "
        "more rows. On the dashed line the share that came true is the one predicted; above "
        "it more came true, below it less."
    )
    x = _x_share("predicted", "predicted probability")
    y = _y_share("observed", "share that came true")
    size = alt.Size("rows:Q", legend=None, scale=alt.Scale(range=[20, 160], zero=True))
    base = alt.Chart(table.assign(note=notes)).encode(x=x, y=y)
    dots = base.mark_circle(aria=True, opacity=0.9).encode(
        size=size, description=alt.Description("note:N")
    )
    diagonal = _draw_diagonal(x, y)
    return stack(diagonal, base.mark_line(), dots, description=reading)


def draw_lift(table: pd.DataFrame) -> alt.LayerChart:
    """Draw the `lift`: how many times more yes rows the `share_selected` holds than a lot's."""
    reading = (
        "Look at the rows with the highest predictions only, such as the first 10 %: how many "
        "times as many yes rows are among them as among rows drawn by lot? The dashed line, 1, is "
        "no better than a lot."
    )
    x = _x_share("share_selected", "rows looked at, the highest predictions first")
    line = _draw_lines({"model": table}, x, alt.Y("lift:Q", title="times as many as by lot"))
    one = alt.Chart(pd.DataFrame({"lift": [1.0]})).mark_rule(strokeDash=DASHES)
    return stack(one.encode(y=alt.Y("lift:Q")), line, description=reading)


def draw_value_by_threshold(table: pd.DataFrame, threshold: float) -> alt.LayerChart:
    """Draw the value `per_1000` cases over the `threshold`, and the threshold in use."""
    reading = (
        "What 1,000 cases are worth, by the probability from which a row counts as yes. The "
        "upright line is the one in use; it was chosen on the validation rows."
    )
    x = _x_share("threshold", "probability from which a row counts as yes")
    line = _draw_lines({"model": table}, x, alt.Y("per_1000:Q", title="value of 1,000 cases"))
    used = alt.Chart(pd.DataFrame({"threshold": [threshold]})).mark_rule(color=SECOND)
    return stack(line, used.encode(x=alt.X("threshold:Q")), description=reading)


def _draw_lines(curves: Curves, x: alt.X, y: alt.Y) -> alt.Chart:
    table = pd.concat([_thin(points).assign(curve=name) for name, points in curves.items()])
    names = list(curves)
    colour = alt.Color(
        "curve:N",
        scale=alt.Scale(domain=names, range=COLOURS[: len(names)]),
        legend=alt.Legend() if len(names) > 1 else None,
    )
    # A curve may go straight up, where its x does not say what comes first.
    lines: alt.Chart = alt.Chart(table).mark_line()
    return lines.encode(x=x, y=y, color=colour, order=alt.Order("place:Q"))


def _thin(points: pd.DataFrame) -> pd.DataFrame:
    places = np.unique(np.linspace(0, len(points) - 1, MAX_POINTS).round().astype(int))
    return points.iloc[places].assign(place=places)


def _draw_diagonal(x: alt.X, y: alt.Y) -> alt.Chart:
    names = [axis.shorthand.removesuffix(":Q") for axis in (x, y)]
    ends = pd.DataFrame({name: [0.0, 1.0] for name in names})
    line: alt.Chart = alt.Chart(ends).mark_line(color=GREY, strokeDash=DASHES)
    return line.encode(x=x, y=y)


def _x_share(field: str, title: str) -> alt.X:
    unit = alt.Scale(domain=[0, 1], nice=False)
    return alt.X(f"{field}:Q", title=title, scale=unit, axis=alt.Axis(format="%"))


def _y_share(field: str, title: str) -> alt.Y:
    unit = alt.Scale(domain=[0, 1], nice=False)
    return alt.Y(f"{field}:Q", title=title, scale=unit, axis=alt.Axis(format="%"))
