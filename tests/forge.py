"""A repository on GitHub, with caches and artifacts, and the machines that run its workflows."""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ROOT, BakedProject
from fake_github import FakeGitHub
from github_tools import Expressions
from test_pipeline import replace_text
from workflow_runner import Action, Job, Step, StepFailed, run_script, run_workflow

SIGN_INS = ["aws-actions/configure-aws-credentials", "google-github-actions/auth", "azure/login"]


class Run(NamedTuple):
    """What a run left.

    Attributes:
        jobs: By name.
        artifacts: The folder with a folder for each artifact.
    """

    jobs: dict[str, Job]
    artifacts: Path

    @property
    def log(self) -> str:
        return "\n".join(f"{name}: {job.status}\n{job.log}" for name, job in self.jobs.items())

    @property
    def summary(self) -> str:
        return "".join(job.summary for job in self.jobs.values())

    @property
    def status(self) -> str:
        return "failure" if "failure" in self.states.values() else "success"

    @property
    def states(self) -> dict[str, str]:
        return {name: job.status for name, job in self.jobs.items()}

    def read(self, name: str) -> str:
        return (self.artifacts / name).read_text(encoding="utf-8")


class Forge:
    """The repository o/r.

    Attributes:
        author: A clone in which commits are made; it is what GitHub has, too.
        environment: What the machines have, besides what a workflow sets.
        actions: What stands for the actions, by name; a test may add more.
        signed_in: The actions by which jobs signed in to a remote.
        variables: Of the repository.
        secrets: Of the repository.
    """

    def __init__(
        self,
        folder: Path,
        project: BakedProject,
        expressions: Expressions,
        api: FakeGitHub,
    ) -> None:
        self.folder = folder
        self.author = project.clone(folder / "author")
        # What a job pushes must not move the author's own files.
        self.git("config", "receive.denyCurrentBranch", "refuse")
        self.environment = project.environment | {
            "NODE_EXTRA_CA_CERTS": str(api.certificate),
            "UV_PROJECT_ENVIRONMENT": str(project.path / ".venv"),
        }
        self.variables: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.signed_in: list[str] = []
        self.actions: dict[str, Action] = {
            "actions/checkout": self._check_out,
            "astral-sh/setup-uv": lambda _: {},
            "actions/cache/restore": self._restore,
            "actions/cache/save": self._save,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
            "actions/github-script": run_script,
            "iterative/setup-cml": set_up_cml,
            **{each: record(each, self.signed_in) for each in SIGN_INS},
        }
        self._api = api
        self._expressions = expressions
        self._runs = 0

    def git(self, *arguments: str) -> str:
        return self.author.run("git", *arguments).stdout.strip()

    def push(self, workflow: str = "ci", **contexts: Any) -> Run:
        """Run a workflow for a push of the author's commit to main."""
        return self.run(workflow, {"event_name": "push"}, **contexts)

    def dispatch(self, workflow: str, **inputs: Any) -> Run:
        """Run a workflow by hand, on the author's commit of main."""
        return self.run(workflow, {"event_name": "workflow_dispatch"}, inputs=inputs)

    def schedule(self, workflow: str) -> Run:
        return self.run(workflow, {"event_name": "schedule"}, inputs={})

    def propose(self, branch: str, owner: str = "o", **contexts: Any) -> Run:
        """Run ci.yml for a pull request of a branch, merged with main as GitHub does."""
        self.git("switch", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch)
        repository = {"id": 1 if owner == "o" else 70, "full_name": f"{owner}/r"}
        self._head = {"ref": branch, "sha": self.git("rev-parse", branch), "repo": repository}
        event = {"pull_request": {"number": 7, "title": "`touch pwned`", "head": self._head}}
        github = {"event_name": "pull_request", "base_ref": "main", "head_ref": branch}
        run = self.run("ci", {**github, "ref_name": "7/merge", "event": event}, **contexts)
        self.git("switch", "--quiet", "main")
        return run

    def report_last_proposal(self) -> Run:
        """Run report.yml after ci.yml ran for a pull request."""
        self._api.pulls[7] = {"number": 7, "head": self._head}
        self._api.artifacts[:] = [{"id": 1, "name": "report", "size_in_bytes": 1000}]
        head = {f"head_{ours}": self._head[key] for ours, key in HEAD}
        event = {"workflow_run": {"id": self._runs, "event": "pull_request", **head}}
        github = {"event_name": "workflow_run", "server_url": self._api.url, "event": event}
        return self.run("report", github)

    def run(self, workflow: str, github: Mapping[str, Any], **contexts: Any) -> Run:
        """Run a workflow of the author's checked-out commit.

        Args:
            workflow: The name of its file, without .yml.
            github: Of the context, what the event decides.
            contexts: `inputs` and others; `only` names the jobs that are run, as others are not
                what a test is about.
        """
        self._runs += 1
        self._last = (workflow, github, contexts)
        return self._attempt(workflow, github, {}, **contexts)

    def run_failed_jobs_again(self, run: Run) -> Run:
        """Run the jobs of the last run that did not succeed, as one can by hand."""
        workflow, github, contexts = self._last
        done = {name: job for name, job in run.jobs.items() if job.status == "success"}
        return self._attempt(workflow, github, done, **contexts)

    def _attempt(
        self, workflow: str, github: Mapping[str, Any], done: Mapping[str, Job], **contexts: Any
    ) -> Run:
        folder, path = self.folder / f"run-{self._runs}", f".github/workflows/{workflow}.yml"
        only = contexts.pop("only", ())
        known: dict[str, Any] = {
            "repository": "o/r",
            "repository_owner": "o",
            "sha": self.git("rev-parse", "HEAD"),
            "ref_name": "main",
            "server_url": "https://github.com",
            "api_url": f"{self._api.url}/api/v3",
            "run_id": self._runs,
            "token": "token",
            "actor": "ann",
            "event": {},
        } | dict(github)
        refs = "heads" if is_branch(known["ref_name"]) else "pull"
        known["ref"] = f"refs/{refs}/{known['ref_name']}"
        known["event"] = {"repository": {"default_branch": "main"}} | known["event"]
        ours = {"inputs": {}, "vars": self.variables, "secrets": self.secrets}
        common = {"github": known, **ours, **contexts}

        def start(name: str, context: dict[str, Any]) -> Job:
            place = folder / f"{len(list(folder.glob('*')))}-{name}"
            workspace = place / "flight-delays"
            environment = self.environment | {"HOME": str(place)}
            context["github"] = known | {"workspace": str(workspace)}
            machine = (workspace, place / "temporary", context, environment)
            return Job(*machine, self.actions, self._expressions)

        jobs = run_workflow(self.author.path / path, common, start, only, done)
        assert not list(folder.rglob("pwned"))
        return Run(jobs, folder / "artifacts")

    def _check_out(self, step: Step) -> dict[str, str]:
        github, target = step.job.context["github"], str(step.job.workspace)
        sha, depth = github["sha"], step.inputs.get("fetch-depth", "1")
        git = ("git", "-C", target)
        self.author.run("git", "init", "--quiet", target)
        self.author.run(*git, "remote", "add", "origin", f"file://{self.author.path}")
        whole = ("--tags", "origin", ALL_BRANCHES)
        extent = whole if depth == "0" else ("--depth", depth, "origin", sha)
        self.author.run(*git, "fetch", "--quiet", *extent)
        branch = ("-B", github["ref_name"]) if is_branch(github["ref_name"]) else ("--detach",)
        self.author.run(*git, "checkout", "--quiet", *branch, sha)
        return {}

    def _restore(self, step: Step) -> dict[str, str]:
        caches = self.folder / "caches"
        found = sorted(caches.glob("*"), key=lambda path: path.stat().st_mtime)
        keys = [step.inputs["key"], *step.inputs.get("restore-keys", "").split()]
        fitting = (path for key in keys for path in reversed(found) if path.name.startswith(key))
        if newest := next(fitting, None):
            shutil.copytree(newest, step.job.workspace / step.inputs["path"])
        hit = "true" if newest and newest.name == keys[0] else "false"
        return {"cache-primary-key": keys[0], "cache-hit": hit}

    def _save(self, step: Step) -> dict[str, str]:
        source, target = step.job.workspace / step.inputs["path"], self.folder / "caches"
        shutil.copytree(source, target / step.inputs["key"])
        # The copy has the age of its source.
        (target / step.inputs["key"]).touch()
        return {}

    def _artifact(self, step: Step) -> Path:
        run = step.inputs.get("run-id", step.job.context["github"]["run_id"])
        return self.folder / f"run-{run}" / "artifacts" / step.inputs["name"]

    def _upload(self, step: Step) -> dict[str, str]:
        paths, target = step.inputs["path"].split(), self._artifact(step)
        for path in paths:
            source = step.job.workspace / path
            # Of several, the folders below the one that holds all are kept.
            place = target / path if len(paths) > 1 else target
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                folder = place.parent if len(paths) > 1 else place
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder)
        return {}

    def _download(self, step: Step) -> dict[str, str]:
        target = step.job.workspace / step.inputs.get("path", ".")
        shutil.copytree(self._artifact(step), target, dirs_exist_ok=True)
        return {}


