"""The files of a packaged model, and the proof that none was changed."""

from pathlib import Path

from ..common.errors import ModelError
from ..common.io import hash_file, read_json

MANIFEST, SCHEMA, PROFILE = "manifest.json", "schema.yaml", "profile.json"
TRANSFORM, MODEL, GRAPH = "transform.skops", "estimator", "graph.json"
METRICS, VERDICT, CARD, SERVICE = "metrics.json", "verdict.json", "model_card.md", "service.json"
SMOKE = "smoke.json"


def check_manifest(folder: Path) -> str:
    """Check that the files of a packaged model are those that were packaged.

    Returns:
        The model's version.

    Raises:
        ModelError: There is no manifest, or a file is missing, was changed or was added.
    """
    if not (folder / MANIFEST).exists():
        raise ModelError(f"{folder}: holds no packaged model; install the wheel from dist/")
    manifest = read_json(folder / MANIFEST)
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (MANIFEST, *manifest["files"]):
            raise ModelError(f"{path} was added since the model was packaged; remove it")
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.exists() or hash_file(path) != digest:
            state = "was changed" if path.exists() else "is missing"
            raise ModelError(f"{path} {state} since the model was packaged; install it anew")
    return str(manifest["version"])
