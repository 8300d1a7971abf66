"""What changed besides the data, in a line each."""

import pytest
from repository import run

from {{ cookiecutter.__package_name }}.review.comparison.change_lines import (
    describe_code,
    describe_dependencies,
    describe_parameters,
)

PYPROJECT = """\
[project]
name = "sales"
dependencies = ["sales[data]", "rich==RICH"]
[project.optional-dependencies]
data = ["pandas[performance]==PANDAS; python_version > '3'"]
[dependency-groups]
dev = [{ include-group = "data" }, "ruff~=0.1"]
"""


@pytest.fixture
def folders(tmp_path):
    for name in ("base", "now"):
        (tmp_path / name).mkdir()
    return tmp_path / "base", tmp_path / "now"


def write(folders, name, *texts):
    for folder, text in zip(folders, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")


def test_changed_settings_are_named_with_both_values(folders):
    write(
        folders,
        "params.yaml",
        "train: {parameters: {num_leaves: 7, old: 1}, seed: 1}\nlist: [a]\n",
        "train: {parameters: {num_leaves: 31, new: x}, seed: 1}\nlist: [a, b]\n",
    )
    assert describe_parameters(*folders) == (
        'train.parameters.num_leaves 7 → 31; train.parameters.new added: "x"; '
        'list ["a"] → ["a", "b"]; train.parameters.old removed'
    )


def test_changed_contract_is_named(folders):
    write(folders, "params.yaml", "a: 1\n", "a: 1\n")
    write(folders, "schema.yaml", "columns: {x: {max: 9}}\n", "columns: {x: {max: 5}}\n")
    assert describe_parameters(*folders) == "schema.yaml: columns.x.max 9 → 5"
    (folders[0] / "schema.yaml").unlink()
    assert describe_parameters(*folders) == "schema.yaml of the base is missing or can't be read"


def test_many_changed_settings_are_counted(folders):
    texts = ("\n".join(f"key{n}: {value}" for n in range(10)) for value in (1, 2))
    write(folders, "params.yaml", *texts)
    told = describe_parameters(*folders)
    assert told.startswith("key0 1 → 2; key1 1 → 2; ")
    assert told.endswith("; key5 1 → 2; and 4 more")


def test_base_without_readable_settings_is_told(folders):
    (folders[1] / "params.yaml").write_text("a: 1\n", encoding="utf-8")
    (folders[1] / "pyproject.toml").write_text("", encoding="utf-8")
    assert describe_parameters(*folders) == "params.yaml of the base is missing or can't be read"
    (folders[0] / "params.yaml").write_text("a: [\n", encoding="utf-8")
    (folders[0] / "pyproject.toml").write_text("=", encoding="utf-8")
    assert describe_parameters(*folders) == "params.yaml of the base is missing or can't be read"
    assert describe_dependencies(*folders) == (
        "pyproject.toml of the base is missing or can't be read"
    )


def test_changed_pins_are_named(folders):
    write(folders, "pyproject.toml", *(PYPROJECT.replace("PANDAS", v) for v in ("3.1", "3.2")))
    assert describe_dependencies(*folders) == "pandas ==3.1 → ==3.2"


def test_other_libraries_are_named_from_the_lock(folders):
    write(folders, "pyproject.toml", *(PYPROJECT.replace("PANDAS", v) for v in ("3.1", "3.2")))
    packages = (
        {"sales": None, "pandas": version, "pytz": version, "ruff": "1"} for version in "12"
    )
    write(folders, "uv.lock", *map(write_lock, packages))
    assert describe_dependencies(*folders) == "pandas ==3.1 → ==3.2; pytz 1 → 2"


def write_lock(packages):
    tables = (
        f'[[package]]\nname = "{name}"\n' + (f'version = "{version}"\n' if version else "")
        for name, version in packages.items()
    )
    return "".join(tables)


def test_nothing_changed(folders):
    write(folders, "params.yaml", "a: {}\n", "a: {} # nothing\n")
    write(folders, "pyproject.toml", "", "")
    assert describe_parameters(*folders) == "unchanged"
    assert describe_dependencies(*folders) == "unchanged"


def test_changed_code_is_counted_with_what_is_not_committed(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("1\n2\n", encoding="utf-8")
    run(tmp_path, "git", "init", "--quiet")
    run(tmp_path, "git", "add", "--all")
    run(tmp_path, "git", "commit", "--quiet", "--message", "first")
    assert describe_code(tmp_path, "HEAD") == "unchanged"
    (tmp_path / "src/a.py").write_text("1\n3\n4\n", encoding="utf-8")
    (tmp_path / "beside").write_text("no code", encoding="utf-8")
    changed = "1 file changed, 2 insertions(+), 1 deletion(-)"
    assert describe_code(tmp_path, "HEAD") == changed
    (tmp_path / "src/b.py").write_text("1\n", encoding="utf-8")
    assert describe_code(tmp_path, "HEAD") == f"{changed}, 1 new file not yet in Git"
