"""The command compare, on real repositories of Git and DVC."""

import shutil

import pytest
from repository import change_train, commit, dvc, run, run_stages
from small_project import make_columns, make_params
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.io import read_json, read_part, write_json

RESULT = "reports/compare/comparison.json"


def compare(base, *arguments):
    return CliRunner().invoke(cli.app, ["compare", "--base", base, *arguments])


@pytest.fixture(scope="module")
def compared(history, tmp_path_factory):
    """Today's model of the history compared with three others: what was said and written."""
    folder = shutil.copytree(history, tmp_path_factory.mktemp("compared"), dirs_exist_ok=True)
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for base in ("weak", "strong", "wide"):
            shown = compare(base)
            found[base] = shown, read_json(folder / RESULT)
    return folder, found


def test_better_model_passes(compared):
    folder, (shown, found) = compared[0], compared[1]["weak"]
    assert shown.exit_code == 0, shown.output
    assert found["verdict"] == "better"
    assert (found["blocks"], found["blocked_by"]) == (False, [])
    gain = found["difference"]
    assert 0 < gain["low"] < gain["value"] < gain["high"]
    assert gain["probability_better"] == 1
    assert found["scores"]["roc_auc"]["base"] == 0.5
    metrics = read_json(folder / "reports/metrics.json")["test"]
    assert {name: pair["now"] for name, pair in found["scores"].items()} == pytest.approx(metrics)
    assert found["rows"] == len(read_part(folder / "data/prepared", "test"))
    assert found["left_out"] == 0
    assert "roc auc ↑" in shown.output
    assert shown.output.splitlines()[-1].startswith("better: On ")


def test_everything_is_told_about_base_and_changes(compared):
    folder, (_, found) = compared[0], compared[1]["weak"]
    assert found["base"] == {
        "rev": "weak",
        "commit": run(folder, "git", "rev-parse", "weak").strip(),
        "model_from": "cache",
        "note": "The base model came from DVC's cache.",
    }
    assert 'train.estimator "dummy" → "lightgbm"' in found["parameters"]
    assert found["code"] == "unchanged"
    assert found["dependencies"] == "unchanged"
    assert found["data"]["rows"]["base"] == found["data"]["rows"]["now"] == 479
    for side in ("base", "now"):
        assert found["curves"][side]["roc"][0] == [0, 0]
        assert found["curves"][side]["roc"][-1] == [1, 1]
        assert 1 <= len(found["curves"][side]["learning"]) <= 60
    assert {each["column"] for each in found["slices"]} == {"shop", "weight"}


def test_similar_model_is_the_same_within_noise(compared):
    shown, found = compared[1]["strong"]
    assert shown.exit_code == 0, shown.output
    assert found["verdict"] == "same within noise"
    assert found["difference"]["low"] <= 0 <= found["difference"]["high"]
    assert "a difference that chance alone could make" in found["reason"]


def test_column_that_is_gone_is_named(compared):
    shown, found = compared[1]["wide"]
    assert found["verdict"] == "not comparable"
    assert found["reason"] == (
        "The models can't be compared: its model needs colour, which today's rows do not have: "
        "see schema.yaml."
    )
    assert found["data"]["removed"] == ["colour"]
    assert found["difference"] is None
    assert shown.exit_code == 1
    assert "the verdict is 'not comparable'" in shown.stderr


def test_no_worktree_is_left_behind(compared):
    assert run(compared[0], "git", "worktree", "list").count("\n") == 1
    assert run(compared[0], "git", "status", "--porcelain") == ""


def test_worse_model_blocks_after_the_file_is_written(repository):
    run(repository, "git", "checkout", "--quiet", "weak")
    dvc(repository, "checkout", "--quiet", "--allow-missing")
    shown = compare("latest", "--output", "there.json")
    found = read_json(repository / "there.json")
    assert found["verdict"] == "worse"
    assert found["difference"]["high"] < 0
    assert found["blocks"] is True
    assert shown.exit_code == 1
    assert shown.stderr.startswith("error: blocked, as the verdict is 'worse', see review.blocking")


