"""featurize: clean rows → the numbers that the model sees."""

import sys
from pathlib import Path

from ..common.console import run
from ..common.io import PARTS, TARGET, read_part, write_json, write_part
from ..common.settings import load_params
from ..features.transform import extend_rows, fit_transform, transform_rows
from ..model.graph.transform import compile_transform
from ..model.skops_file import save
from ..schema import load_schema


def main(arguments: list[str]) -> str:
    """Run the stage: PREPARED SCHEMA PARAMS FEATURES TRANSFORM COMPILED."""
    prepared, schema_path, params_path, out, transform_path, compiled = map(Path, arguments)
    settings, schema = load_params(params_path).featurize, load_schema(schema_path)
    parts = {part: read_part(prepared, part) for part in PARTS}
    inputs = {part: extend_rows(rows, schema) for part, rows in parts.items()}
    transform, learnt = fit_transform(inputs["train"], parts["train"][TARGET], settings)
    for part, rows in inputs.items():
        features = learnt if part == "train" else transform_rows(transform, rows)
        write_part(out, part, features.assign(**{TARGET: parts[part][TARGET]}))
    save(transform, transform_path)
    write_json(compiled, compile_transform(transform))
    n_rows, n_inputs = inputs["train"].shape
    return (
        f"featurize: {n_inputs} columns → {learnt.shape[1]} features, learnt from {n_rows:,} "
        f"training rows → {out}, {transform_path}"
    )


if __name__ == "__main__":
    sys.exit(run(main))
