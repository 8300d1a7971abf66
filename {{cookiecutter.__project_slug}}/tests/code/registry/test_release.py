"""A model becomes a version by a tag and an entry in the changelog, and only if all is well."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from released import change_model, dvc, git
from small_project import make_params

from {{ cookiecutter.__package_name }}.common.errors import GateError, ProjectError
from {{ cookiecutter.__package_name }}.common.io import hash_file, write_json
from {{ cookiecutter.__package_name }}.common.settings import load_params
from {{ cookiecutter.__package_name }}.registry.checks import check_release
from {{ cookiecutter.__package_name }}.registry.identify import identify
from {{ cookiecutter.__package_name }}.registry.release import next_version, release
from {{ cookiecutter.__package_name }}.registry.tags import Event


def describe(folder):
    """Give what a release may change: commits, tags and files."""
    asked = (["rev-parse", "HEAD"], ["tag"], ["status", "--porcelain"])
    return [git(folder, *command) for command in asked]


def registration(version):
    return Event("registration", version, "", "", "", datetime.now(UTC), "")


def test_release_is_an_annotated_tag_of_a_commit_with_nothing_but_the_entry(history):
    assert git(history, "cat-file", "-t", "model@v2.5.1") == "tag"
    assert git(history, "describe", "--exact-match") == "model@v2.5.1"
    changed = git(history, "diff", "--name-status", "HEAD~1", "HEAD")
    assert changed.split() == ["M", "MODEL_CHANGELOG.md"]
    assert git(history, "status", "--porcelain") == ""


def test_tag_says_what_was_released_by_whom_and_when(history):
    shown = git(history, "tag", "--list", "model@v2.5.1", "--format", "%(contents)")
    title, facts = shown.split("\n\n")
    (wheel,) = (history / "dist").iterdir()
    found = dict(line.split(": ", 1) for line in facts.splitlines())
    assert title == "Release model v2.5.1"
    assert (found["Wheel"], found["SHA-256"]) == (wheel.name, hash_file(wheel))
    assert found["Who"] == "Ada Lovelace <ada@example.com>"
    made = int(git(history, "tag", "--list", "model@v2.5.1", "--format", "%(taggerdate:unix)"))
    assert abs(datetime.fromisoformat(found["When"]).timestamp() - made) <= 2


def test_changelog_has_metrics_then_and_now_and_what_changed(history):
    text = (history / "MODEL_CHANGELOG.md").read_text(encoding="utf-8")
    newest, oldest = text.split("\n## v")[1:]
    first = json.loads(git(history, "show", "model@v2.5.0:reports/metrics.json"))["test"]["roc_auc"]
    assert text.startswith("# Changelog of the model\n")
    assert newest.startswith("2.5.1 (")
    assert "| test part | v2.5.0 | v2.5.1 |" in newest
    assert f"| roc\\_auc ↑ | {first:.3f} | 0.125 |" in newest
    assert '- Settings: goal.owner "Sales" → "Owner 0.125"\n' in newest
    assert oldest.startswith("2.5.0 (")
    assert f"| roc\\_auc ↑ | {first:.3f} |" in oldest


def test_same_wheel_is_not_released_twice(repository):
    (repository / "README.md").write_text("Another commit.\n", encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "Words")
    before = describe(repository)
    assert release(repository).endswith(" is released already, as v2.5.1; no tag was made")
    assert describe(repository) == before


def test_notes_take_the_place_of_the_commit_where_no_branch_is_checked_out(repository, tmp_path):
    change_model(repository, 0.25)
    git(repository, "checkout", "--quiet", "--detach")
    head, notes = git(repository, "rev-parse", "HEAD"), tmp_path / "notes.md"
    said = release(repository, notes, "https://github.com/o/r")
    assert f" → {notes}, a tag; " in said
    assert git(repository, "rev-list", "-n1", "model@v2.5.2") == head
    assert git(repository, "rev-parse", "HEAD") == head
    assert git(repository, "status", "--porcelain") == ""
    written = notes.read_text(encoding="utf-8")
    assert "| test part | v2.5.1 | v2.5.2 |" in written
    link = "https://github.com/o/r/blob/model%40v2.5.2/reports/metrics.json"
    assert written.endswith(f"\n[All metrics]({link})\n")
    # As when a release was interrupted, and is started again.
    assert release(repository, notes, "https://github.com/o/r").endswith("no tag was made")
    assert notes.read_text(encoding="utf-8") == written


def test_wheel_is_identified_by_the_hash_in_its_tag(repository):
    dist = repository / "dist"
    assert identify(repository, dist, None) == "v2.5.1"
    assert identify(repository, dist, "2.5.1") == "v2.5.1"
    for wrong in ("v2.5.0", "2.5.9"):
        with pytest.raises(GateError, match="has not the SHA-256 that the tag of v2"):
            identify(repository, dist, wrong)
    (wheel,) = dist.iterdir()
    wheel.chmod(0o644)
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(GateError, match="has not the SHA-256"):
        identify(repository, dist, "v2.5.1")
    with pytest.raises(GateError, match="is no registered version"):
        identify(repository, dist, None)
    wheel.unlink()
    with pytest.raises(GateError, match="holds 0 wheels"):
        identify(repository, dist, None)


def test_every_failed_check_is_named_with_its_remedy(repository):
    change_model(repository, 0.25)
    (repository.parent / "storage").mkdir()
    dvc(repository, "remote", "add", "--default", "storage", str(repository.parent / "storage"))
    params = make_params("binary")
    params["goal"] |= {"owner": "Nobody", "budget": {"latency_ms": 1e-6}}
    write_json(repository / "params.yaml", params)
    criterion = {"criterion": "roc_auc must be at least 0.9", "value": 0.25, "passed": False}
    verdict = {"statement": "", "owner": "", "goal_met": False, "criteria": [criterion]}
    write_json(repository / "reports/verdict.json", verdict)
    git(repository, "checkout", "--quiet", "--detach")
    git(repository, "config", "--unset", "user.email")
    git(repository, "config", "user.useConfigOnly", "true")
    with pytest.raises(GateError) as caught:
        release(repository)
    title, *faults = str(caught.value).split("\n       - ")
    assert title == "the model is not released:"
    assert [fault.partition("; ")[0] for fault in faults[:-1]] == [
        "Git does not know who you are",
        "no branch is checked out, so the changelog's commit would be lost",
        "not committed: .dvc/config, params.yaml, reports/verdict.json",
        "dvc.lock is out of date in make",
        "the goal is missed: roc_auc must be at least 0.9, but is 0.25",
        "the DVC remote lacks dist/",
    ]
    assert faults[-1].startswith("99 of 100 predictions must take at most 1e-06 ms, but take ")
    assert all("; " in fault for fault in faults)


def test_project_without_results_is_told_so(repository):
    for name in ("dist", "reports"):
        shutil.rmtree(repository / name)
    (repository / "dvc.lock").unlink()
    faults = check_release(repository, load_params(repository / "params.yaml"), commits=True).faults
    assert [fault.partition("; ")[0] for fault in faults[1:]] == [
        "there is no dvc.lock",
        "there is no verdict in reports",
        "dist holds no wheel",
    ]


def test_pushed_model_is_released_and_got_elsewhere(repository, tmp_path):
    (tmp_path / "storage").mkdir()
    dvc(repository, "remote", "add", "--default", "storage", str(tmp_path / "storage"))
    change_model(repository, 0.25)
    before = describe(repository)
    with pytest.raises(GateError, match=r"the DVC remote lacks dist/; run `uv run dvc push`$"):
        release(repository)
    assert describe(repository) == before
    dvc(repository, "push", "--quiet")
    assert " is model v2.5.2, " in release(repository)
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    dvc(tmp_path / "clone", "artifacts", "get", ".", "model", "--rev", "v2.5.2", "--out", "got")
    (got,) = (tmp_path / "clone/got").iterdir()
    assert got.read_bytes() == next((repository / "dist").iterdir()).read_bytes()


def test_nothing_is_left_when_git_refuses_the_commit(repository):
    change_model(repository, 0.25)
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    before = describe(repository)
    with pytest.raises(ProjectError, match=r"`git commit` failed in .*: not today"):
        release(repository)
    assert describe(repository) == before


@pytest.mark.parametrize(
    ("versions", "series", "expected"),
    [
        ([], "1.0", "v1.0.0"),
        (["v1.0.0", "v1.0.9", "v1.0.10", "v1.1.3", "v11.0.7"], "1.0", "v1.0.11"),
        (["v1.0.4"], "1.1", "v1.1.0"),
        (["v1.10.4"], "1.1", "v1.1.0"),
    ],
)
def test_number_counts_the_releases_of_its_series(versions, series, expected):
    assert next_version([*map(registration, versions)], series) == expected


def test_number_of_a_version_that_was_taken_back_is_not_used_again():
    gone = registration("v1.0.0")._replace(kind="deregistration")
    assert next_version([registration("v1.0.0"), gone], "1.0") == "v1.0.1"
