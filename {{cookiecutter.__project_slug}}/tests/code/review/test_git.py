"""Revisions and stages of the registry."""

import pytest
from repository import run

from {{ cookiecutter.__package_name }}.common.errors import ProjectError
from {{ cookiecutter.__package_name }}.review.comparison.git import check_out, find_commit, read_stages


@pytest.fixture
def repository(tmp_path):
    """Three commits: one, two and three."""
    folder = tmp_path / "repository"
    folder.mkdir()
    run(folder, "git", "init", "--quiet", "--initial-branch", "main")
    for number in ("one", "two", "three"):
        (folder / "number").write_text(number, encoding="utf-8")
        run(folder, "git", "add", "--all")
        run(folder, "git", "commit", "--quiet", "--message", number)
    return folder


def number_at(folder, name):
    return run(folder, "git", "show", f"{find_commit(folder, name)}:number")


@pytest.mark.parametrize(
    ("name", "number"), [("HEAD~1", "two"), ("main", "three"), ("main~2", "one"), (":/two", "two")]
)
def test_revision_is_what_git_takes_it_for(repository, name, number):
    assert number_at(repository, name) == number


def test_annotated_tag_means_its_commit(repository):
    run(repository, "git", "tag", "--annotate", "v1", "--message", "first", "HEAD~2")
    assert number_at(repository, "v1") == "one"


def test_stage_means_its_newest_tag(repository):
    run(repository, "git", "tag", "model#prod#2", "HEAD~2")
    run(repository, "git", "tag", "model#prod#10", "HEAD~1")
    run(repository, "git", "tag", "other#prod#11", "HEAD")
    assert number_at(repository, "prod") == "two"


def test_revision_goes_before_a_stage_of_the_same_name(repository):
    run(repository, "git", "tag", "model#prod#1", "HEAD~2")
    run(repository, "git", "branch", "prod", "HEAD")
    assert number_at(repository, "prod") == "three"


def test_stage_that_was_taken_back_has_no_model():
    assert read_stages(["model#prod#1", "model#prod!#2", "model#dev#1"]) == {"dev": "model#dev#1"}


@pytest.mark.parametrize("name", ["mian", "", "--all", "HEAD~9", "HEAD:number"])
def test_unknown_revision_is_refused(repository, name):
    with pytest.raises(ProjectError, match="neither a revision that Git knows here nor a stage"):
        find_commit(repository, name)


def test_nearest_name_is_proposed(repository):
    run(repository, "git", "tag", "model#production#1")
    with pytest.raises(ProjectError, match="did you mean 'production'"):
        find_commit(repository, "prodution")


def test_shallow_clone_says_how_to_get_the_rest(repository, tmp_path):
    url = repository.as_uri()
    run(tmp_path, "git", "clone", "--quiet", "--depth", "1", url, "shallow")
    with pytest.raises(ProjectError, match="this clone is shallow, `git fetch --unshallow`"):
        find_commit(tmp_path / "shallow", "HEAD~1")


def test_repository_without_a_commit_is_told(tmp_path):
    run(tmp_path, "git", "init", "--quiet")
    with pytest.raises(ProjectError, match="there is no commit yet to compare with"):
        find_commit(tmp_path, "HEAD")


def test_hooks_do_not_run_in_the_worktree(repository):
    hook = repository / ".git/hooks/post-checkout"
    hook.write_text("#!/bin/sh\necho ran > hooked\n", encoding="utf-8")
    hook.chmod(0o755)
    with check_out(repository, "HEAD~1") as folder:
        assert sorted(path.name for path in folder.iterdir()) == [".git", "number"]


def test_repository_of_a_running_hook_is_not_taken_for_this_one(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert len(find_commit(repository, "main")) == 40


def test_project_in_a_folder_of_its_repository_is_found_in_the_worktree(repository):
    inside = repository / "models/prices"
    inside.mkdir(parents=True)
    (inside / "number").write_text("four", encoding="utf-8")
    run(repository, "git", "add", "--all")
    run(repository, "git", "commit", "--quiet", "--message", "four")
    with check_out(inside, "HEAD") as folder:
        assert (folder / "number").read_text(encoding="utf-8") == "four"
