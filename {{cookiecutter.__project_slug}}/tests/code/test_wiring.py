"""dvc.yaml lists all that a stage reads, so that `dvc repro` never leaves a result out of date."""

import ast
import importlib
import shutil
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML
from small_project import ROOT, STAGES, run_stage

from {{ cookiecutter.__package_name }}.common.settings import load_params
from {{ cookiecutter.__package_name }}.wheel.content import CODE, SOURCE, STATIC

MODULES = sorted(SOURCE.rglob("*.py"))
PINNED = {
    extra: {requirement.partition("==")[0] for requirement in requirements}
    for extra, requirements in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]["optional-dependencies"].items()
}
# Libraries that show or move results, and shape none.
UNPINNED = {
    *("dvc", "dvc-data", "dvclive", "flit_core", "fsspec", "gto", "rich"),
    *("ruamel.yaml.clib", "typer"),
}


def imports_of(path: Path) -> list[ast.Import | ast.ImportFrom]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def own_imports(path: Path) -> set[Path]:
    """The package's modules that a module imports by a relative import."""
    found = set()
    for node in imports_of(path):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            names = [base / alias.name for alias in node.names]
            found |= {path for path in map(as_module, [base, *names]) if path}
    return found


def as_module(path: Path) -> Path | None:
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else None


def closure(*paths: Path) -> set[Path]:
    """The modules and all that they import, directly or not."""
    found: set[Path] = set()
    waiting = [*paths]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += own_imports(path)
    return found


