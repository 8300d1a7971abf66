"""Line charts in Mermaid's `xychart-beta`, which GitHub draws inside Markdown."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

Points = Sequence[Sequence[float]]
# Mermaid's own first colour can't be seen on white; these can, and on black.
COLOURS = {"orange": "#d95f02", "blue": "#1f78b4"}
STEPS = 20
STYLE = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "PALETTE"}}}}%%'


def draw_lines(
    title: str,
    x_label: str,
    y_label: str,
    lines: Mapping[str, Points],
    y_range: tuple[float, float] | None = None,
) -> str:
    """Draw one or two lines over the same whole numbers.

    Args:
        title: Above the chart.
        x_label: Below it.
        y_label: To its left.
        lines: Points (x, y) by the line's name; x rises from 0. A line that ends before the other
            is drawn flat from there.
        y_range: Lowest and highest y; without it, those of the points.

    Returns:
        Markdown: the chart and a sentence that says which line is which; nothing if no line has
        two points that can be drawn.
    """
    sound = {name: xy for name, points in lines.items() if len(xy := _clean(points)) > 1}
    if not sound:
        return ""
    # Whole numbers as steps: sums of others are not exact, and Mermaid drops the last point.
    step = max(math.ceil(max(xy[-1, 0] for xy in sound.values()) / STEPS), 1)
    grid = np.arange(STEPS + 1) * step
    values = {name: np.interp(grid, xy[:, 0], xy[:, 1]) for name, xy in sound.items()}
    low, high = y_range or _range_of(np.concatenate([*values.values()]))
    decimals = min(max(3 - math.floor(math.log10(high - low)), 0), 12)
    chart = [
        "```mermaid",
        STYLE.replace("PALETTE", ", ".join([*COLOURS.values()][: len(sound)])),
        "xychart-beta",
        f'    title "{_clean_text(title)}"',
        f'    x-axis "{_clean_text(x_label)}" 0 --> {grid[-1]}',
        f'    y-axis "{_clean_text(y_label)}" {low:.{decimals}f} --> {high:.{decimals}f}',
        *(f"    line [{', '.join(f'{y:.{decimals}f}' for y in ys)}]" for ys in values.values()),
        "```",
    ]
    legend = ", ".join(f"{colour}: {name}" for colour, name in zip(COLOURS, sound, strict=False))
    return "\n".join([*chart, "", f"{legend.capitalize()}."])


def _clean(points: Points) -> np.ndarray:
    """Give finite points of shape (n_points, 2), of those above each other the last."""
    xy = np.array([point for point in points if None not in point], dtype=float).reshape(-1, 2)
    xy = xy[np.isfinite(xy).all(axis=1)]
    last = np.append(np.diff(xy[:, 0]) > 0, True)[: len(xy)]
    return np.asarray(xy[last])


def _range_of(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return low - margin, high + margin


def _clean_text(text: str) -> str:
    """Keep what can neither end a quoted text of Mermaid nor mean something in it."""
    # Mermaid refuses a text without a letter.
    return re.sub(r"[^A-Za-z0-9_ .,()-]+", " ", text)[:60].strip() or "-"
