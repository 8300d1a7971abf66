"""ci.yml, run step by step in fresh clones: what each kind of push and pull request gets of it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import BakedProject
from github_tools import Expressions, install_node_tools
from test_pipeline import replace_text, repro
from workflow_runner import Job, Step, StepFailed, read_yaml

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workflows")]
FAST = {
    "n_estimators: 1000": "n_estimators: 1",
    "early_stopping_rounds: 50": "early_stopping_rounds: 2",
    "num_leaves: 7": "num_leaves: 2",
    "learning_rate: 0.03": "learning_rate: 0.1",
    "resamples: 1000": "resamples: 200",
    "roc_auc, at_least: 0.60": "roc_auc, at_least: 0.50",
    "at_least: 0.55": "at_least: 0.40",
}
# Git takes this for a name; a shell that evaluates it makes a file.
BRANCH = "$(touch${IFS}pwned)"
VARIABLES = {
    "DVC_AWS_ROLE": "arn:aws:iam::1:role/dvc",
    "DVC_GCP_PROVIDER": "provider",
    "DVC_AZURE_CLIENT": "client",
}
SIGN_INS = ["aws-actions/configure-aws-credentials", "google-github-actions/auth", "azure/login"]


UP_TO_REPRODUCE = 4


class Outcome(NamedTuple):
    """What a job left.

    Attributes:
        job: The job.
        artifact: The folder of what it uploaded.
        signed_in: The actions by which it signed in to a remote.
    """

    job: Job
    artifact: Path
    signed_in: list[str]

    def read(self, name: str) -> str:
        return (self.artifact / name).read_text(encoding="utf-8")


class Forge:
    """A repository on GitHub, with its caches, and the machines that run its jobs."""

    def __init__(self, folder: Path, project: BakedProject, expressions: Expressions) -> None:
        self.folder = folder
        self.author = project.clone(folder / "author")
        self._environment = project.environment | {
            "UV_PROJECT_ENVIRONMENT": str(project.path / ".venv")
        }
        self._expressions = expressions
        self._runs = 0

    def git(self, *arguments: str) -> str:
        return self.author.run("git", *arguments).stdout.strip()

    def push(self, job: str, steps: int | None = None) -> Outcome:
        """Run a job for a push of the author's commit to main."""
        return self._run(job, {"event_name": "push", "ref_name": "main", "event": {}}, steps)

    def propose(
        self, job: str, branch: str, owner: str = "o", steps: int | None = None, **more: Any
    ) -> Outcome:
        """Run a job for a pull request of a branch, merged with main as GitHub does."""
        self.git("switch", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch)
        head = {"ref": branch, "repo": {"full_name": f"{owner}/r"}}
        event = {"pull_request": {"number": 7, "title": "`touch pwned`", "head": head}}
        github = {"event_name": "pull_request", "base_ref": "main", "head_ref": branch}
        outcome = self._run(job, {**github, "event": event}, steps, **more)
        self.git("switch", "--quiet", "main")
        return outcome

    def _run(self, name: str, github: Any, steps: int | None, **contexts: Any) -> Outcome:
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        known = {
            "repository": "o/r",
            "sha": self.git("rev-parse", "HEAD"),
            "server_url": "https://github.com",
            "api_url": "https://127.0.0.1:1",
            "run_id": 5,
        }
        context = {"github": known | github, "vars": {}, "secrets": {}, **contexts}
        signed_in: list[str] = []
        actions = {
            "actions/checkout": self._check_out,
            "astral-sh/setup-uv": lambda _: {},
            "actions/cache/restore": self._restore,
            "actions/cache/save": self._save,
            "actions/upload-artifact": lambda step: upload(step, folder / "artifact"),
            **{each: record(each, signed_in) for each in SIGN_INS},
        }
        job = Job(
            *(folder / "flight-delays", folder / "temporary", context),
            *(self._environment, actions, self._expressions),
        )
        definition = read_yaml(self.author.path / ".github/workflows/ci.yml")["jobs"][name]
        job.run(definition | {"steps": definition["steps"][:steps]})
        assert not list(folder.rglob("pwned"))
        return Outcome(job, folder / "artifact", signed_in)

    def _check_out(self, step: Step) -> dict[str, str]:
        depth, target = step.inputs.get("fetch-depth", "1"), str(step.job.workspace)
        sha = self.git("rev-parse", "HEAD")
        self.author.run("git", "init", "--quiet", target)
        address = f"file://{self.author.path}"
        fetch = ("fetch", "--quiet", "--depth", depth, address, sha)
        self.author.run("git", "-C", target, *fetch)
        self.author.run("git", "-C", target, "checkout", "--quiet", "--detach", sha)
        return {}

    def _restore(self, step: Step) -> dict[str, str]:
        caches = self.folder / "caches"
        found = sorted(caches.glob("*"), key=lambda path: path.stat().st_mtime)
        prefix = step.inputs["restore-keys"].strip()
        fitting = [path for path in found if path.name.startswith(prefix)]
        exact = caches / step.inputs["key"]
        if exact.exists() or fitting:
            newest = exact if exact.exists() else fitting[-1]
            shutil.copytree(newest, step.job.workspace / step.inputs["path"])
        hit = "true" if exact.exists() else "false"
        return {"cache-primary-key": step.inputs["key"], "cache-hit": hit}

    def _save(self, step: Step) -> dict[str, str]:
        source = step.job.workspace / step.inputs["path"]
        shutil.copytree(source, self.folder / "caches" / step.inputs["key"])
        return {}


