"""package: a model that meets its goal → one wheel that any Python can install and check."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from ..console import run
from ..errors import GateError, ProjectError
from ..io import hash_file, read_json, read_part, write_json
from ..model.graph import compile_graph
from ..model.manifest import GRAPH, MANIFEST, MODEL, PROFILE, SCHEMA, TRANSFORM
from ..model.trained import Description
from ..review.verdict import Verdict, failed_criteria
from ..schema import load_schema
from ..serving.proof import prove_equal
from ..serving.scorer import Scorer
from ..settings import load_params

SOURCE = Path(__file__).parents[1]
# What serving imports, and nothing else; tests/code/test_wiring.py keeps it so.
CODE = (
    "__init__.py",
    "console.py",
    "data/__init__.py",
    "data/contract.py",
    "data/moments.py",
    "data/row_contract.py",
    "data/rules.py",
    "data/sources.py",
    "data/values.py",
    "errors.py",
    "features/__init__.py",
    "features/columns.py",
    "features/custom.py",
    "features/transform.py",
    "io.py",
    "model/__init__.py",
    "model/bundle.py",
    "model/manifest.py",
    "model/skops_file.py",
    "model/trained.py",
    "serving/__init__.py",
    "serving/batch.py",
    "serving/fast.py",
    "serving/features.py",
    "serving/linear.py",
    "serving/log/__init__.py",
    "serving/log/address.py",
    "serving/log/database.py",
    "serving/log/postgres.py",
    "serving/log/prediction_log.py",
    "serving/log/records.py",
    "serving/log/sqlite.py",
    "serving/scored.py",
    "serving/scorer.py",
    "serving/slow.py",
    "serving/trees.py",
    "schema.py",
    "settings.py",
    "yaml_file.py",
)


def main(arguments: list[str]) -> str:
    """Run the stage: PREPARED PREDICTIONS MODEL TRANSFORM COMPILED PROFILE DETAILS ... DIST."""
    prepared, predictions, model, transform, compiled, *rest = map(Path, arguments)
    profile, details, metrics, verdict, schema_path, params_path, pyproject, dist = rest
    check_verdict(read_json(verdict))
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    parts = {SCHEMA: schema_path, TRANSFORM: transform, PROFILE: profile}
    parts |= {"metrics.json": metrics, "verdict.json": verdict}
    parts |= {f"{MODEL}/{path.name}": path for path in sorted(model.iterdir())}
    code = {name: SOURCE / name for name in CODE}
    table = describe_wheel(project)
    version = load_params(params_path).package.version
    schema, decision = load_schema(schema_path), read_json(details)["decision"]
    threshold = decision and decision["threshold"]
    graph = compile_graph(schema, read_json(compiled), model, Description.read(model), threshold)
    rows = read_part(prepared, "test")[schema.with_role("feature", "time")]
    with tempfile.TemporaryDirectory() as stage, tempfile.TemporaryDirectory() as made:
        parts[GRAPH] = Path(made) / GRAPH
        write_json(parts[GRAPH], graph)
        table["version"] = f"{version}+{hash_content(parts | code, table)}"
        stage_wheel(Path(stage), table, parts, code)
        scorer = Scorer.load(Path(stage) / SOURCE.name / "bundle")
        served = prove_equal(scorer, rows, pd.read_parquet(predictions))
        wheel = build_wheel(Path(stage), dist)
    return f"package: {wheel.stat().st_size / 1024:,.0f} KiB, {served} → {wheel}"


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


def hash_content(files: dict[str, Path], table: dict[str, object]) -> str:
    """Give the first 12 digits of the SHA-256 over the wheel's files, their names and metadata."""
    content = json.dumps(table) + "".join(
        f"{name} {hash_file(path)}\n" for name, path in sorted(files.items())
    )
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def describe_wheel(project: dict[str, Any]) -> dict[str, object]:
    """Take the wheel's metadata, but for its version, from the project's.

    Args:
        project: The project table of pyproject.toml.
    """
    return {
        "name": project["name"],
        "description": project["description"],
        "requires-python": project["requires-python"],
        "dependencies": pinned_requirements(project),
        "optional-dependencies.postgres": project["optional-dependencies"]["postgres"],
    }


def pinned_requirements(project: dict[str, Any]) -> list[str]:
    """List the runtime requirements, after checking that they are what is installed.

    Raises:
        ProjectError: The model was made with other versions than pyproject.toml says.
    """
    extras = project["optional-dependencies"]
    requirements = [*extras["data"], *extras["model"]]
    for requirement in requirements:
        name, exact, version = requirement.partition("==")
        if not exact:
            raise ProjectError(
                f"pyproject.toml asks for {requirement}; what shapes the results needs one exact "
                "version, with =="
            )
        if metadata.version(name) != version:
            raise ProjectError(
                f"pyproject.toml asks for {requirement}, but {metadata.version(name)} is "
                "installed; run `uv sync`, then `uv run dvc repro`"
            )
    return requirements


def stage_wheel(
    stage: Path, table: dict[str, Any], parts: dict[str, Path], code: dict[str, Path]
) -> None:
    """Lay out the wheel's content: the code, the bundle with its manifest, the metadata.

    Args:
        stage: Empty folder.
        table: The wheel's metadata, as the project table of a pyproject.toml.
        parts: The bundle's files by name.
        code: The package's modules by name.
    """
    package = stage / SOURCE.name
    for name, path in (code | {f"bundle/{name}": path for name, path in parts.items()}).items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, package / name)
    hashes = {name: hash_file(path) for name, path in sorted(parts.items())}
    write_json(package / "bundle" / MANIFEST, {"version": table["version"], "files": hashes})
    # A JSON string or list of strings is one of TOML too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    script = f'{table["name"]}-predict = "{SOURCE.name}.serving.batch:command"'
    module = f'[tool.flit.module]\nname = "{SOURCE.name}"\n'
    (stage / "pyproject.toml").write_text(
        "\n".join(["[project]", *lines, "[project.scripts]", script, module]), encoding="utf-8"
    )


def build_wheel(stage: Path, dist: Path) -> Path:
    """Build the wheel, the same bytes for the same content."""
    from flit_core.wheel import make_wheel_in

    # The earliest date that a zip archive can hold.
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    built: Path = make_wheel_in(stage / "pyproject.toml", dist).file
    return built


if __name__ == "__main__":
    sys.exit(run(main))
