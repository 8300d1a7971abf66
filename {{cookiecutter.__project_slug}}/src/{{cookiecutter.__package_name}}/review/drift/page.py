"""What drifted, for people: one page."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...common.numbers import show, show_interval, show_limit
from ..page.shell import Section, chart, fold, paragraph, render_page, table
from .charts import draw_moves, draw_predictions, draw_quality

Content = Mapping[str, Any]
SHOWN = 8


def compose_page(result: Content, line: str) -> str:
    """Compose the page.

    Args:
        result: The content of drift.json.
        line: What was found, in words.
    """
    drifted = [column["column"] for column in result["columns"] if column["drifted"]]
    if result["quality"]["drifted"]:
        drifted.insert(0, result["quality"]["metric"])
    title = f"Drift: {', '.join(drifted[:SHOWN])}" if drifted else "No drift"
    sections = [
        Section("What moved", _show_columns(result)),
        Section("Predictions", _show_predictions(result)),
        Section("How good they were", _show_quality(result["quality"], result["windows"])),
        Section("Rows", _show_rows(result)),
        Section("How to read this", [paragraph(text) for text in _explain(result)]),
    ]
    return render_page(title, line, sections, "bad" if drifted else "good")


def _show_columns(result: Content) -> list[str]:
    moved, shown = [column for column in result["columns"] if column["windows"]], []
    shown.append(_tabulate(moved[:SHOWN], result["settings"]))
    if moved[SHOWN:]:
        name = f"{len(moved) - SHOWN} more that moved less"
        shown.append(fold(name, _tabulate(moved[SHOWN:], result["settings"])))
    if result["not_compared"]:
        names = ", ".join(result["not_compared"])
        shown.append(paragraph(f"Not compared, as the log does not keep them: {names}."))
    if len(result["windows"]) > 1:
        shown.append(chart("Moves by window", draw_moves(result)))
    return shown


def _tabulate(columns: Sequence[Content], settings: Content) -> str:
    head = ["", "drifted", "stability index", "limit", "windows over it", "what changed"]
    return table(head, [_row(column, settings["last"]) for column in columns])


def _row(column: Content, last: int) -> list[str]:
    form = ".1%" if column["role"] == "faulty" else ".2f"
    moves = column["windows"][-last:]
    new = f"new: {', '.join(column['new'])}" if column["new"] else ""
    return [
        column["column"],
        "yes" if column["drifted"] else "no",
        f"{column['recent']:{form}}",
        f"{column['limit']:{form}}",
        f"{sum(move['over'] for move in moves)} of {len(moves)}",
        "; ".join(text for text in (column["change"], new) if text),
    ]


def _show_predictions(result: Content) -> list[str]:
    prediction = next(each for each in result["columns"] if each["role"] == "prediction")
    if not prediction["bins"]:
        return [paragraph("No window has rows enough.")]
    shown = [chart("Predictions then and now", draw_predictions(prediction["bins"]))]
    if result["training"]["selected"] is not None:
        shares = ", ".join(f"{w['selected']:.1%}" for w in result["windows"] if w["judged"])
        shown.append(
            paragraph(
                f"The share of rows that count as yes was {result['training']['selected']:.1%} in "
                f"the validation part; in the windows it is {shares}."
            )
        )
    return shown


def _show_quality(quality: Content, windows: Sequence[Content]) -> list[str]:
    metric, limit = quality["metric"], quality["limit"]
    if not quality["windows"]:
        return [
            paragraph(
                f"No window has labels enough to compute {metric}: whether the predictions were "
                "right is not known yet."
            )
        ]
    rows = [
        [
            windows[each["window"]]["from"],
            f"{each['rows']:,}",
            show(each["value"]),
            show_interval(each["low"], each["high"]),
            "yes" if each["missed"] else "no",
        ]
        for each in quality["windows"]
    ]
    head = [
        "window from",
        "rows with label",
        metric,
        "95 % interval",
        f"misses {show_limit(limit)} for sure",
    ]
    return [chart(f"{metric} by window", draw_quality(quality, windows)), table(head, rows)]


def _show_rows(result: Content) -> list[str]:
    rows, training = result["rows"], result["training"]
    span = f", {training['from']} to {training['to']}" if training["from"] else ""
    undated = f", {rows['without_time']:,} without a time" if rows["without_time"] else ""
    head = ["window from", "rows", "faulty", "judged", "predicted yes"]
    lines = [
        [
            window["from"],
            f"{window['rows']:,}",
            f"{window['faulty']:,}",
            "yes" if window["judged"] else "too few sound rows",
            "" if window["selected"] is None else f"{window['selected']:.1%}",
        ]
        for window in result["windows"]
    ]
    return [
        paragraph(
            f"{rows['read']:,} rows were read, {rows['faulty']:,} of them break schema.yaml"
            f"{undated}. They are compared with {training['rows']:,} training rows{span}."
        ),
        table(head, lines),
    ]


def _explain(result: Content) -> list[str]:
    settings = result["settings"]
    return [
        "The stability index says how far the values of a window lie from those of the training "
        "part: 0 is not at all, 0.1 a little, 0.25 a lot by the rule of thumb of credit scoring. "
        "What chance gives in a window of so few rows is taken off.",
        f"The limit is drift.max_stability_index of {settings['max_stability_index']:g}, or the "
        "largest index that a window of the training part itself had against the rest of it, where "
        "that is larger: what comes and goes from window to window, as the weather does, is no "
        "drift. A window is over the limit only if chance alone would hardly give its index.",
        f"Drift is what is over its limit in {settings['over']} of the last {settings['last']} "
        f"windows of {settings['window']} with at least {settings['min_rows']} rows. It says that "
        "the model is used on other rows than it learnt from, not that its predictions are wrong: "
        "labels tell. Retrain with newer rows, or find out whether a delivery is broken.",
    ]
