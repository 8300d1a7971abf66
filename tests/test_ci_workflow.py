"""ci.yml and report.yml, run step by step: what each kind of push and pull request gets."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import BakedProject
from fake_github import FakeGitHub
from forge import SIGN_INS, Forge, Run, make_small
from github_tools import Expressions
from storage import KEY, SECRET, serve_s3, serve_ssh
from test_pipeline import in_environment, replace_text
from workflow_runner import Step

pytestmark = pytest.mark.slow
# Git takes this for a name; a shell that evaluates it makes a file.
BRANCH = "$(touch${IFS}pwned)"


class Proposed(NamedTuple):
    """What two pushes to a pull request gave.

    Attributes:
        stale: The first, of a change whose author did not run the pipeline.
        ran: The second, with the results.
        comments: On the pull request, after each.
    """

    stale: Run
    ran: Run
    comments: list[list[str]]


@pytest.fixture(scope="module")
def forge(
    project: BakedProject,
    expressions: Expressions,
    github: FakeGitHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Forge]:
    """A repository with a model of one small tree, which can reach every kind of remote here."""
    forge = Forge(tmp_path_factory.mktemp("forge"), project, expressions, github)
    author = forge.author
    make_small(author)
    replace_text(author, "pyproject.toml", '"dvc~=', '"dvc[s3,ssh]~=')
    author.run("uv", "lock", "--quiet")
    # The project's own tests and most hooks take minutes, and have tests of their own.
    shutil.rmtree(author.path / "tests")
    write_test(author, "assert len('a') == 1")
    keep_last_hook(author.path / ".pre-commit-config.yaml")
    author.commit("Start small")
    yield forge
    # Each run installed its clone's code.
    project.install()


@pytest.fixture(scope="module")
def first(forge: Forge) -> Run:
    """The first push, which fills the cache."""
    return forge.push(only=["pipeline"])


@pytest.fixture(scope="module")
def proposed(forge: Forge, github: FakeGitHub, first: Run) -> Proposed:
    """A pull request with a better model, which is then merged."""
    assert first.status == "success", first.log
    forge.git("switch", "--quiet", "--create", BRANCH)
    replace_text(forge.author, "params.yaml", "n_estimators: 1 ", "n_estimators: 60 ")
    replace_text(forge.author, "params.yaml", "num_leaves: 2", "num_leaves: 7")
    forge.author.commit("Take more trees")
    stale = forge.propose(BRANCH)
    comments = [comment_on(forge, github)]
    # As if the author had run the pipeline, which takes as long as all the rest.
    forge.git("switch", "--quiet", BRANCH)
    for name in ("dvc.lock", "reports", ".dvc/cache"):
        copy_over(stale.jobs["pipeline"].workspace / name, forge.author.path / name)
    shutil.rmtree(forge.author.path / "reports/compare")
    forge.author.commit("Run the pipeline")
    ran = forge.propose(BRANCH)
    comments.append(comment_on(forge, github))
    forge.git("merge", "--quiet", "--ff-only", BRANCH)
    return Proposed(stale, ran, comments)


@pytest.fixture
def merged(forge: Forge, proposed: Proposed) -> Iterator[Forge]:
    """The repository with the better model in main, on a branch to change."""
    assert proposed.ran.status == "success", proposed.ran.log
    forge.git("switch", "--quiet", "--create", "change", "main")
    forge.variables.clear()
    forge.secrets.clear()
    forge.signed_in.clear()
    yield forge
    forge.git("switch", "--quiet", "--force", "main")
    forge.git("branch", "--quiet", "--force", "-D", "change")
    (forge.author.path / ".dvc" / "config.local").unlink(missing_ok=True)


def copy_over(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def write_test(project: BakedProject, line: str) -> None:
    (project.path / "tests").mkdir(exist_ok=True)
    (project.path / "tests" / "test_it.py").write_text(f"def test_it():\n    {line}\n")


def keep_last_hook(path: Path) -> None:
    head, _, hooks = path.read_text(encoding="utf-8").partition("      - id: ")
    path.write_text(f"{head}      - id: {hooks.rpartition('      - id: ')[2]}", encoding="utf-8")


def comment_on(forge: Forge, github: FakeGitHub) -> list[str]:
    """Run report.yml after the last run, and return all comments."""
    run = forge.report_last_proposal()
    assert run.status == "success", run.log
    return [comment["body"] for comment in github.comments]


def sign_in_to_s3(step: Step) -> dict[str, str]:
    step.job.environment |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    return {}


def test_first_push_needs_no_set_up(first: Run, forge: Forge) -> None:
    assert first.status == "success", first.log
    assert "# The goal is met" in first.summary
    assert "Latency: 99 of 100 predictions take" in first.summary
    assert "Compare with the base" not in first.jobs["pipeline"].ran
    assert (first.artifacts / "report" / "verdict.json").exists()
    assert (first.artifacts / "report" / "index.html").exists()
    assert forge.signed_in == []


def test_change_whose_author_ran_nothing_is_run_and_reported(proposed: Proposed) -> None:
    run = proposed.stale
    assert run.states == {"check": "success", "pipeline": "success", "pass": "success"}
    report = run.read("report/compare/report.md")
    assert report.startswith("# The goal is met, and the model is better than that of origin/main")
    assert "**Reproducibility: not known** (the last commit holds no dvc.lock" in report
    # From a clone that holds nothing but two commits.
    assert "it was trained again from the code, settings and data of its revision" in report


def test_better_model_is_reported_in_one_comment(proposed: Proposed) -> None:
    run = proposed.ran
    assert run.states == {"check": "success", "pipeline": "success", "pass": "success"}, run.log
    # All came from the cache of the run before.
    assert "Running stage" not in run.log
    report = run.read("report/compare/report.md")
    assert report.startswith("# The goal is met, and the model is better than that of origin/main")
    assert "**Reproducibility: identical**" in report
    assert "https://github.com/o/r/actions/runs/" in report
    assert run.summary == report
    assert run.read("report/compare/page.html").startswith("<!DOCTYPE html>")
    before, after = proposed.comments
    assert "Reproducibility: not known" in before[0]
    assert "Reproducibility: identical" in after[0]
    assert len(before) == len(after) == 1


def test_worse_model_and_failing_test_block_after_the_report_is_out(merged: Forge) -> None:
    replace_text(merged.author, "params.yaml", "n_estimators: 60 ", "n_estimators: 1 ")
    replace_text(merged.author, "params.yaml", "num_leaves: 7", "num_leaves: 2")
    replace_text(merged.author, "params.yaml", "at_least: 0.50", "at_least: 0.99")
    write_test(merged.author, "assert len('a') == 2")
    merged.author.commit("Save trees, want more, break a test, and forget to run dvc repro")
    run = merged.propose("change")
    assert run.states == {"check": "failure", "pipeline": "failure", "pass": "failure"}
    assert (
        "dvc.lock is out of date: train, evaluate, package would run again" in run.jobs["check"].log
    )
    assert "1 failed" in run.jobs["check"].log
    assert "the model misses its goal" in run.log
    report = run.read("report/compare/report.md")
    assert report.startswith(
        "# The goal is missed, and the model is worse than that of origin/main"
    )
    assert "**Blocked:** the verdict is" in report
    assert "dvc.lock is out of date: run dvc repro and commit" in report
    assert run.summary == report


def test_pipeline_that_fails_is_reported(merged: Forge) -> None:
    january = merged.author.path / "data" / "raw" / "flights" / "2013-01.csv"
    january.write_text(january.read_text().replace(",JFK,", ",XXX,"))
    merged.author.commit("Break the delivery")
    run = merged.propose("change", only=["pipeline"])
    assert run.status == "failure"
    report = run.read("report/compare/report.md")
    assert report.startswith("# The pipeline failed")
    assert "origin must be one of" in report
    assert run.summary == report


def test_s3_remote_is_read_by_those_who_may(merged: Forge, tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    merged.variables |= {"DVC_AWS_ROLE": "arn:aws:iam::1:role/dvc", "DVC_AWS_REGION": "eu-west-1"}
    with serve_s3(tmp_path) as address, pytest.MonkeyPatch.context() as patch:
        author = merged.author
        in_environment(author, "dvc", "remote", "add", "--default", "storage", "s3://bucket/path")
        in_environment(author, "dvc", "remote", "modify", "storage", "endpointurl", address)
        author.commit("Share data")
        in_environment(
            author, "dvc", "push", "--quiet", AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET
        )
        patch.setitem(merged.actions, SIGN_INS[0], sign_in_to_s3)
        own = merged.propose("change", only=["pipeline"])
        fork = merged.propose("change", owner="stranger", only=["pipeline"])
    assert own.status == fork.status == "success", own.log + fork.log
    for run in (own, fork):
        assert "Running stage" not in run.log
        assert "as good as that of origin/main" in run.read("report/compare/report.md")
    report = fork.read("report/compare/report.md")
    assert "The DVC remote storage could not be read here" in report
    assert "could not be read" not in own.read("report/compare/report.md")


def test_ssh_remote_gives_what_was_pushed(merged: Forge, tmp_path: Path) -> None:
    author = merged.author
    with serve_ssh(tmp_path) as server:
        in_environment(author, "dvc", "remote", "add", "--default", "storage", server.url)
        keyfile = ("keyfile", str(server.keyfile))
        in_environment(author, "dvc", "remote", "modify", "--local", "storage", *keyfile)
        author.commit("Share data")
        merged.secrets["DVC_SSH_KEY"] = server.key
        in_environment(author, "dvc", "push", "--quiet")
        shutil.rmtree(merged.folder / "caches")
        found = merged.propose("change", only=["pipeline"])
    assert found.status == "success", found.log
    assert "Running stage" not in found.log


def test_own_pull_request_signs_in_to_each_remote_that_has_variables(merged: Forge) -> None:
    merged.author.run("git", "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    merged.variables |= {"DVC_AWS_ROLE": "role", "DVC_AWS_REGION": "eu-west-1"}
    merged.variables |= {"DVC_GCP_PROVIDER": "provider", "DVC_GCP_ACCOUNT": "a@b"}
    merged.variables |= {"DVC_AZURE_CLIENT": "client", "DVC_AZURE_TENANT": "t"}
    merged.propose("change", only=["pipeline"])
    # Azure lacks its subscription, so its sign-in, the last, fails, and nothing else is run.
    assert merged.signed_in == SIGN_INS


@pytest.mark.parametrize(
    ("results", "status"),
    [
        (["success", "success"], "success"),
        (["success", "failure"], "failure"),
        (["skipped", "success"], "failure"),
        (["success", "cancelled"], "failure"),
    ],
)
def test_pass_passes_only_if_all_did(forge: Forge, results: list[str], status: str) -> None:
    needs = {name: {"result": each} for name, each in zip(("a", "b"), results, strict=True)}
    assert forge.run("ci", {"event_name": "push"}, needs=needs, only=["pass"]).status == status
