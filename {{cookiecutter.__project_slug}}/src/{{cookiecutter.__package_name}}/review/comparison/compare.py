"""Today's model against that of an earlier revision, on the very same rows."""

from pathlib import Path
from typing import Any

import pandas as pd

from ...common.errors import GateError, SettingsError
from ...common.io import PARTS, read_part, write_json
from ...schema import Schema, load_schema
from ..verdict import failed_criteria
from .champion import restore_results
from .change_lines import describe_code, describe_dependencies, describe_parameters
from .compared_rows import choose_rows
from .current import Current, check_results, read_current, read_threshold
from .curves import trace_curves
from .data_diff import diff_data
from .git import check_out, find_commit
from .judge_models import judge_models, refuse_to_judge
from .not_comparable import NotComparableError
from .terminal import explain_verdict, print_comparison, summarise

Content = dict[str, Any]


def compare_with_base(root: Path, name: str, output: Path) -> str:
    """Compare, write what was found and print it.

    Args:
        root: The project's folder.
        name: A Git revision, or a stage of the model registry.
        output: The JSON file to write.

    Returns:
        The verdict in a line.

    Raises:
        ProjectError: There are no results yet, they are out of date, or there is no such revision.
        GateError: The verdict is one that `review.blocking` names, or a criterion failed.
    """
    commit = find_commit(root, name)
    check_results(root)
    with check_out(root, commit) as folder:
        comparison = compare_revision(read_current(root), commit, folder)
    comparison["base"] = {"rev": name, **comparison["base"]}
    write_json(output, comparison)
    print_comparison(comparison)
    said = f"{summarise(comparison)} → {output}"
    if comparison["blocks"]:
        raise GateError(f"blocked, as {'; '.join(comparison['blocked_by'])}. The verdict is {said}")
    return said


def compare_revision(current: Current, commit: str, folder: Path) -> Content:
    """Compare with a revision.

    Args:
        current: Today's results.
        commit: The revision.
        folder: Where it is checked out.

    Returns:
        The content of comparison.json.
    """
    changes = {
        "parameters": describe_parameters(folder, current.root),
        "code": describe_code(current.root, commit),
        "dependencies": describe_dependencies(folder, current.root),
    }
    base: Content = {"commit": commit, "model_from": None, "note": ""}
    try:
        base |= restore_results(current.root, commit, folder)._asdict()
        parts = read_base_parts(folder)
    except NotComparableError as error:
        found: Content = {**refuse_to_judge(f"{error}", current.params.goal.metric)}
        found["curves"] = trace_curves(current.root, folder, None, current.params.goal.task)
        found["data"] = None
    else:
        found = compare_models(current, folder, parts)
    blocked_by = find_blocks(current, found["verdict"])
    gate = {"blocks": bool(blocked_by), "blocked_by": blocked_by}
    return {"base": base, **gate, **found, **changes}


def compare_models(current: Current, folder: Path, parts: dict[str, pd.DataFrame]) -> Content:
    """Compare with the model and the rows of a revision.

    Args:
        current: Today's results.
        folder: Where the revision is checked out, with its outputs.
        parts: Its prepared rows by part.
    """
    review, rows, refused = current.params.review, None, 0
    threshold = read_threshold(folder)
    thresholds = {
        "base": current.threshold if threshold is None else threshold,
        "now": current.threshold,
    }
    try:
        rows = choose_rows(current, folder, parts)
        outcome, refused = judge_models(rows, current.params, thresholds), rows.refused
    except NotComparableError as error:
        outcome = refuse_to_judge(f"{error}", current.params.goal.metric)
    outcome["reason"] = explain_verdict(outcome, refused, review.min_difference)
    schema = read_base_schema(folder, current.schema)
    rows_then, rows_now = (
        pd.concat([some[part] for part in PARTS], ignore_index=True)
        for some in (parts, current.parts)
    )
    return {
        **outcome,
        "curves": trace_curves(current.root, folder, rows, current.params.goal.task),
        "data": diff_data(rows_then, rows_now, schema, current.schema),
    }


def read_base_parts(folder: Path) -> dict[str, pd.DataFrame]:
    """Read a revision's prepared rows.

    Raises:
        NotComparableError: It has none.
    """
    try:
        return {part: read_part(folder / "data/prepared", part) for part in PARTS}
    except (OSError, ValueError) as error:
        raise NotComparableError("its data/prepared can't be read") from error


def read_base_schema(folder: Path, today: Schema) -> Schema:
    """Read a revision's schema.yaml; where its rules are not today's, take today's."""
    try:
        return load_schema(folder / "schema.yaml")
    except SettingsError:
        return today


def find_blocks(current: Current, verdict: str) -> list[str]:
    """Say what of the verdict and the goal's criteria forbids to take the change."""
    blocking = current.params.review.blocking
    named = [f"the verdict is {verdict!r}, see review.blocking in params.yaml"]
    return [*(named if verdict in blocking else []), *failed_criteria(current.verdict)]
