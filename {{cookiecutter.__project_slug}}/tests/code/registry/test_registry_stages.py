"""Stages serve versions by tags, which say who moved them and why."""

import shutil
from datetime import UTC, datetime

import pytest
from released import dvc, git
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.errors import GateError
from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.registry import tags
from {{ cookiecutter.__package_name }}.registry.stages import plan, promote, roll_back
from {{ cookiecutter.__package_name }}.registry.status import describe_registry
from {{ cookiecutter.__package_name }}.review.comparison.git import find_commit


def assignment(text):
    """Make the event of `v1`, a promotion, `<v1`, a roll-back, or `!`, which empties the stage."""
    title = tags.ROLLED_BACK if text.startswith("<") else "Promote"
    kind = "unassignment" if text == "!" else "assignment"
    return tags.Event(kind, text.strip("<"), "prod", "", "", datetime.now(UTC), title)


@pytest.mark.parametrize(
    ("history", "held"),
    [
        ("v1 v2 v3", "v1 v2 v3"),
        ("v1 v2 v3 <v2", "v1 v2"),
        ("v1 v2 v3 <v2 <v1", "v1"),
        ("v1 v2 <v1 v3", "v1 v3"),
        ("v1 v2 v1", "v1 v2 v1"),
        ("v1 v2 v1 <v2", "v1 v2"),
        ("v1 v2 !", ""),
        ("v1 ! v2", "v2"),
        ("<v1", "v1"),
    ],
)
def test_roll_backs_undo_promotions_one_by_one(history, held):
    events = [assignment(text) for text in history.split()]
    assert [each.version for each in tags.read_stages(events)["prod"]] == held.split()


def commit_of(folder, revision):
    return git(folder, "rev-list", "--max-count", "1", revision)


def test_stage_is_promoted_and_rolled_back_by_annotated_tags(repository, tmp_path):
    assert promote(repository, "2.5.0", "prod", "First").startswith("prod serves model v2.5.0; ")
    said = promote(repository, "v2.5.1", "prod", "Sharper\non March")
    assert said.startswith("prod serves model v2.5.1 instead of v2.5.0; ")
    assert find_commit(repository, "prod") == commit_of(repository, "model@v2.5.1")
    said = roll_back(repository, "prod", "Too slow")
    assert said.startswith("prod serves model v2.5.0 again instead of v2.5.1; ")
    assert find_commit(repository, "prod") == commit_of(repository, "model@v2.5.0")

    shown = "%(objecttype) %(contents)%(taggerdate:unix)"
    titles, times = [], []
    for number, why in enumerate(["First", "Sharper on March", "Too slow"], 1):
        tag = git(repository, "tag", "--list", f"model#prod#{number}", "--format", shown)
        title, facts = tag.split("\n\n", 1)
        *lines, time = facts.splitlines()
        titles.append(title)
        times.append(int(time))
        assert lines[:2] == [f"Why: {why}", "Who: Ada Lovelace <ada@example.com>"]
        assert lines[2].startswith("When: 20")
    assert titles == [
        "tag Promote model v2.5.0 to prod",
        "tag Promote model v2.5.1 to prod",
        "tag Roll back prod from v2.5.1 to v2.5.0",
    ]
    # GTO and DVC take the latest, in seconds.
    assert times == sorted({*times})
    dvc(tmp_path, "artifacts", "get", str(repository), "model", "--stage", "prod", "--out", "got")
    assert len([*(tmp_path / "got").glob("*.whl")]) == 1
    with pytest.raises(GateError, match=r"prod serves v2\.5\.0 and nothing before it; `promote` a"):
        roll_back(repository, "prod", "Again")


def test_plan_says_what_would_change_and_changes_nothing(repository):
    assert plan(repository, "2.5.0", "prod", "Try") == "version=v2.5.0\ncurrent="
    promote(repository, "2.5.0", "prod", "First")
    with pytest.raises(GateError, match=r"prod serves v2\.5\.0 and nothing before it"):
        plan(repository, None, "prod", "Back")
    promote(repository, "2.5.1", "prod", "Second")
    tags_before = git(repository, "tag")
    assert plan(repository, None, "prod", "Back") == "version=v2.5.0\ncurrent=v2.5.1"
    # Deployed again, as when a target was lost.
    assert plan(repository, "v2.5.1", "prod", "Again") == "version=v2.5.1\ncurrent=v2.5.1"
    with pytest.raises(GateError) as caught:
        plan(repository, "2.5.7", "prodd", "")
    assert [fault.partition(";")[0] for fault in str(caught.value).split("\n       - ")[1:]] == [
        "'prodd' is no stage of .gto",
        "there is no reason",
        "v2.5.7 is not registered",
    ]
    assert git(repository, "tag") == tags_before


