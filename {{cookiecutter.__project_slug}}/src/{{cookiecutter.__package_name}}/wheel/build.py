"""A wheel of the same bytes for the same content."""

import json
import os
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

from ..common.errors import ProjectError
from ..common.io import hash_file, hash_text, write_json
from ..model.manifest import MANIFEST
from .content import SOURCE

# The wheel's console scripts: what follows its name, and the module whose command() each runs.
COMMANDS = {
    "predict": "serving.batch.command",
    "serve": "serving.service.command",
    "smoke": "serving.smoke",
}


def hash_content(files: dict[str, Path], *tables: dict[str, object]) -> str:
    """Give the first 12 digits of the SHA-256 over the wheel's files, their names and tables."""
    content = json.dumps(tables) + "".join(
        f"{name} {hash_file(path)}\n" for name, path in sorted(files.items())
    )
    return hash_text(content)[:12]


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
    requirements = [*extras["data"], *extras["model"], *extras["serve"]]
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
    stage: Path,
    table: dict[str, Any],
    origin: dict[str, object],
    parts: dict[str, Path],
    code: dict[str, Path],
) -> None:
    """Lay out the wheel's content: the code, the bundle with its manifest, the metadata.

    Args:
        stage: Empty folder.
        table: The wheel's metadata, as the project table of a pyproject.toml.
        origin: What the model came from, for the manifest.
        parts: The bundle's files by name.
        code: The package's modules by name.
    """
    package = stage / SOURCE.name
    copy_files(code, package)
    copy_files(parts, package / "bundle")
    hashes = {name: hash_file(path) for name, path in sorted(parts.items())}
    manifest = {"version": table["version"], "files": hashes, **origin}
    write_json(package / "bundle" / MANIFEST, manifest)
    # A JSON string or list of strings is one of TOML too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    scripts = [
        f'{table["name"]}-{name} = "{SOURCE.name}.{module}:command"'
        for name, module in COMMANDS.items()
    ]
    module = f'[tool.flit.module]\nname = "{SOURCE.name}"\n'
    (stage / "pyproject.toml").write_text(
        "\n".join(["[project]", *lines, "[project.scripts]", *scripts, module]), encoding="utf-8"
    )


def copy_files(files: dict[str, Path], folder: Path) -> None:
    """Copy files into a folder, by their names there."""
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def build_wheel(stage: Path, dist: Path) -> Path:
    """Build the wheel, the same bytes for the same content."""
    from flit_core.wheel import make_wheel_in

    # The earliest date that a zip archive can hold.
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    built: Path = make_wheel_in(stage / "pyproject.toml", dist).file
    return built
