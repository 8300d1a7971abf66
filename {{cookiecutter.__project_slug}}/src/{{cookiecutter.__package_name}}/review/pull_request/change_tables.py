"""The tables of what changed since the base, in a pull request."""

from ...common.numbers import show
from ...common.settings import is_loss
from ..markdown import table
from ..results import Content
from .short import change, cut_table, fold, name_some, shorten

CHANGE = "change (95 % interval)"
MORE = "more are in reports/compare/comparison.json."
MAX_TYPES = 5
NOTE = (
    "The population stability index is 0 for equal shares of values; above 0.2 is much. p is that "
    "of a Kolmogorov-Smirnov test for a number, of a chi-squared test for a category."
)


def compared_scores(comparison: Content) -> str:
    """Show each metric of base and now on the same rows."""
    head = [f"on the same {comparison['rows']:,} rows", "base", "now", CHANGE, ""]
    scores = cut_table(head, [*comparison["scores"].items()], _score_row, 4000, f"metrics {MORE}")
    if not comparison["left_out"]:
        return scores
    return f"{scores}\n\n{comparison['left_out']:,} rows that one of both learnt from are left out."


def compared_value(comparison: Content) -> list[str]:
    """Show what the decisions of 1,000 rows are worth, if the goal says what one is worth."""
    value = comparison["value"]
    if value is None:
        return []
    head = ["value per 1,000 rows", "base", "now", CHANGE, ""]
    return [table(head, [["each at its threshold", *_changed_cells(value, is_lower_better=False)]])]


def worse_slices(comparison: Content) -> list[str]:
    """Show the slices that got worse, and all others folded."""
    slices, left_out = comparison["slices"], f"slices {MORE}"
    if not slices:
        return ["No slice had enough rows to be judged."]
    worse = [each for each in slices if each["verdict"] == "worse"]
    others = [each for each in slices if each["verdict"] != "worse"]
    head = ["slice", "rows", "base", "now", CHANGE, ""]
    shown = cut_table(head, worse, _slice_row, 6000, left_out)
    folded = fold(
        f"{len(others):,} other slices", cut_table(head, others, _slice_row, 5000, left_out)
    )
    return [shown if worse else "None, beyond what chance does.", folded if others else ""]


def changes(comparison: Content) -> list[str]:
    """List what changed besides the scores, and the columns of the data, biggest movers first."""
    said = [
        f"- {kind}: {shorten(comparison[kind], 600)}"
        for kind in ("parameters", "code", "dependencies")
    ]
    data = comparison["data"]
    if not data:
        return ["\n".join(said)]
    columns = data["columns"]
    head = ["column", "stability index", "p", "missing", "new", "vanished"]
    movers = cut_table(head, columns, _column_row, 9000, f"columns {MORE}")
    folded = fold(f"{len(columns):,} columns, those that moved most first", movers, NOTE)
    return ["\n".join([*said, *_data_lines(data)]), folded if columns else ""]


def _data_lines(data: Content) -> list[str]:
    rows, retyped = data["rows"], data["retyped"]
    said = [f"- rows of data: {rows['base']:,} → {rows['now']:,}"]
    for kind in ("added", "removed"):
        if data[kind]:
            said.append(f"- columns {kind}: {name_some(data[kind], 10)}")
    for each in retyped[:MAX_TYPES]:
        types = f"{shorten(each['base'])} → {shorten(each['now'])}"
        said.append(f"- type of {shorten(each['column'])}: {types}")
    if len(retyped) > MAX_TYPES:
        said.append(f"- types of {len(retyped) - MAX_TYPES:,} more columns")
    return said


def _changed_cells(score: Content, is_lower_better: bool) -> list[str]:
    difference, low, high = (score[key] for key in ("difference", "low", "high"))
    if None in (difference, low, high):
        judged = "not judged"
    elif low <= 0 <= high:
        judged = "within noise"
    else:
        judged = "better" if (difference < 0) == is_lower_better else "**worse**"
    return [show(score["base"]), show(score["now"]), change(difference, low, high), judged]


def _score_row(named: tuple[str, Content]) -> list[str]:
    name, score = named
    return [shorten(name), *_changed_cells(score, is_loss(name))]


def _slice_row(each: Content) -> list[str]:
    return [
        f"{shorten(each['column'])}: {shorten(each['slice'])}",
        f"{each['rows']:,}",
        show(each["base"]),
        show(each["now"]),
        change(each["difference"], each["low"], each["high"]),
        shorten(each["verdict"]),
    ]


def _column_row(each: Content) -> list[str]:
    p = each["p_value"]
    missing = ["-" if share is None else f"{share:.1%}" for share in each["missing"].values()]
    return [
        shorten(each["column"]),
        show(each["stability_index"]),
        "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}",
        " → ".join(missing),
        name_some(each["new"]),
        name_some(each["vanished"]),
    ]
