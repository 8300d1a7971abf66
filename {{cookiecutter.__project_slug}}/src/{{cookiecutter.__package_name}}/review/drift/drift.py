"""Have the rows moved away from those that the model learnt from?"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...common.errors import DataError, ModelError
from ...common.io import read_json, write_json, write_text
from ...common.numbers import show, show_limit
from ...common.settings import load_params
from ...measure.profile import name_profiled
from ...model.bundle import Bundle, assemble_bundle, load_bundle
from ...model.manifest import MODEL, PROFILE, SCHEMA, TRANSFORM
from ...schema import check_together
from .current import sort_rows, take_since
from .files import read_rows
from .log import read_log
from .logged import sort_log
from .page import compose_page
from .result import judge_drift, name_drifted
from .start import find_moment, read_start

Content = Mapping[str, Any]
SHOWN = 3


class Outcome(NamedTuple):
    """What was found, in words, and whether something has drifted."""

    line: str
    drifted: bool


def find_drift(
    folder: Path,
    inputs: Sequence[str],
    since: str | None = None,
    packaged: Path | None = None,
    log: str | None = None,
) -> Outcome:
    """Compare rows with the training profile, and write drift.json and index.html.

    Args:
        folder: The project.
        inputs: Files of rows, or patterns of files: deliveries, or what `predict` reads.
        since: Date, or time such as 28D before the newest row; older rows are left out. Of a log,
            those that were predicted earlier, or so long ago.
        packaged: Folder of a packaged model; that of the project without.
        log: URL of a prediction log, in place of files.

    Raises:
        ProjectError: Rows, settings or model are missing or do not fit together.
    """
    params = load_params(folder / "params.yaml")
    bundle, profile = load_profiled(folder, packaged)
    check_together(params, bundle.schema)
    start = None if since is None else read_start(since)
    if bool(inputs) == bool(log):
        raise DataError("name either files of rows, or a prediction log by --log URL")
    if log:
        current = sort_log(read_log(log, find_moment(start)), bundle, params)
    else:
        delivered = read_rows(inputs, folder / "data" / "raw", params, bundle.schema)
        current = sort_rows(delivered, bundle, params)
        current = current if start is None else take_since(current, bundle.schema, start)
    result = judge_drift(current, bundle.model.description, profile, params)
    out = folder / "reports" / "drift"
    write_json(out / "drift.json", result)
    line, drifted = say(result), bool(name_drifted(result))
    write_text(out / "index.html", compose_page(result, line))
    return Outcome(f"{line} → {out / 'index.html'}", drifted)


def load_profiled(folder: Path, packaged: Path | None) -> tuple[Bundle, dict[str, Any]]:
    """Load a model with its training profile.

    Raises:
        ModelError: Either is missing, or they do not fit together.
    """
    if packaged is not None:
        bundle, path = load_bundle(packaged), packaged / PROFILE
    else:
        models = folder / "models"
        bundle = assemble_bundle(
            folder / SCHEMA, models / TRANSFORM, models / MODEL, "the model here"
        )
        path = models / PROFILE
    if not path.exists():
        raise ModelError(f"{path}: no such file; run `dvc repro`, which writes it")
    profile: dict[str, Any] = read_json(path)
    if {*profile["columns"]} != {*name_profiled(bundle.schema)}:
        raise ModelError(f"{path} has other columns than schema.yaml; run `dvc repro`")
    return bundle, profile


def say(result: Content) -> str:
    """Say in one line what has drifted, how far, and in how many windows."""
    settings = result["settings"]
    # A window whose rows are all faulty is one of the last as well.
    filled = [each for each in result["windows"] if each["rows"] >= settings["min_rows"]]
    judged = filled[-settings["last"] :]
    span = f", {judged[0]['from']} to {judged[-1]['to']}" if judged else ""
    absent = _say_not_compared(result["not_compared"])
    names = [_say_column(column, settings) for column in result["columns"] if column["drifted"]]
    if result["quality"]["drifted"]:
        names.insert(0, _say_quality(result["quality"], settings))
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        return f"drift: {', '.join(names[:SHOWN])}{more}{span}{absent}"
    few = "" if len(judged) >= settings["over"] else f", {settings['over']} are needed for drift"
    nearest = _say_nearest(result["columns"])
    windows_text = f"{len(judged)} of {settings['window']}{few}{span}"
    return f"no drift in the last windows ({windows_text}){nearest}{absent}"


def _say_column(column: Content, settings: Content) -> str:
    last = column["windows"][-settings["last"] :]
    over = sum(move["over"] for move in last)
    value = f"{column['recent']:.1%}" if column["role"] == "faulty" else f"{column['recent']:.2f}"
    return (
        f"{column['column']} {value} (over {column['limit']:.2g} in {over} of {len(last)} windows)"
    )


def _say_quality(quality: Content, settings: Content) -> str:
    last = quality["windows"][-settings["last"] :]
    missed = [each for each in last if each["missed"]]
    value, limit = show(missed[-1]["value"]), show_limit(quality["limit"])
    return f"{quality['metric']} {value} (misses {limit} in {len(missed)} of {len(last)} windows)"


def _say_nearest(columns: Sequence[Content]) -> str:
    for column in columns:
        if column["recent"] is not None and column["role"] != "faulty":
            return (
                f"; moved most: {column['column']} {column['recent']:.2f} of {column['limit']:.2g}"
            )
    return ""


def _say_not_compared(names: Sequence[str]) -> str:
    return f"; not compared, as the log does not keep them: {', '.join(names)}" if names else ""
