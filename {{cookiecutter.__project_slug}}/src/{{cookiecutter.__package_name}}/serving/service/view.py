"""The model's description: for /model, for the page, and for OpenAPI."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ...common.io import read_json
from ...model.manifest import CARD, METRICS, SERVICE, VERDICT
from ..scorer import Scorer


class View(BaseModel):
    """What `GET /model` answers.

    Attributes:
        name: Of the project.
        description: Of the project.
        version: Of the packaged model.
        task: binary, multiclass or regression.
        classes: Of a multi-class task, else empty.
        threshold: The probability from which the decision is yes, in a binary task.
        goal: `statement`, `owner`, `target`, its `unit`, and in words what counts as `positive`.
        columns: Those that a row needs, as in schema.yaml, each with its `name`.
        levels: Of each category the most frequent levels of the training part, the first most.
        example: A row.
        metrics: On the test part.
        criteria: Of the goal, with `value` and `passed`.
        card: The model card, in Markdown.
        not_compiled: Why rows are scored by the slower way, else None.
    """

    name: str
    description: str
    version: str
    task: str
    classes: list[str]
    threshold: float | None
    goal: dict[str, Any]
    columns: list[dict[str, Any]]
    levels: dict[str, list[str]]
    example: dict[str, Any]
    metrics: dict[str, float]
    criteria: list[dict[str, Any]]
    card: str
    not_compiled: str | None


def read_view(bundle: Path, scorer: Scorer) -> View:
    """Read the description from the files of a packaged model, which `scorer` was loaded from."""
    own = {
        "version": scorer.version,
        "task": scorer.task,
        "classes": scorer.classes,
        "threshold": scorer.threshold,
        "metrics": read_json(bundle / METRICS)["test"],
        "criteria": read_json(bundle / VERDICT)["criteria"],
        "card": (bundle / CARD).read_text(encoding="utf-8"),
        "not_compiled": scorer.not_compiled,
    }
    return View(**read_json(bundle / SERVICE), **own)