def test_failed_criterion_blocks_a_model_that_is_better(repository):
    path = repository / "params.yaml"
    params = read_json(path)
    params["goal"]["criteria"][0]["at_least"] = 1.0
    write_json(path, params)
    run_stages(repository, "evaluate")
    shown = compare("weak")
    found = read_json(repository / RESULT)
    assert found["verdict"] == "better"
    assert shown.exit_code == 1
    assert [text[:40] for text in found["blocked_by"]] == [
        "roc_auc on the test part must be at leas"
    ]


def test_other_target_is_not_comparable(repository):
    params = make_params("binary")
    params["goal"]["positive"] = {"equals": "no"}
    write_json(repository / "params.yaml", params)
    commit(repository, "other")
    run(repository, "git", "checkout", "--quiet", "latest")
    compare("other")
    found = read_json(repository / RESULT)
    assert found["verdict"] == "not comparable"
    assert "goal.positive was {'equals': 'no'}, now it is {'equals': 'yes'}" in found["reason"]


def test_champion_is_asked_by_its_own_code(repository):
    custom = next(repository.glob("src/*/features/custom.py"))
    code = custom.read_text(encoding="utf-8")
    custom.write_text(f"{code}\nraise SystemExit('the code of that day')\n", encoding="utf-8")
    commit(repository, "broken")
    custom.write_text(code, encoding="utf-8")
    compare("broken")
    reason = read_json(repository / RESULT)["reason"]
    assert reason.endswith("its own code can't predict today's rows: the code of that day.")


def test_code_without_the_command_is_not_comparable(repository):
    before = (repository / "pyproject.toml").read_text(encoding="utf-8")
    renamed = before.replace(".cli:app", ".gone:app")
    (repository / "pyproject.toml").write_text(renamed, encoding="utf-8")
    commit(repository, "renamed")
    (repository / "pyproject.toml").write_text(before, encoding="utf-8")
    compare("renamed")
    found = read_json(repository / RESULT)
    assert found["verdict"] == "not comparable"
    assert "names no command with code below src/" in found["reason"]


def test_stage_of_the_registry_is_a_base(repository):
    run(repository, "git", "tag", "model#prod#9", "latest")
    run(repository, "git", "tag", "model#prod#10", "weak")
    shown = compare("prod")
    base = read_json(repository / RESULT)["base"]
    assert shown.exit_code == 0, shown.output
    assert base["rev"] == "prod"
    assert base["commit"] == run(repository, "git", "rev-parse", "weak").strip()


def test_unknown_revision_is_refused_with_the_nearest(repository):
    shown = compare("wek")
    assert shown.exit_code == 2
    assert "--base is 'wek', which is neither a revision" in shown.stderr
    assert shown.stderr.endswith("; did you mean 'weak'?\n")
    assert not (repository / RESULT).exists()


def test_results_that_are_out_of_date_are_refused(repository):
    change_train(repository, "linear")
    shown = compare("weak")
    assert shown.exit_code == 2
    assert shown.stderr == (
        "error: the results are out of date: train, evaluate would run again; run "
        "`uv run dvc repro`, then compare\n"
    )


def test_missing_results_are_refused(repository):
    (repository / "reports/verdict.json").unlink()
    shown = compare("weak")
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: reports/verdict.json: not there, so there is no model")


def test_schema_of_other_rules_is_no_obstacle(repository):
    columns = make_columns("binary")
    columns["colour"]["role"] = "ignored"
    columns["shop"]["flavour"] = "sweet"
    write_json(repository / "schema.yaml", {"columns": columns})
    commit(repository, "unknown-key")
    run(repository, "git", "checkout", "--quiet", "latest")
    compare("unknown-key")
    found = read_json(repository / RESULT)
    assert found["verdict"] == "not comparable"
    assert "columns.shop.flavour" in found["reason"]
    assert found["data"]["retyped"] == []
