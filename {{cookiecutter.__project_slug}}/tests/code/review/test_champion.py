"""An earlier model is taken from DVC's cache or a remote, or trained again."""

import shutil

import pytest
from repository import commit, dvc, run

from {{ cookiecutter.__package_name }}.common.errors import ProjectError
from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.review.comparison.champion import restore_results
from {{ cookiecutter.__package_name }}.review.comparison.git import check_out, find_commit
from {{ cookiecutter.__package_name }}.review.comparison.not_comparable import NotComparableError

FILES = "models/estimator/model.txt", "models/transform.skops", "data/prepared/train.parquet"


def restore(repository, name):
    """Give where the model came from and its files."""
    found = find_commit(repository, name)
    with check_out(repository, found) as folder:
        origin = restore_results(repository, found, folder)
        return origin, [(folder / file).read_bytes() for file in FILES]


def worktrees(repository):
    return run(repository, "git", "worktree", "list").splitlines()


@pytest.fixture
def expected(repository):
    """The files of the revision `strong`."""
    origin, files = restore(repository, "strong")
    assert origin.model_from == "cache"
    return files


def add_remote(repository):
    # A path as people write it, relative to the project.
    dvc(repository, "remote", "add", "--default", "storage", "../storage")


def test_model_comes_from_a_remote_when_the_cache_lacks_it(repository, expected):
    run(repository, "git", "checkout", "--quiet", "strong")
    add_remote(repository)
    dvc(repository, "push", "--quiet")
    run(repository, "git", "checkout", "--quiet", "--force", "latest")
    shutil.rmtree(repository / ".dvc/cache")
    # The base does not know the remote, as it came later.
    add_remote(repository)
    origin, files = restore(repository, "strong")
    assert origin.model_from == "remote"
    assert files == expected
    assert len(worktrees(repository)) == 1


def test_model_is_trained_again_when_only_its_transform_is_there(
    repository, expected, tmp_path, monkeypatch
):
    for listing in (repository / ".dvc/cache").glob("files/md5/*/*.dir"):
        listing.unlink()
    # Else DVC knows from its own notes what was in the folders.
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path))
    before = run(repository, "git", "status", "--porcelain")
    origin, files = restore(repository, "strong")
    assert origin.model_from == "rebuilt"
    assert "with the libraries that are installed now" in origin.note
    assert files == expected
    assert len(worktrees(repository)) == 1
    assert run(repository, "git", "status", "--porcelain") == before


def test_model_is_trained_again_from_a_delivery_in_the_remote(repository, expected):
    add_remote(repository)
    dvc(repository, "push", "--quiet", "data/raw/orders/2020-02.csv.dvc")
    shutil.rmtree(repository / ".dvc/cache")
    origin, files = restore(repository, "strong")
    assert origin.model_from == "rebuilt"
    assert files == expected


def test_model_that_can_not_be_trained_again_says_why(repository):
    params = read_json(repository / "params.yaml")
    params["train"]["estimator"] = "lightgbmm"
    write_json(repository / "params.yaml", params)
    (repository / "dvc.lock").unlink()
    commit(repository, "broken")
    with pytest.raises(NotComparableError, match="training it again failed: ") as caught:
        restore(repository, "broken")
    assert "train.estimator is 'lightgbmm'" in str(caught.value)
    assert len(worktrees(repository)) == 1


def test_revision_without_a_pipeline_has_no_model(repository):
    for name in ("dvc.yaml", "dvc.lock"):
        (repository / name).unlink()
    commit(repository, "empty")
    with pytest.raises(NotComparableError, match=r"it has no dvc\.yaml or no \.dvc, so it has no"):
        restore(repository, "empty")


def test_broken_pipeline_is_not_comparable(repository):
    (repository / "dvc.yaml").write_text("stages: 1\n", encoding="utf-8")
    commit(repository, "invalid")
    with pytest.raises(NotComparableError, match=r"again failed: .*dvc\.yaml"):
        restore(repository, "invalid")


def test_lost_delivery_is_no_reason_to_train_on_less(repository):
    shutil.rmtree(repository / ".dvc/cache")
    with pytest.raises(NotComparableError, match="training it again failed"):
        restore(repository, "strong")


def test_worktree_is_removed_when_something_fails(repository):
    places = []

    def fail():
        with check_out(repository, "HEAD") as folder:
            places.append(folder)
            assert len(worktrees(repository)) == 2
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not places[0].exists()
    assert len(worktrees(repository)) == 1


def test_folder_without_git_is_refused(tmp_path):
    with pytest.raises(ProjectError, match=r"`git for-each-ref` failed in .*not a git repository"):
        find_commit(tmp_path, "main")
