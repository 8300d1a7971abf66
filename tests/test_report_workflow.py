"""report.yml posts one comment by the real CML, whatever a stranger's run left for it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import TEMPLATE_FOLDER
from fake_github import FakeGitHub
from forge import set_up_cml
from github_tools import Expressions
from workflow_runner import Action, Job, Step, StepFailed, read_yaml, run_script

pytestmark = pytest.mark.slow
WORKFLOW = TEMPLATE_FOLDER / ".github" / "workflows" / "report.yml"
BRANCH = "$(touch${IFS}pwned)"
SHA = "1" * 40
REPORT = "# The goal is met\n\n<details>\n<summary>Curves</summary>\n\na < b\n\n</details>\n"
MARK = '![](https://cml.dev/watermark.png#{} "CML watermark model-report")'
STRANGER = {"login": "stranger", "type": "User"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Pull request 7, from a fork, and 8, by somebody else."""
    with FakeGitHub(tmp_path) as fake:
        fake.artifacts.append({"id": 1, "name": "report", "size_in_bytes": 1000})
        head = {"ref": BRANCH, "sha": SHA, "repo": {"id": 70}}
        fake.pulls[7] = {"number": 7, "title": "`touch pwned`", "head": head}
        fake.pulls[8] = {"number": 8, "title": "Other", "head": {**head, "repo": {"id": 1}}}
        yield fake


def fail(_: Step) -> dict[str, str]:
    raise StepFailed("the action can't be had")


Post = Callable[..., Job]


@pytest.fixture
def post(
    tmp_path: Path, github: FakeGitHub, scratch: dict[str, str], expressions: Expressions
) -> Post:
    """Run report.yml after a run that left these files."""
    runs = 0

    def post_report(
        report: bytes | str = REPORT,
        number: str = "7\n",
        branch: str = BRANCH,
        cml: Action = set_up_cml,
    ) -> Job:
        nonlocal runs
        runs += 1
        folder = tmp_path / f"run-{runs}"
        content = report.encode() if isinstance(report, str) else report

        def download(step: Step) -> dict[str, str]:
            assert step.inputs["run-id"] == "5"
            target = step.job.workspace / step.inputs["path"] / "compare"
            target.mkdir(parents=True)
            (target / "report.md").write_bytes(content)
            (target / "pull_request.txt").write_text(number)
            return {}

        actions = {
            "actions/github-script": run_script,
            "actions/download-artifact": download,
            "iterative/setup-cml": cml,
        }
        workspace = folder / "workspace"
        head = {"head_sha": SHA, "head_branch": branch, "head_repository": {"id": 70}}
        run = {"id": 5, "event": "pull_request", "pull_requests": [], **head}
        event = {"workflow_run": run}
        environment = scratch | {
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
            "NODE_EXTRA_CA_CERTS": str(github.certificate),
            "NO_PROXY": "127.0.0.1",
        }
        context = {"github": make_github_context(github, event, workspace)}
        job = Job(workspace, folder / "temporary", context, environment, actions, expressions)
        job.run(read_yaml(WORKFLOW)["jobs"]["comment"])
        assert not list(tmp_path.rglob("pwned"))
        return job

    return post_report


def make_github_context(github: FakeGitHub, event: Any, workspace: Path) -> dict[str, Any]:
    return {
        "repository": "o/r",
        "sha": "2" * 40,
        "ref": "refs/heads/main",
        "server_url": github.url,
        "api_url": f"{github.url}/api/v3",
        "run_id": 6,
        "event_name": "workflow_run",
        "event": event,
        "token": "token",
        "workspace": str(workspace),
    }


def bodies(github: FakeGitHub, number: int = 7) -> list[str]:
    return [each["body"] for each in github.comments if each["issue"] == number]


def test_first_run_comments_and_the_second_updates_that(post: Post, github: FakeGitHub) -> None:
    job = post()
    assert job.status == "success", job.log
    assert "Comment by CML" in job.ran
    assert "Comment by the API" not in job.ran
    (body,) = bodies(github)
    assert body.startswith(REPORT.replace("a < b", "a &lt; b"))
    assert post("# Better\n").status == "success"
    (body,) = bodies(github)
    assert body == f"# Better\n\n\n{MARK.format('2' * 40)}"


def test_comment_is_updated_when_35_others_lie_between(post: Post, github: FakeGitHub) -> None:
    for number in range(35):
        github.add_comment(7, f"comment {number}", STRANGER)
    for text in ("# First\n", "# Second\n"):
        assert post(text).status == "success"
    assert len(github.comments) == 36
    assert github.comments[-1]["body"].startswith("# Second\n")


