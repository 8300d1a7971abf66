"""retrain.yml, run step by step: what comes of new data, of none, of drift and of failures."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import TEMPLATE_FOLDER, BakedProject
from fake_github import BOT, FakeGitHub
from forge import Forge, Run
from github_tools import Expressions
from storage import SshServer, serve_ssh
from test_pipeline import in_environment, replace_text
from workflow_runner import Step, StepFailed, read_yaml

pytestmark = pytest.mark.slow
WORKFLOW = TEMPLATE_FOLDER / ".github/workflows/retrain.yml"
FLIGHTS = TEMPLATE_FOLDER / "data/raw/flights"
APRIL = TEMPLATE_FOLDER / "data/incoming/2013-04.csv"
PRODUCTION = ("model@v1.0.0", "model#prod#1")
ALL = {"train": "success", "propose": "success", "issue": "success", "pass": "success"}
NO_PROPOSAL = ALL | {"propose": "skipped"}
RESULTS = {
    f"reports/{name}" for name in ("details.json", "metrics.json", "model_card.md", "verdict.json")
}
FAILED = {"train": "failure", "propose": "skipped", "issue": "success", "pass": "failure"}


@pytest.fixture(scope="module")
def forge(
    project: BakedProject,
    trained: BakedProject,
    expressions: Expressions,
    github: FakeGitHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Forge]:
    """A repository with a trained model, whose deliveries arrive in a folder outside of it."""
    forge = Forge(tmp_path_factory.mktemp("forge"), project, expressions, github)
    forge.git("pull", "--quiet", "--ff-only", str(trained.path), "main")
    shutil.copytree(trained.path / ".dvc/cache", forge.folder / "caches/dvc-Linux-")
    shutil.copytree(FLIGHTS, forge.folder / "arrivals")
    url = (forge.folder / "arrivals").as_uri()
    replace_text(forge.author, "params.yaml", "_url: null", f"_url: {url}/*")
    forge.author.commit("Say where deliveries arrive")
    forge.actions["peter-evans/create-pull-request"] = partial(propose, forge, github)
    yield forge
    # Each run installed its clone's code.
    project.install()


def propose(forge: Forge, github: FakeGitHub, step: Step) -> dict[str, str]:
    """Stand for create-pull-request: one commit on the branch, one pull request of it."""
    if github.refuses:
        raise StepFailed("GitHub Actions is not permitted to create or approve pull requests.")
    workspace, branch = step.job.workspace, step.inputs["branch"]
    git = ("git", "-C", str(workspace))
    forge.author.run(*git, "add", "--", *step.inputs["add-paths"].split())
    forge.author.run(*git, "commit", "--quiet", "--message", step.inputs["commit-message"])
    forge.author.run(*git, "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
    number = next((key for key, each in github.pulls.items() if each["head"] == branch), 1)
    body = (workspace / step.inputs["body-path"]).read_text(encoding="utf-8")
    assert len(body) < 65_536
    github.pulls[number] = {"head": branch, "title": step.inputs["title"], "body": body}
    return {"pull-request-number": str(number)}


def deliver(forge: Forge, name: str, content: bytes) -> Path:
    path = forge.folder / "arrivals" / name
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def remote(trained: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """A DVC remote that holds what is in main."""
    folder = tmp_path_factory.mktemp("remote")
    with serve_ssh(folder) as server:
        shutil.copytree(trained.path / ".dvc/cache/files", folder / "storage/files")
        yield server


def share(forge: Forge, remote: SshServer) -> None:
    in_environment(forge.author, "dvc", "remote", "add", "--default", "storage", remote.url)
    replace_text(forge.author, "pyproject.toml", '"dvc~=', '"dvc[ssh]~=')
    forge.author.run("uv", "lock", "--quiet")
    forge.author.commit("Share the data")
    forge.secrets |= {"DVC_SSH_KEY": "may only read", "DVC_SSH_PUSH_KEY": remote.key}


@pytest.fixture(scope="module")
def new_data(forge: Forge, remote: SshServer) -> Run:
    """The run that finds a delivery that is not in main, while there is a DVC remote."""
    april = deliver(forge, APRIL.name, APRIL.read_bytes())
    share(forge, remote)
    run = forge.dispatch("retrain", force=False, window="21D")
    april.unlink()
    forge.secrets.clear()
    # All others do without, which is faster.
    forge.git("revert", "--no-edit", "HEAD")
    assert run.states == ALL, run.log
    return run


def changed_files(forge: Forge) -> set[str]:
    return {*forge.git("diff", "--name-only", "main...retrain").splitlines()}


def test_new_data_are_proposed(forge: Forge, github: FakeGitHub, new_data: Run) -> None:
    assert changed_files(forge) == RESULTS | {"data/raw/flights/2013-04.csv", "dvc.lock"}
    assert forge.git("rev-list", "--count", "main..retrain") == "1"
    assert "4 found, 1 new" in new_data.summary
    body = github.pulls[1]["body"]
    assert body.startswith("# The goal is met, and the model is better than that of origin/main")
    assert "rows of data: 5,783 → 7,744" in body
    assert "*Approve workflows to run*" in body
    assert body.splitlines()[0] in new_data.summary
    assert (new_data.artifacts / "report/compare/page.html").exists()
    assert github.issues == []


def test_new_model_is_in_the_remote(
    forge: Forge, remote: SshServer, trained: BakedProject, new_data: Run, tmp_path: Path
) -> None:
    assert "lacks" not in new_data.summary
    clone = forge.author.clone(tmp_path / "clone")
    clone.run("git", "switch", "--quiet", "retrain")
    clone.run("uv", "sync", "--quiet", "--locked")
    keyfile = ("keyfile", str(remote.keyfile))
    in_environment(clone, "dvc", "remote", "modify", "--local", "storage", *keyfile)
    in_environment(clone, "dvc", "pull", "--quiet")
    old, new = ({path.name for path in (each.path / "dist").iterdir()} for each in (trained, clone))
    assert len(new - old) == 1


def test_drift_of_new_data_is_told(github: FakeGitHub, new_data: Run) -> None:
    line = "drift: temp 5.26 (over 4.3 in 3 of 3 windows), 2013-04-15 to 2013-05-01"
    assert line in new_data.summary
    assert line in github.pulls[1]["body"]


def test_nothing_new_opens_nothing(forge: Forge, github: FakeGitHub, new_data: Run) -> None:
    before = forge.git("rev-parse", "retrain")
    run = forge.schedule("retrain")
    assert run.states == NO_PROPOSAL, run.log
    assert "3 found, 0 new" in run.summary
    assert "Neither new data nor drift" in run.summary
    assert "Reproduce" not in run.jobs["train"].ran
    assert forge.git("rev-parse", "retrain") == before
    assert "1 new" in new_data.summary
    assert github.issues == []


def test_forced_run_whose_pipeline_fails_is_reported(forge: Forge, new_data: Run) -> None:
    replace_text(forge.author, "params.yaml", "quarantined_share: 0.10", "quarantined_share: 0.01")
    forge.author.commit("Be strict")
    run = forge.dispatch("retrain", force=True, window="")
    forge.git("reset", "--quiet", "--hard", "HEAD~1")
    assert run.states == FAILED, run.log
    assert "# The pipeline failed" in run.summary
    assert "above prepare.max\\_quarantined\\_share of 1.0%" in run.summary
    assert new_data.status == "success"


def test_drift_in_the_log_updates_the_pull_request_also_with_a_bad_model(
    forge: Forge, trained: BakedProject, github: FakeGitHub, new_data: Run
) -> None:
    log = forge.folder / "log.db"
    forge.secrets["PREDICTION_LOG"] = f"sqlite:///{log}"
    write_log(log, pd.read_parquet(trained.path / "data/prepared/test.parquet"))
    for tag in PRODUCTION:
        forge.git("tag", "--annotate", "--message", "In production", tag)
    replace_text(forge.author, "params.yaml", "roc_auc, at_least: 0.60", "roc_auc, at_least: 0.99")
    forge.author.commit("Want more, and forget to run dvc repro")
    run = forge.schedule("retrain")
    forge.secrets.clear()
    assert run.states == ALL, run.log
    assert "3 found, 0 new" in run.summary
    assert "drift: distance " in run.summary
    assert changed_files(forge) < RESULTS | {"dvc.lock"}
    assert [issue for issue in github.issues if issue["state"] == "open"] == []
    assert [*github.pulls] == [1]
    body = github.pulls[1]["body"]
    assert body.startswith("# The goal is missed, and the model is as good as that of model@")
    assert "**Blocked:** " in body
    assert body.splitlines()[0] not in new_data.summary


def write_log(path: Path, rows: pd.DataFrame) -> None:
    """Log rows as the service does, of flights that all go far."""
    far = rows.assign(distance=2500.0).drop(columns="target")
    texts = [
        json.dumps(row) for row in json.loads(far.to_json(orient="records", date_format="iso"))
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        columns = "time, input, fault, class, number, probability"
        connection.execute(f"CREATE TABLE predictions ({columns})")
        values = [("2013-04-01", text, None, None, None, 0.5) for text in texts]
        connection.executemany("INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?)", values)


def test_log_that_can_not_be_read_is_not_taken_for_no_drift(forge: Forge, tmp_path: Path) -> None:
    forge.secrets["PREDICTION_LOG"] = f"sqlite:///{tmp_path}/absent.db"
    run = forge.schedule("retrain")
    forge.secrets.clear()
    assert run.states == FAILED, run.log
    assert "Neither new data nor drift" not in run.summary


def test_delivery_with_a_hostile_name_fails_and_opens_an_issue(
    forge: Forge, github: FakeGitHub
) -> None:
    hostile = deliver(forge, "$(touch pwned) @org::set-output.csv", b"x")
    github.issues.clear()
    github.jobs[:] = [job("train", "Ingest new deliveries")]
    run = forge.schedule("retrain")
    hostile.unlink()
    assert run.states == FAILED, run.log
    assert "can't be a file's name here" in run.log
    (issue,) = github.issues
    assert "failed at **train: Ingest new deliveries**" in issue["body"]
    assert "https://github.com/o/r/actions/runs/" in issue["body"]
    assert "@org" not in issue["body"]


def job(name: str, failed: str) -> dict[str, Any]:
    steps = {"Check out": "success", failed: "failure", "Report": "skipped"}
    return {"name": name, "steps": [{"name": n, "conclusion": c} for n, c in steps.items()]}


def tell(forge: Forge, train: str, propose: str) -> Run:
    needs = {"train": {"result": train}, "propose": {"result": propose}}
    return forge.run("retrain", {"event_name": "schedule"}, needs=needs, only=["issue", "pass"])


def test_only_one_issue_is_open_and_a_success_closes_it(forge: Forge, github: FakeGitHub) -> None:
    marked = {"body": "<!-- by retrain.yml -->", "state": "open", "user": {"login": "stranger"}}
    github.issues[:] = [marked | {"number": 100}]
    github.jobs[:] = [job("propose", "Open or update the pull request")]
    github.comments.clear()
    for _ in range(2):
        assert tell(forge, "success", "failure").states == {"issue": "success", "pass": "failure"}
    stranger, issue = github.issues
    assert "not permitted to create pull requests" in issue["body"]
    assert [comment["issue"] for comment in github.comments] == [101]
    assert tell(forge, "cancelled", "skipped").states["pass"] == "failure"
    assert len(github.issues) == 2
    for _ in range(2):
        assert tell(forge, "success", "skipped").states == {"issue": "success", "pass": "success"}
    assert [each["state"] for each in (stranger, issue)] == ["open", "closed"]
    assert len(github.comments) == 3
    assert tell(forge, "failure", "skipped").states["issue"] == "success"
    assert [each["state"] for each in github.issues] == ["open", "closed", "open"]
    assert all(each["user"] == BOT for each in github.issues[1:])


def test_job_that_reads_deliveries_may_not_write_here() -> None:
    jobs = read_yaml(WORKFLOW)["jobs"]
    assert jobs["train"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert jobs["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    used = {step.get("uses", "").partition("@")[0] for step in jobs["propose"]["steps"]}
    assert "./.github/actions/setup" not in used
    assert [*jobs["issue"]["permissions"]] == ["actions", "issues"]
