"""The page of a comparison: is today's model better than that of the base?"""

from collections.abc import Mapping
from typing import Any

from ...common.numbers import show_chance
from ..evaluation.index_parts import describe_criteria
from ..page.shell import Section, Tone, bullets, paragraph, render_page
from ..verdict import Verdict
from .data_parts import describe_changes, describe_data
from .parts import describe_curves, describe_scores, describe_slices

Content = Mapping[str, Any]
TITLES = {
    "better": "Better than {}",
    "same within noise": "Neither better nor worse than {}, as far as these rows can tell",
    "worse": "Worse than {}",
    "not comparable": "Not comparable with {}",
}


def write_comparison_page(comparison: Content, verdict: Verdict) -> str:
    """Compose the page; what could not be compared is left out.

    Args:
        comparison: The content of comparison.json.
        verdict: The content of verdict.json.

    Returns:
        One HTML file that opens without a network.
    """
    sections = [
        _summarise(comparison, verdict),
        *describe_scores(comparison),
        *describe_slices(comparison),
        *describe_curves(comparison),
        describe_criteria(verdict),
        *describe_data(comparison["data"]),
        describe_changes(comparison),
    ]
    title = TITLES[comparison["verdict"]].format(comparison["base"]["rev"])
    return render_page(title, comparison["reason"], sections, _choose_tone(comparison))


def _choose_tone(comparison: Content) -> Tone:
    if comparison["blocks"] or comparison["verdict"] == "worse":
        return "bad"
    return "good" if comparison["verdict"] == "better" else "plain"


def _summarise(comparison: Content, verdict: Verdict) -> Section:
    base, found = comparison["base"], comparison["difference"]
    if comparison["blocks"]:
        parts = [paragraph("The change is blocked:"), bullets(comparison["blocked_by"])]
    else:
        parts = [paragraph("Nothing blocks the change.")]
    if found is not None:
        chance = (
            "The model is better than the base with a probability of "
            f"{show_chance(found['probability_better'])}, compared on {comparison['rows']:,} test "
            "rows."
        )
        parts.append(paragraph(chance))
    if comparison["left_out"]:
        left_out = f"{comparison['left_out']:,} rows were left out: a model had learned from them."
        parts.append(paragraph(left_out))
    goal = "is met" if verdict["goal_met"] else "is missed"
    parts += [
        paragraph(f"The goal {goal}: {verdict['statement']} (owner: {verdict['owner']})"),
        paragraph(f"The base is {base['rev']}, commit {base['commit'][:10]}. {base['note']}"),
    ]
    return Section("In short", parts)
