"""The tables of the model card."""

from ...common.numbers import show, show_interval
from ..markdown import escape, table
from ..results import Content, arrow
from ..verdict import Verdict

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")
MOST_FILES = 40


def criteria_table(verdict: Verdict) -> str:
    """List the criteria with their values."""
    rows = [
        [
            escape(each["criterion"]),
            "" if each["value"] is None else show(each["value"]),
            "yes" if each["passed"] else "**no**",
        ]
        for each in verdict["criteria"]
    ]
    return table(["criterion", "value", "met"], rows)


def metrics_table(metrics: Content, details: Content) -> str:
    """List the metrics of each part, and those of the baselines."""
    others = [metrics["validation"], metrics["train"], *details["baselines"].values()]
    rows = []
    for name, value in metrics["test"].items():
        interval = details["interval"][name]
        rows.append(
            [
                f"{name} {arrow(name)}",
                f"**{show(value)}** ({show_interval(interval['low'], interval['high'])})",
                *(show(other[name]) for other in others),
            ]
        )
    baselines = (f"{name}, test" for name in details["baselines"])
    return table(["", "test (95 % interval)", "validation", "train", *baselines], rows)


def slices_table(details: Content) -> str:
    """List the slices by column, with the goal's metric."""
    name = details["primary_metric"]
    rows = [
        [
            escape(each["column"]),
            escape(each["slice"]),
            f"{each['rows']:,}",
            f"{show(each['value'])} ({show_interval(each['low'], each['high'])})",
            show(each["linear"]),
        ]
        for each in details["slices"]
    ]
    return table(["column", "slice", "rows", f"{name} (95 % interval)", "linear"], rows)


def classes_table(details: Content) -> str:
    """List the classes of a multi-class task."""
    scores = ("precision", "recall", "f1")
    rows = [
        [escape(each["class"]), f"{each['rows']:,}", *(show(each[name]) for name in scores)]
        for each in details["classes"]
    ]
    return table(["class", "rows", *scores], rows)


def deciles_table(details: Content) -> str:
    """List the errors of a regression by decile."""
    names = ("from", "to", "mean_absolute_error", "mean_error")
    rows = [
        [str(each["decile"]), f"{each['rows']:,}", *(show(each[name]) for name in names)]
        for each in details["deciles"]
    ]
    return table(["decile of the prediction", "rows", *names], rows)


def groups_table(found: Content) -> str:
    """List the rates of the groups of a sensitive column."""

    def cells(rates: Content) -> list[str]:
        return ["" if rates[name] is None else show(rates[name]) for name in RATES]

    rows = [[escape(g["group"]), f"{g['rows']:,}", *cells(g)] for g in found["groups"]]
    rows.append(["lowest by highest", "", *cells(found["ratio"])])
    rows.append(["highest minus lowest", "", *cells(found["difference"])])
    head = [escape(found["column"]), "rows", *(name.replace("_", " ") for name in RATES)]
    return table(head, rows)


def rows_table(counts: Content) -> str:
    """Account for every row."""
    rows = [["delivered", f"{counts['delivered']:,}", f"{len(counts['by_file'])} files"]]
    for part, n in counts["parts"].items():
        rows.append([f"kept: {part}", f"{n:,}", " to ".join(counts["spans"].get(part, []))])
    rules = "; ".join(f"{escape(rule)}: {n:,}" for rule, n in counts["by_rule"].items())
    rows.append(["quarantined", f"{counts['quarantined']:,}", rules])
    rows.append(["duplicates", f"{counts['duplicates']:,}", ""])
    return table(["rows", "count", ""], rows)


def files_table(counts: Content) -> str:
    """List the files that the rows came from, with their hashes."""
    hashes = counts["sha256"]
    rows = [
        [escape(file), f"{counts['by_file'][file]:,}" if file in counts["by_file"] else "", sha256]
        for file, sha256 in [*hashes.items()][-MOST_FILES:]
    ]
    more = len(hashes) - len(rows)
    note = f"\n\nand {more:,} more before them, see counts.json" if more else ""
    return table(["file", "rows", "SHA-256"], rows) + note
