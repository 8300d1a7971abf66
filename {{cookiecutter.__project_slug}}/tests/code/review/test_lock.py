"""dvc.lock is checked against a real repository of Git and DVC."""

import shutil
import subprocess
import sys

import pytest
from small_project import ROOT, make_columns, make_params

from {{ cookiecutter.__package_name }}.common.errors import GateError, SettingsError
from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.review import lock

DVC_YAML = """\
stages:
  first:
    cmd: '"{python}" -c "import shutil; shutil.copy(''in'', ''middle'')"'
    deps: [in]
    params: [goal.owner]
    outs: [middle]
  second:
    cmd: '"{python}" -c "import shutil; shutil.copy(''middle'', ''out'')"'
    deps: [middle]
    outs: [out]
"""


@pytest.fixture(scope="module")
def _scratch_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
        patch.setenv("DVC_NO_ANALYTICS", "1")
        yield


@pytest.fixture(scope="module")
def reproduced(_scratch_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    write_json(folder / "params.yaml", make_params("binary"))
    write_json(folder / "schema.yaml", {"columns": make_columns("binary")})
    (folder / "in").write_text("1\n")
    (folder / "dvc.yaml").write_text(DVC_YAML.format(python=sys.executable))
    # As in a project from the template: DVC needs no `dvc init`.
    (folder / ".dvc").mkdir()
    shutil.copy(ROOT / ".dvc" / "config", folder / ".dvc")
    shutil.copy(ROOT / ".dvc" / ".gitignore", folder / ".dvc")
    for command in (["git", "init", "-q"], [sys.executable, "-m", "dvc", "repro", "-q"]):
        subprocess.run(command, cwd=folder, check=True)
    return folder


@pytest.fixture
def folder(reproduced, tmp_path):
    return shutil.copytree(reproduced, tmp_path / "repository")


def test_lock_is_true_after_a_run(folder):
    assert lock.check_project(folder) == "The settings are valid and dvc.lock is true."


def test_lock_is_out_of_date_when_an_input_changed(folder):
    (folder / "in").write_text("2\n")
    with pytest.raises(GateError) as caught:
        lock.check_project(folder)
    assert str(caught.value) == (
        "dvc.lock is out of date: first would run again, and what depends on it; run `uv run dvc "
        "repro` and commit dvc.lock with the change"
    )
    assert caught.value.exit_code == 1


def test_lock_is_out_of_date_when_a_setting_changed(folder):
    params = make_params("binary")
    params["goal"]["owner"] = "Somebody else"
    write_json(folder / "params.yaml", params)
    assert lock.find_stale_stages(folder) == ["first"]


def test_lock_is_out_of_date_when_an_output_was_edited(folder):
    (folder / "middle").unlink()
    (folder / "middle").write_text("edited\n")
    assert lock.find_stale_stages(folder) == ["first", "second"]


def test_lock_is_true_without_the_package_of_a_model_that_misses_its_goal(folder):
    text = (folder / "dvc.yaml").read_text()
    (folder / "dvc.yaml").write_text(text.replace("  second:", "  package:"))
    assert lock.find_stale_stages(folder) == ["package"]
    write_json(folder / "reports/verdict.json", {"goal_met": False})
    assert lock.check_project(folder) == (
        "The settings are valid and dvc.lock is true. The model misses its goal and is not "
        "packaged."
    )
    (folder / "in").write_text("2\n")
    assert lock.find_stale_stages(folder) == ["first"]


def test_lock_is_true_in_a_clone_without_the_outputs(folder):
    for name in ("middle", "out"):
        (folder / name).unlink()
    shutil.rmtree(folder / ".dvc" / "cache")
    assert lock.find_stale_stages(folder) == []


def test_lock_is_not_judged_when_dvc_yaml_is_broken(folder):
    (folder / "dvc.yaml").write_text("stages: 1\n")
    with pytest.raises(GateError, match="`dvc status` failed: "):
        lock.check_project(folder)


def test_settings_are_checked_first(folder):
    write_json(folder / "params.yaml", {})
    with pytest.raises(SettingsError, match="goal is missing"):
        lock.check_project(folder)


def test_project_without_lock_is_told_to_run(folder):
    (folder / "dvc.lock").unlink()
    assert lock.check_project(folder).endswith("no dvc.lock yet: run `uv run dvc repro`.")