def test_every_fault_of_a_promotion_is_named(repository):
    git(repository, "config", "--unset", "user.email")
    git(repository, "config", "user.useConfigOnly", "true")
    with pytest.raises(GateError) as caught:
        promote(repository, "2.5.7", "prodd", " ")
    assert str(caught.value).split("\n       - ") == [
        "v2.5.7 is not promoted:",
        "'prodd' is no stage of .gto; did you mean 'prod'?",
        "there is no reason; say why with --reason",
        "Git does not know who you are; set user.name and user.email",
        "v2.5.7 is not registered; did you mean 'v2.5.1'?",
    ]
    assert git(repository, "tag", "--list", "*#*") == ""


def test_stage_has_any_name_where_gto_names_none(repository):
    (repository / ".gto").unlink()
    assert promote(repository, "2.5.0", "pre-prod", "Try").startswith("pre-prod serves ")


@pytest.mark.parametrize("stage", ["a b", "a#b", "-a", ""])
def test_stage_that_no_tag_can_hold_is_refused(repository, stage):
    (repository / ".gto").unlink()
    with pytest.raises(GateError, match="must be of letters, digits and hyphens, as prod"):
        promote(repository, "2.5.0", stage, "Try")


def test_version_that_serves_already_is_not_promoted(repository):
    promote(repository, "2.5.0", "staging", "Try")
    with pytest.raises(GateError, match=r"staging serves v2\.5\.0 already"):
        promote(repository, "2.5.0", "staging", "Try")


def test_version_that_was_taken_back_is_no_version_any_more(repository):
    from gto import api

    api.deregister(str(repository), "model", version="v2.5.0")
    with pytest.raises(GateError, match=r"v2\.5\.0 is not registered; did you mean 'v2\.5\.1'"):
        promote(repository, "2.5.0", "prod", "Try")


def test_project_in_a_folder_of_its_repository_has_tags_of_its_own(repository):
    inside = repository / "models/prices"
    inside.mkdir(parents=True)
    (inside / "params.yaml").write_text("1\n", encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "Second project")
    tags.register(inside, "v1.0.0", "First")
    assert promote(inside, "1.0.0", "prod", "Try").startswith("prod serves models/prices:model v")
    assert git(repository, "tag", "--list", "models/*").split() == [
        "models/prices=model#prod#1",
        "models/prices=model@v1.0.0",
    ]
    assert find_commit(inside, "prod") == commit_of(repository, "HEAD")


def test_status_shows_stages_and_the_metrics_of_each_version(repository, capsys):
    promote(repository, "2.5.0", "prod", "It [b]works[/b]")
    # What lies here is not what was released.
    write_json(repository / "reports/metrics.json", {"test": {"roc_auc": 0.75}})
    assert describe_registry(repository).startswith("2 versions of model; ")
    lines = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in capsys.readouterr().out.splitlines()
    ]
    stages, newest, oldest = (line for line in lines if len(line) > 1)
    assert [*stages[:2], *stages[3:]] == ["prod", "v2.5.0", "Ada Lovelace", "It [b]works[/b]"]
    assert (newest[:2], newest[3]) == (["v2.5.1", ""], "0.125")
    assert oldest[:2] == ["v2.5.0", "prod"]
    assert oldest[3] not in ("0.125", "0.750")


def test_status_says_what_to_do_before_the_first_release(tmp_path):
    git(tmp_path, "init", "--quiet")
    said = describe_registry(tmp_path)
    assert said == "no version of model is registered yet; `release` makes the first one"


def test_commands_end_with_1_when_they_refuse(repository):
    runner = CliRunner()
    shown = runner.invoke(cli.app, ["promote", "2.5.0", "--stage", "prod"])
    assert shown.exit_code == 1
    assert shown.stderr.endswith("- there is no reason; say why with --reason\n")
    assert runner.invoke(cli.app, ["rollback", "--stage", "prod"]).exit_code == 1
    shown = runner.invoke(cli.app, ["promote", "2.5.0", "--stage", "prod", "--reason", "Try"])
    assert shown.exit_code == 0
    assert "v2.5.1" in runner.invoke(cli.app, ["status"]).output
    shutil.rmtree(repository / "reports")
    assert runner.invoke(cli.app, ["release"]).exit_code == 1
