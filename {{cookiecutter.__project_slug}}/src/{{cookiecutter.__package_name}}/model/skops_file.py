"""scikit-learn objects on disk: loading runs no code, and equal objects give equal bytes."""

import json
import zipfile
from pathlib import Path
from typing import Any

import skops.io

from ..common.errors import ModelError

# The earliest date that a zip archive can hold.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
INDEX = "schema.json"
# What skops does not trust by itself: the imputer keeps the dtype of its numbers, the target
# encoder the way in which it made its folds.
TRUSTED = (
    "numpy.dtype",
    "sklearn.model_selection._split.KFold",
    "sklearn.model_selection._split.StratifiedKFold",
)


def save(estimator: Any, path: Path) -> None:
    """Write a fitted transform or estimator.

    skops stamps its archive with the time of day and names its parts by their addresses in
    memory; both are replaced, so that DVC sees a change only where there is one.

    Raises:
        ModelError: It holds a type that could not be loaded again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(estimator, path)
    _check_types(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in sorted(_renumber(parts).items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)


def load(path: Path) -> Any:
    """Read a fitted transform or estimator.

    Raises:
        ModelError: The file holds a type that neither skops nor this list trusts.
    """
    _check_types(path)
    return skops.io.load(path, trusted=TRUSTED)


def _check_types(path: Path) -> None:
    untrusted = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED)
    if untrusted:
        raise ModelError(
            f"{path}: holds {', '.join(sorted(untrusted))}, which may do harm when loaded; use "
            "other classes of scikit-learn, and LightGBM for trees (for a forest with "
            "`boosting_type: rf`)"
        )


def _renumber(parts: dict[str, bytes]) -> dict[str, bytes]:
    numbers: dict[str, int] = {}
    renamed = {}

    def rename(node: dict[str, Any]) -> dict[str, Any]:
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(str(node["__id__"]), len(numbers))
        if node.get("file") in parts:
            stem, suffix = node["file"].split(".")
            number = numbers.setdefault(stem, len(numbers))
            renamed[f"{number}.{suffix}"] = parts[node["file"]]
            node["file"] = f"{number}.{suffix}"
        return node

    index = json.loads(parts[INDEX], object_hook=rename)
    return {INDEX: json.dumps(index).encode()} | renamed