SMALL = {
    "n_estimators: 1000": "n_estimators: 1",
    "early_stopping_rounds: 50": "early_stopping_rounds: 2",
    "num_leaves: 7": "num_leaves: 2",
    "learning_rate: 0.03": "learning_rate: 0.1",
    "resamples: 1000": "resamples: 200",
    "roc_auc, at_least: 0.60": "roc_auc, at_least: 0.50",
    "at_least: 0.55": "at_least: 0.40",
}
HEAD = (("sha", "sha"), ("branch", "ref"), ("repository", "repo"))
ALL_BRANCHES = "+refs/heads/*:refs/remotes/origin/*"


def make_small(project: BakedProject) -> None:
    """Set a model of one small tree, which is trained and judged at once."""
    for old, new in SMALL.items():
        replace_text(project, "params.yaml", old, new)


def set_up_cml(step: Step) -> dict[str, str]:
    """Put the real CML where setup-cml puts it."""
    found = shutil.which("cml") or shutil.which(ROOT / "build" / "cml" / "bin" / "cml.js")
    if not found:
        pytest.skip("CML is not installed: npm's package @dvcorg/cml gives it")
    folder = step.job.temporary / "bin"
    folder.mkdir()
    (folder / "cml").symlink_to(found)
    step.job.environment["PATH"] = f"{folder}:{step.job.environment['PATH']}"
    return {}


def is_branch(name: str) -> bool:
    return not re.fullmatch(r"\d+/merge", name)


def record(name: str, signed_in: list[str]) -> Callable[[Step], dict[str, str]]:
    def sign_in(step: Step) -> dict[str, str]:
        signed_in.append(name)
        if not all(step.inputs.values()):
            raise StepFailed(f"an input of {name} is empty")
        return {}

    return sign_in
