"""Predictions for a file of rows with the project's own model, which looks up what they lack."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ...common.console import note
from ...common.io import hash_file, hash_text, read_json
from ...common.settings import Source, load_params
from ...data.sources import find_files, name_main, read_look_ups, rename_delivered
from ...model.bundle import assemble_bundle
from ...schema import Schema, check_together
from ..batch.command import make_options
from ..batch.predict import predict_file
from ..batch.predictor import Completion, Model

SOURCE = Path(__file__).parents[2]


def predict_here(
    folder: Path, source: Path, output: Path, separator: str | None, encoding: str | None
) -> str:
    """Predict a file of rows with the model that `dvc repro` trained.

    Args:
        folder: The project.
        source: A file of rows; columns that they lack are looked up as in `prepare`.
        output: The .csv or .parquet file to write.
        separator: Of a CSV file of rows; without, that of the deliveries.
        encoding: Of a CSV file of rows; without, that of the deliveries.

    Returns:
        What was done, in words.

    Raises:
        ProjectError: Rows, settings or model are missing or do not fit together.
    """
    models = folder / "models"
    parts = (folder / "schema.yaml", models / "transform.skops", models / "estimator")
    bundle = assemble_bundle(*parts, version="the model here")
    params = load_params(folder / "params.yaml")
    check_together(params, bundle.schema)
    main = params.prepare.sources[name_main(params.prepare.sources)]
    options = make_options(separator or main.separator, encoding or main.encoding)
    files = [*sorted(parts[2].iterdir()), *sorted(SOURCE.rglob("*.py"))]
    identity = _hash_files([*parts[:2], *files])
    raw = folder / "data" / "raw"

    def prepare(names: list[str]) -> Completion:
        return _prepare(names, raw, params.prepare.sources, bundle.schema)

    model = Model(bundle, identity, _read_threshold(folder), prepare)
    return predict_file(model, source, output, options)


def _read_threshold(folder: Path) -> float | None:
    path = folder / "reports" / "details.json"
    if not path.exists():
        # As when `compare` trains an earlier model again, which it only asks for probabilities.
        note("no decisions yet: `dvc repro` chooses their threshold in `evaluate`")
        return None
    decision = read_json(path)["decision"]
    return decision and float(decision["threshold"])


def _prepare(names: list[str], raw: Path, sources: dict[str, Source], schema: Schema) -> Completion:
    main = name_main(sources)
    renamed = rename_delivered(pd.DataFrame(columns=names), schema, main)
    look_ups = read_look_ups(renamed, raw, sources, schema)
    files = [path for look_up in look_ups for path in find_files(raw, sources[look_up.name])]

    def add(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rename_delivered(rows, schema, main)
        for look_up in look_ups:
            rows = look_up.join(rows)
        return rows

    return Completion(add, _hash_files(files))


def _hash_files(paths: Iterable[Path]) -> str:
    return hash_text("".join(map(hash_file, paths)))
