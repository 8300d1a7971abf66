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
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(estimator, path)
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
    untrusted = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED)
    if untrusted:
        raise ModelError(
            f"{path}: holds {', '.join(sorted(untrusted))}, which may run code when loaded; use "
            "classes of scikit-learn alone in features/transform.py and model/estimators.py"
        )
    return skops.io.load(path, trusted=TRUSTED)


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