@pytest.mark.parametrize("first", [fail, set_up_cml])
def test_without_cml_it_is_the_same_comment(post: Post, github: FakeGitHub, first: Action) -> None:
    second = set_up_cml if first is fail else fail
    assert post("# First\n", cml=first).status == "success"
    assert post("# Second\n", cml=second).status == "success"
    assert bodies(github) == [f"# Second\n\n\n{MARK.format('2' * 40)}"]


def test_comment_of_somebody_else_with_the_watermark_is_left_alone(
    post: Post, github: FakeGitHub
) -> None:
    theirs = f"Look: {MARK.format('3' * 40)}"
    github.add_comment(7, theirs, STRANGER)
    assert post().status == "success"
    assert post().status == "success"
    assert bodies(github)[0] == theirs
    assert len(bodies(github)) == 2


@pytest.mark.parametrize("trouble", ["is_down", "refuses"])
def test_api_that_is_down_or_refuses_leaves_a_warning(
    post: Post, github: FakeGitHub, trouble: str
) -> None:
    setattr(github, trouble, True)
    job = post("::add-mask::secret\n")
    assert job.status == "success"
    assert "::warning::" in job.log
    assert "the report is in the run's summary" in job.log
    assert "\n::add-mask" not in job.log
    assert github.comments == []


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"number": "8\n"}, "not one of the pull request"),
        ({"branch": "other"}, "not one of the pull request"),
        ({"number": "7; touch pwned"}, "pull_request.txt is no number"),
        ({"number": "\n::add-mask::7"}, "pull_request.txt is no number"),
        ({"number": "7" * 50}, "pull_request.txt has over 20 bytes"),
        ({"report": "x" * 5_000_000}, "report.md has over 60000 bytes"),
        ({"report": "<" * 59_000}, "too long for a comment"),
        ({"report": b"\xff\xfe::set-output name=x::y"}, "report.md is not UTF-8"),
    ],
)
def test_foreign_or_broken_artifact_posts_nothing(
    post: Post, github: FakeGitHub, left: dict[str, Any], said: str
) -> None:
    job = post(**left)
    assert job.status == "failure"
    assert said in job.log
    assert "\n::add-mask" not in job.log
    assert github.changes == []


def test_huge_artifact_is_not_even_fetched(post: Post, github: FakeGitHub) -> None:
    github.artifacts[0]["size_in_bytes"] = 30_000_000
    job = post()
    assert job.status == "failure"
    assert "Get the report" not in job.ran


@pytest.mark.parametrize("change", ["newer commit", "no report"])
def test_run_without_a_report_or_with_an_old_one_posts_nothing(
    post: Post, github: FakeGitHub, change: str
) -> None:
    if change == "no report":
        github.artifacts.clear()
    else:
        github.pulls[7]["head"]["sha"] = "9" * 40
    assert post().status == "success"
    assert github.changes == []


ATTACK = """# Hello @org/team and &#64;org and &commat;org, see #12, GH-13, o/r#14

<img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(1)</script>
![](https://evil.example/y.png) <!-- <details open> --> <h1>Approved</h1>
https://github.com/o/r/issues/15 <https://github.com/o/r/pull/16>
::set-output name=number::8
::add-mask::secret
`$(touch pwned)` $(touch pwned)
"""


def test_markdown_of_a_stranger_is_made_harmless(post: Post, github: FakeGitHub) -> None:
    job = post(ATTACK)
    assert job.status == "success"
    assert "::set-output" not in job.log
    assert "::add-mask" not in job.log
    text = bodies(github)[0].partition("![](https://cml.dev/")[0]
    for mark in ("@org", "&#64;", "&commat;", "#12", "GH-13", "#14", "/issues/15", "/pull/16"):
        assert mark not in text
    for tag in ("<img", "<script", "<h1", "<details open", "!["):
        assert tag not in text
    assert bodies(github, 8) == []


def test_what_our_own_reports_hold_is_kept(post: Post, github: FakeGitHub) -> None:
    ours = (
        "# The goal is met\n\n| a | b |\n| --- | --- |\n"
        "| x@<!-- -->y &lt; \\!\\[z\\] | 1 \\| 2 |\n\n"
        '```mermaid\n%%{init: {"x": "#d95f02, #1f78b4"}}%%\nxychart-beta\n```\n\n'
        "<span>$</span>5 [run](<https://github.com/o/r/actions/runs/12>)\n"
    )
    assert post(ours).status == "success"
    assert bodies(github)[0].startswith(ours)


def test_only_runs_of_pull_requests_are_reported() -> None:
    job = read_yaml(WORKFLOW)["jobs"]["comment"]
    assert job["if"] == "${{ github.event.workflow_run.event == 'pull_request' }}"
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert "checkout" not in json.dumps(job)