def upload(step: Step, target: Path) -> dict[str, str]:
    assert step.inputs["name"] == "report"
    shutil.copytree(step.job.workspace / step.inputs["path"], target)
    return {}


def record(name: str, signed_in: list[str]) -> Callable[[Step], dict[str, str]]:
    def sign_in(step: Step) -> dict[str, str]:
        signed_in.append(name)
        if not all(step.inputs.values()):
            raise StepFailed(f"an input of {name} is empty")
        return {}

    return sign_in


@pytest.fixture(scope="module")
def forge(
    project: BakedProject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Forge, Outcome]]:
    """A repository whose first push, of a model of one small tree, is through."""
    install_node_tools()
    with Expressions() as expressions:
        forge = Forge(tmp_path_factory.mktemp("forge"), project, expressions)
        author = forge.author
        for old, new in FAST.items():
            replace_text(author, "params.yaml", old, new)
        # The project's own tests and most hooks take minutes, and have tests of their own.
        shutil.rmtree(author.path / "tests")
        write_test(author, "assert len('a') == 1")
        keep_last_hook(author.path / ".pre-commit-config.yaml")
        author.commit("Start small")
        yield forge, forge.push("pipeline")
    # Each run installed its clone's code.
    project.run("uv", "sync", "--quiet", "--frozen")


@pytest.fixture(scope="module")
def better(forge: tuple[Forge, Outcome]) -> Outcome:
    """A pull request with a better model, whose author ran `dvc repro`; it is then merged."""
    github, _ = forge
    github.git("switch", "--quiet", "--create", BRANCH)
    replace_text(github.author, "params.yaml", "n_estimators: 1 ", "n_estimators: 60 ")
    replace_text(github.author, "params.yaml", "num_leaves: 2", "num_leaves: 7")
    repro(github.author)
    github.author.commit("Take more trees")
    outcome = github.propose("pipeline", BRANCH)
    github.git("merge", "--quiet", "--ff-only", BRANCH)
    return outcome


@pytest.fixture
def merged(forge: tuple[Forge, Outcome], better: Outcome) -> Iterator[Forge]:
    """The repository with the better model in main, on a branch to change."""
    assert better.job.status == "success", better.job.log
    github, _ = forge
    github.git("switch", "--quiet", "--create", "change", "main")
    yield github
    github.git("switch", "--quiet", "--force", "main")
    github.git("branch", "--quiet", "--force", "-D", "change")


def write_test(project: BakedProject, line: str) -> None:
    (project.path / "tests").mkdir(exist_ok=True)
    (project.path / "tests" / "test_it.py").write_text(f"def test_it():\n    {line}\n")


def keep_last_hook(path: Path) -> None:
    head, _, hooks = path.read_text(encoding="utf-8").partition("      - id: ")
    path.write_text(f"{head}      - id: {hooks.rpartition('      - id: ')[2]}", encoding="utf-8")


def test_first_push_needs_no_set_up(forge: tuple[Forge, Outcome]) -> None:
    job, artifact, signed_in = forge[1]
    assert job.status == "success", job.log
    assert "# The goal is met" in job.summary
    assert "Compare with the base" not in job.ran
    assert json.loads((artifact / "verdict.json").read_text())["goal_met"]
    assert (artifact / "index.html").exists()
    assert signed_in == []


def test_better_model_is_reported(better: Outcome) -> None:
    assert better.job.status == "success", better.job.log
    report = better.read("compare/report.md")
    assert report.startswith("# The goal is met, and the model is better than that of origin/main")
    assert "**Reproducibility: identical**" in report
    assert "https://github.com/o/r/actions/runs/5" in report
    assert better.job.summary == report
    assert better.read("compare/pull_request.txt") == "7\n"
    assert better.read("compare/page.html").startswith("<!DOCTYPE html>")


