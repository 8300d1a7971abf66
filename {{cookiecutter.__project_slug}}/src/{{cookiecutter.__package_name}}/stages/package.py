"""package: a model that meets its goal → one wheel that any Python can install and check."""

import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.console import run
from ..common.errors import GateError
from ..common.io import PARTS, hash_file, hash_text, read_json, read_part, write_json
from ..common.settings import Params, load_params
from ..model.graph.compile import compile_graph
from ..model.manifest import (
    CARD,
    GRAPH,
    METRICS,
    MODEL,
    PROFILE,
    SCHEMA,
    SERVICE,
    SMOKE,
    TRANSFORM,
    VERDICT,
)
from ..model.presented import choose_rows, present_model
from ..model.trained import Description
from ..review.verdict import Verdict, failed_criteria
from ..schema import load_schema
from ..serving.proof import answer_rows, prove_equal
from ..serving.scorer import Scorer
from ..wheel.build import build_wheel, copy_files, describe_wheel, hash_content, stage_wheel
from ..wheel.content import SOURCE, list_code

# What `smoke` asks a service.
SMOKE_ROWS = 20


def main(arguments: list[str]) -> str:
    """Run the stage: PREPARED PREDICTIONS MODEL TRANSFORM COMPILED PROFILE DETAILS ... DIST."""
    prepared, predictions, model, transform, compiled, *rest = map(Path, arguments)
    profile, details, metrics, verdict, card, schema_path, params_path, pyproject, dist = rest
    check_verdict(read_json(verdict))
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    parts = {SCHEMA: schema_path, TRANSFORM: transform, PROFILE: profile}
    parts |= {METRICS: metrics, VERDICT: verdict, CARD: card}
    parts |= {f"{MODEL}/{path.name}": path for path in sorted(model.iterdir())}
    code, table = list_code(), describe_wheel(project)
    params = load_params(params_path)
    origin = describe_origin(prepared, params, project)
    schema, decision = load_schema(schema_path), read_json(details)["decision"]
    threshold = decision and decision["threshold"]
    graph = compile_graph(schema, read_json(compiled), model, Description.read(model), threshold)
    rows = read_part(prepared, "test")[schema.with_role("feature", "time")]
    words = {key: table[key] for key in ("name", "description")}
    presented = present_model(params.goal, schema, read_json(profile), rows)
    with tempfile.TemporaryDirectory() as stage, tempfile.TemporaryDirectory() as made:
        for name, content in ((GRAPH, graph), (SERVICE, words | presented)):
            parts[name] = Path(made) / name
            write_json(parts[name], content)
        copy_files(parts, Path(made) / "bundle")
        scorer = Scorer(read_json(parts[GRAPH]), Path(made) / "bundle", "")
        parts[SMOKE] = Path(made) / SMOKE
        write_json(parts[SMOKE], answer_rows(scorer, choose_rows(rows, schema, SMOKE_ROWS)))
        table["version"] = f"{params.package.version}+{hash_content(parts | code, table, origin)}"
        stage_wheel(Path(stage), table, origin, parts, code)
        scorer = Scorer.load(Path(stage) / SOURCE.name / "bundle")
        served = prove_equal(scorer, rows, pd.read_parquet(predictions))
        wheel = build_wheel(Path(stage), dist)
    return f"package: {wheel.stat().st_size / 1024:,.0f} KiB, {served} → {wheel}"


def describe_origin(prepared: Path, params: Params, project: dict[str, Any]) -> dict[str, object]:
    """Say what a model came from: the hashes of its data and settings, and its libraries.

    Args:
        prepared: Folder of the clean rows.
        params: The settings, of which those count that shaped the model.
        project: The project table of pyproject.toml, whose versions are exact.

    Returns:
        SHA-256 by part under `data`, and by block under `parameters`; `libraries` as pip names
        them.
    """
    prepare = params.prepare
    sources = {name: source.model_dump_json() for name, source in prepare.sources.items()}
    # Where deliveries come from does not shape the model; what they hold does.
    prepared_by = f"{sources} {prepare.max_quarantined_share} {prepare.split.model_dump_json()}"
    settings = {
        "goal": params.goal.model_dump_json(),
        "prepare": prepared_by,
        "featurize": params.featurize.model_dump_json(),
        "train": params.train.model_dump_json(),
    }
    extras = project["optional-dependencies"]
    return {
        "data": {part: hash_file(prepared / f"{part}.parquet") for part in PARTS},
        "parameters": {name: hash_text(text) for name, text in settings.items()},
        "libraries": [*extras["data"], *extras["model"]],
    }


def check_verdict(verdict: Verdict) -> None:
    """Let only a model through that meets its goal.

    Raises:
        GateError: It does not; lists the failed criteria.
    """
    failed = failed_criteria(verdict)
    if failed or not verdict["goal_met"]:
        raise GateError(
            f"the model misses its goal and is not packaged: {'; '.join(failed)}. Improve the "
            "model, or change the goal in params.yaml with its owner"
        )


if __name__ == "__main__":
    sys.exit(run(main))