def libraries_of(paths: set[Path]) -> set[str]:
    """The modules of other libraries that these modules import."""
    names = set()
    for node in (node for path in paths for node in imports_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif not node.level:
            names.add(str(node.module).partition(".")[0])
    return names - sys.stdlib_module_names


def distributions_of(paths: set[Path]) -> set[str]:
    known = metadata.packages_distributions()
    # What is not installed is an extra, which has the name of its library.
    return {name for library in libraries_of(paths) for name in known.get(library, [library])}


def relative(paths: set[Path]) -> list[str]:
    return sorted(path.relative_to(SOURCE).as_posix() for path in paths)


def modules_of(stage: str) -> set[Path]:
    # What is packaged shapes the wheel as much as the stage's own modules.
    also = [SOURCE / name for name in CODE if not name.endswith("__init__.py")]
    return closure(SOURCE / "stages" / f"{stage}.py", *(also if stage == "package" else []))


def keys_of(stage: str, file: str = "params.yaml") -> list[str]:
    keys = {"params.yaml": []}
    for entry in STAGES[stage]["params"]:
        keys = keys | entry if isinstance(entry, dict) else keys
        keys["params.yaml"] += [entry] if isinstance(entry, str) else []
    return keys[file]


def paths_of(entries) -> list[str]:
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


@pytest.mark.parametrize("stage", STAGES)
def test_stage_depends_on_every_module_that_it_imports(stage):
    listed = [ROOT / dep for dep in STAGES[stage]["deps"] if dep.startswith("src/")]
    # A folder stands for all of its modules.
    covered = {path: {path} if path.suffix else {*path.rglob("*.py")} for path in listed}
    imported = modules_of(stage)
    assert relative(imported - set().union(*covered.values())) == []
    assert [path for path, modules in covered.items() if not modules & imported] == []


@pytest.mark.parametrize("stage", STAGES)
def test_stage_depends_on_the_versions_of_the_libraries_that_it_imports(stage):
    used = distributions_of(modules_of(stage))
    extras = [f"project.optional-dependencies.{extra}" for extra in PINNED if used & PINNED[extra]]
    listed = keys_of(stage, "pyproject.toml")
    assert [key for key in listed if "optional-dependencies" in key] == extras


def test_every_imported_library_is_pinned_or_shapes_no_result():
    pinned = {name for names in PINNED.values() for name in names}
    assert distributions_of({*MODULES}) - pinned == UNPINNED


def test_packaged_code_is_what_predicting_and_serving_need():
    commands = (
        *("batch/command.py", "scorer.py", "log/prediction_log.py"),
        *("service/command.py", "smoke.py"),
    )
    needed = closure(*(SOURCE / "serving" / name for name in commands))
    folders = {folder for path in needed for folder in path.parents if SOURCE in folder.parents}
    inits = {folder / "__init__.py" for folder in {SOURCE, *folders}}
    assert sorted(CODE) == relative(needed | inits)


def test_packaging_depends_on_the_files_of_the_page():
    folder = SOURCE / STATIC
    assert any(folder.is_relative_to(ROOT / dep) for dep in STAGES["package"]["deps"])


@pytest.mark.parametrize(
    "path",
    sorted(SOURCE.rglob("__init__.py")),
    ids=lambda path: path.parent.relative_to(SOURCE).as_posix(),
)
def test_init_holds_a_docstring_only(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert [type(node) for node in body] == [ast.Expr]
    assert isinstance(body[0].value, ast.Constant)


@pytest.mark.parametrize("stage", STAGES)
def test_command_names_inputs_then_outputs_and_all_of_them(stage):
    _, _, module, *paths = STAGES[stage]["cmd"].split()
    deps = [dep for dep in paths_of(STAGES[stage]["deps"]) if not dep.startswith("src/")]
    files = [entry for entry in STAGES[stage]["params"] if isinstance(entry, dict)]
    outs = paths_of(STAGES[stage]["outs"])
    n_outs = len(outs)
    assert module == f"{SOURCE.name}.stages.{stage}"
    assert sorted(paths[-n_outs:]) == sorted(outs)
    assert set(deps) <= set(paths[:-n_outs]) <= {*deps, "params.yaml", *paths_of(files)}


@pytest.mark.parametrize("stage", STAGES)
def test_every_listed_setting_exists(stage):
    params = YAML(typ="safe", pure=True).load(ROOT / "params.yaml")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for content, keys in (
        (params, keys_of(stage)),
        (pyproject, keys_of(stage, "pyproject.toml")),
    ):
        for key in keys:
            value = content
            for part in key.split("."):
                assert part in value, key
                value = value[part]


class Watched:
    """Settings that note which of their values are read."""

    def __init__(self, settings: BaseModel, prefix: str, read: set[str]):
        self._settings, self._prefix, self._read = settings, prefix, read

    def __getattr__(self, name):
        return self._watch(getattr(self._settings, name), f"{self._prefix}{name}")

    def _watch(self, value, key):
        if isinstance(value, BaseModel):
            return Watched(value, f"{key}.", self._read)
        self._read.add(key)
        if isinstance(value, list):
            return [self._watch(member, key) for member in value]
        if isinstance(value, dict):
            return {name: self._watch(member, f"{key}.{name}") for name, member in value.items()}
        return value


@pytest.mark.parametrize("stage", STAGES)
def test_stage_reads_the_settings_that_it_lists_and_no_others(
    project, tmp_path, monkeypatch, stage
):
    shutil.copytree(project("binary").folder, tmp_path, dirs_exist_ok=True)
    read: set[str] = set()
    module = importlib.import_module(f"{SOURCE.name}.stages.{stage}")
    monkeypatch.setattr(module, "load_params", lambda path: Watched(load_params(path), "", read))
    run_stage(tmp_path, stage)
    listed = keys_of(stage)
    covered = {key: {name for name in read if f"{name}.".startswith(f"{key}.")} for key in listed}
    assert read == set().union(*covered.values())
    assert [key for key, names in covered.items() if not names] == []


def test_package_lists_what_it_reads_of_pyproject():
    tree = ast.parse((SOURCE / "wheel" / "build.py").read_text(encoding="utf-8"))
    reads = [node for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    read = {ast.literal_eval(node.slice) for node in reads if ast.unparse(node.value) == "project"}
    assert read == {key.split(".")[1] for key in keys_of("package", "pyproject.toml")}


def test_imports_are_relative_or_of_other_libraries():
    assert SOURCE.name not in libraries_of({*MODULES})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_imports_a_stage(path):
    assert not [name for name in relative(own_imports(path)) if name.startswith("stages/")]


@pytest.mark.parametrize("layer", ["common", "data", "features", "model", "measure"])
def test_lower_layer_imports_no_higher_one(layer):
    imported = relative(closure(*(SOURCE / layer).glob("*.py")))
    assert not [name for name in imported if name.startswith(("review/", "serving/", "cli"))]


def test_serving_imports_neither_the_pipeline_nor_the_command_line():
    modules = closure(*(SOURCE / "serving").rglob("*.py"))
    assert not libraries_of(modules) & {"dvc", "dvclive", "typer", "flit_core", "optuna"}