def test_worse_model_that_misses_its_goal_blocks_after_its_report_is_out(merged: Forge) -> None:
    replace_text(merged.author, "params.yaml", "n_estimators: 60 ", "n_estimators: 1 ")
    replace_text(merged.author, "params.yaml", "num_leaves: 7", "num_leaves: 2")
    replace_text(merged.author, "params.yaml", "at_least: 0.50", "at_least: 0.99")
    merged.author.commit("Save trees, want more, and forget to run dvc repro")
    outcome = merged.propose("pipeline", "change")
    assert outcome.job.status == "failure"
    assert "the model misses its goal" in outcome.job.log
    report = outcome.read("compare/report.md")
    assert report.startswith(
        "# The goal is missed, and the model is worse than that of origin/main"
    )
    assert "**Blocked:** the verdict is" in report
    assert "dvc.lock is out of date: run dvc repro and commit" in report
    assert outcome.job.summary == report


def test_pipeline_that_fails_is_reported(merged: Forge) -> None:
    january = merged.author.path / "data" / "raw" / "flights" / "2013-01.csv"
    january.write_text(january.read_text().replace(",JFK,", ",XXX,"))
    merged.author.commit("Break the delivery")
    outcome = merged.propose("pipeline", "change")
    assert outcome.job.status == "failure"
    report = outcome.read("compare/report.md")
    assert report.startswith("# The pipeline failed")
    assert "origin must be one of" in report
    assert outcome.job.summary == report


def test_fork_is_told_what_it_cannot_read(merged: Forge) -> None:
    dvc = ("uv", "run", "--no-sync", "dvc")
    merged.author.run(*dvc, "remote", "add", "--default", "storage", "s3://bucket/path")
    merged.author.commit("Share data")
    outcome = merged.propose("pipeline", "change", owner="stranger", vars=VARIABLES)
    assert outcome.job.status == "success", outcome.job.log
    assert outcome.signed_in == []
    report = outcome.read("compare/report.md")
    assert "The DVC remote storage could not be read here" in report
    assert "as good as that of origin/main" in report


@pytest.mark.parametrize("is_pushed", [True, False])
def test_remote_gives_what_was_pushed_and_misses_what_was_not(
    merged: Forge, is_pushed: bool
) -> None:
    storage = merged.folder / f"storage-{is_pushed}"
    storage.mkdir()
    dvc = ("uv", "run", "--no-sync", "dvc")
    merged.author.run(*dvc, "remote", "add", "--default", "storage", str(storage))
    merged.author.commit("Share data")
    if is_pushed:
        merged.author.run(*dvc, "push", "--quiet")
    job = merged.propose("pipeline", "change", steps=UP_TO_REPRODUCE).job
    if is_pushed:
        assert job.status == "success", job.log
        assert "Running stage" not in job.log
        assert (job.workspace / "models" / "estimator").exists()
    else:
        assert job.status == "failure"
        assert "the DVC remote storage lacks data/features/" in job.log
        assert "run `uv run dvc push`, then start this again" in job.log


def test_own_pull_request_signs_in_to_each_remote_that_has_variables(merged: Forge) -> None:
    merged.author.run("git", "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    region = {"DVC_AWS_REGION": "eu-west-1", "DVC_GCP_ACCOUNT": "a@b"}
    azure = {"DVC_AZURE_TENANT": "t", "DVC_AZURE_SUBSCRIPTION": "s"}
    outcome = merged.propose("pipeline", "change", steps=2, vars=VARIABLES | region | azure)
    assert outcome.job.status == "success", outcome.job.log
    assert outcome.signed_in == SIGN_INS


def test_failing_test_and_stale_lock_fail_the_check(merged: Forge) -> None:
    replace_text(merged.author, "params.yaml", "resamples: 200", "resamples: 300")
    write_test(merged.author, 'assert len("a") == 2')
    merged.author.commit("Break a test")
    job = merged.propose("check", "change").job
    assert job.status == "failure"
    assert "dvc.lock is out of date: evaluate would run again" in job.log
    assert "1 failed" in job.log


@pytest.mark.parametrize(
    ("results", "status"),
    [
        (["success", "success"], "success"),
        (["success", "failure"], "failure"),
        (["skipped", "success"], "failure"),
        (["success", "cancelled"], "failure"),
    ],
)
def test_pass_passes_only_if_all_did(
    forge: tuple[Forge, Outcome], results: list[str], status: str
) -> None:
    needs = {name: {"result": each} for name, each in zip(("a", "b"), results, strict=True)}
    github, _ = forge
    assert github.propose("pass", "main", needs=needs).job.status == status
