"""The tables of one model's results in a pull request."""

from collections import Counter

from ...common.numbers import show
from ..markdown import table
from ..results import Content, arrow
from ..verdict import Judgement, Verdict
from .short import cut_table, shorten

MAX_CLASSES = 10


def criteria_table(verdict: Verdict) -> str:
    """Show each criterion, its value and whether it is met; those that are not come first."""
    criteria = sorted(verdict["criteria"], key=lambda each: each["passed"])
    left_out = "more criteria are in reports/verdict.json."
    return cut_table(["criterion", "value", "met"], criteria, _criterion_row, 5000, left_out)


def own_scores(metrics: Content, details: Content) -> str:
    """Show each metric on all parts, with the baselines; arrows say which way is better."""
    others = [metrics["validation"], metrics["train"], *details["baselines"].values()]

    def row_of(name: str) -> list[str]:
        low, high = (show(details["interval"][name][end]) for end in ("low", "high"))
        return [
            f"{shorten(name)} {arrow(name)}",
            f"**{show(metrics['test'][name])}** ({low} to {high})",
            *(show(other.get(name)) for other in others),
        ]

    baselines = (f"{shorten(name)}, test" for name in details["baselines"])
    head = ["", "test (95 % interval)", "validation", "train", *baselines]
    left_out = "more metrics are in reports/metrics.json."
    return cut_table(head, [*metrics["test"]], row_of, 4000, left_out)


def own_value(details: Content) -> list[str]:
    """Show what the decisions of 1,000 rows are worth, against the other ways to decide."""
    decision = details["decision"]
    if decision is None or decision["per_1000"] is None:
        return []
    worth, interval = decision["per_1000"], decision["interval"]
    model = f"{show(worth['model'])} ({show(interval['low'])} to {show(interval['high'])})"
    rows = [
        ["the model", model],
        ["the linear baseline", show(worth["linear"])],
        ["never yes", show(worth["never"])],
        ["always yes", show(worth["always"])],
    ]
    threshold = f"The model says yes from a probability of {show(decision['threshold'])}."
    return [table(["value per 1,000 rows of the test part (95 % interval)", ""], rows), threshold]


def confusion_table(confusion: Counter[tuple[str, str]]) -> list[str]:
    """Show the confusion matrix, of the largest classes only where there are many."""
    if not confusion:
        return []
    sizes: Counter[str] = Counter()
    for (actual, predicted), n in confusion.items():
        sizes.update({actual: n, predicted: 0})
    classes = sorted(name for name, _ in sizes.most_common(MAX_CLASSES))
    head = ["actual ↓ predicted →", *(shorten(name, 60) for name in classes)]
    rows = [
        [shorten(name, 60), *(f"{confusion[name, other]:,}" for other in classes)]
        for name in classes
    ]
    rest = len(sizes) - len(classes)
    left_out = f" The {rest:,} classes with fewer rows are left out." if rest else ""
    note = f"Of the {confusion.total():,} rows of the test part.{left_out}"
    return ["## Confusion matrix", table(head, rows), note]


def _criterion_row(each: Judgement) -> list[str]:
    met = "yes" if each["passed"] else "**no**"
    return [shorten(each["criterion"], 300), show(each["value"]), met]
