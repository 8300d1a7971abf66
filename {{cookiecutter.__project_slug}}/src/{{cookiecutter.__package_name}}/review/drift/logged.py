"""Logged rows, of which some columns were hashed or left out, sorted into windows."""

import pandas as pd

from ...common.errors import DataError
from ...common.settings import Params
from ...model.bundle import Bundle
from .current import Current, sort_rows
from .log import ANSWER


def sort_log(log: pd.DataFrame, bundle: Bundle, params: Params) -> Current:
    """Sort the rows of a log into windows, as `sort_rows` does with those of files.

    The model predicts them anew, as earlier ones may have written the log too. Where a column that
    it needs is not kept as it came, the predictions of then have to do.

    Args:
        log: From `read_log`.
        bundle: The model.
        params: Say how long a window is.

    Raises:
        DataError: The log lacks a column that schema.yaml says it keeps, or the time.
    """
    schema = bundle.schema
    known = schema.with_role("feature", "time")
    kept = [name for name in known if schema.columns[name].log == "keep"]
    for name in schema.with_role("time"):
        if name not in kept:
            raise DataError(
                f"schema.yaml keeps {name!r} out of the log, and drift finds its windows by it; "
                "set `log: keep` there"
            )
    for name in kept:
        if name not in log:
            raise DataError(
                f"the log has no column {name!r}: an earlier model wrote it; leave its rows out by "
                "--since"
            )
    withheld = [name for name in schema.columns if schema.columns[name].log != "keep"]
    rows = log.drop(columns=[*withheld, *ANSWER.values()], errors="ignore")
    return sort_rows(
        rows, bundle, params, None if kept == known else _take_predictions(log, bundle)
    )


def _take_predictions(log: pd.DataFrame, bundle: Bundle) -> pd.DataFrame:
    """Give the logged predictions as `Bundle.predict` gives its own."""
    fault = log["_fault"].astype(object).where(log["_fault"].notna(), "")
    task = bundle.model.description.task
    if task == "multiclass":
        return pd.DataFrame({"prediction": log["_class"], "fault": fault})
    name, source = {
        "binary": ("probability", "_probability"),
        "regression": ("prediction", "_number"),
    }[task]
    return pd.DataFrame({name: log[source].astype("float64"), "fault": fault})
