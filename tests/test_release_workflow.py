"""release.yml and deploy.yml, run step by step, with stand-ins for gh, docker and a target."""

import json
import os
import re
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import release_tools
from conftest import BakedProject
from fake_github import FakeGitHub
from forge import Forge, Run, make_small
from github_tools import Expressions
from storage import find_port
from test_pipeline import in_environment, repro
from workflow_runner import Step

pytestmark = pytest.mark.slow
IMAGE = "ghcr.io/o/r"
RELEASED = "model@v1.0.0 is released already, with its image; for a new one raise package.version"
PUSHES = ["docker/build-push-action", "actions/attest", "actions/attest", "actions/attest"]


class Place:
    """A repository, and what it publishes to.

    Attributes:
        forge: The repository.
        state: As release_tools.py describes it.
        published: The actions that published something.
    """

    def __init__(self, forge: Forge, state: Path, port: int) -> None:
        self.forge, self.state = forge, state
        self.published: list[str] = []
        tools = Path(release_tools.__file__)
        for name in ("gh", "docker", "deploy"):
            command = state / "bin" / name
            command.parent.mkdir(exist_ok=True)
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tools}" {name} "$@"\n')
            command.chmod(0o755)
        (state / "images").mkdir()
        (state / "attested").touch()
        forge.environment |= {
            "STATE": str(state),
            "PATH": f"{state / 'bin'}:{forge.environment['PATH']}",
        }
        forge.variables |= {
            "DEPLOY_COMMAND": f'deploy {port} "$IMAGE"; echo "$STAGE $VERSION" >> $STATE/deployed',
            "DEPLOY_URL": f"http://127.0.0.1:{port}",
            "DEPLOY_SECONDS": "2",
        }
        forge.secrets |= {
            "DEPLOY_TOKEN": release_tools.TOKEN,
            "DEPLOY_API_KEY": release_tools.KEY,
        }
        forge.actions |= {
            "docker/setup-buildx-action": lambda _: {},
            "docker/login-action": lambda _: {},
            "docker/build-push-action": self._build,
            "anchore/sbom-action": self._list_parts,
            "actions/attest": self._attest,
        }

    def read(self, name: str) -> list[str]:
        path = self.state / name
        return path.read_text().splitlines() if path.exists() else []

    def tags(self) -> dict[str, str]:
        """Name the commit of each tag."""
        shown = self.forge.git("tag", "--format", "%(refname:strip=2) %(*objectname)")
        return dict(line.split() for line in shown.splitlines())

    def called(self) -> list[str]:
        return [" ".join(json.loads(line)[:3]) for line in self.read("calls")]

    def forget(self) -> None:
        """Forget what was called and published."""
        (self.state / "calls").unlink(missing_ok=True)
        self.published.clear()

    def _build(self, step: Step) -> dict[str, str]:
        workspace = step.job.workspace
        (wheel,) = (workspace / step.inputs["context"]).glob("dist/*.whl")
        assert (workspace / "Dockerfile").exists()
        name, _, constraints = step.inputs["secret-files"].partition("=")
        assert name == "constraints"
        assert "\nanyio==" in (workspace / constraints).read_text(encoding="utf-8")
        self.published.append("docker/build-push-action")
        self.tag = step.inputs["tags"]
        digest = release_tools.hash_file(wheel)
        (self.state / "images" / f"{digest}.whl").write_bytes(wheel.read_bytes())
        return {"digest": f"sha256:{digest}"}

    def _list_parts(self, step: Step) -> dict[str, str]:
        assert step.inputs["image"].startswith(f"{IMAGE}@sha256:")
        (step.job.workspace / step.inputs["output-file"]).write_text("{}")
        return {}

    def _attest(self, step: Step) -> dict[str, str]:
        digest = step.inputs.get("subject-digest")
        if not digest:
            (wheel,) = step.job.workspace.glob(step.inputs["subject-path"])
            digest = f"sha256:{release_tools.hash_file(wheel)}"
        if path := step.inputs.get("sbom-path"):
            assert (step.job.workspace / path).exists()
        self.published.append("actions/attest")
        with (self.state / "attested").open("a") as attested:
            attested.write(f"{digest}\n")
        return {}


class Story(NamedTuple):
    """What was released and deployed, one after the other, and the tags after each."""

    unlabelled: Run
    cut: Run
    first: Run
    bare: Run
    failed: Run
    back: Run
    patched: Run
    tags: list[dict[str, str]]
    published: list[list[str]]
    calls: list[list[str]]


@pytest.fixture(scope="module")
def place(
    project: BakedProject,
    expressions: Expressions,
    github: FakeGitHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A repository with a model of one small tree, whose parts are in its DVC remote."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "storage").mkdir()
    (folder / "state").mkdir()
    forge = Forge(folder, project, expressions, github)
    author = forge.author
    make_small(author)
    storage = str(folder / "storage")
    in_environment(author, "dvc", "remote", "add", "--default", "storage", storage)
    repro(author)
    in_environment(author, "dvc", "push", "--quiet")
    author.commit("Start small")
    place = Place(forge, folder / "state", find_port())
    yield place
    for service in (place.state / "services").iterdir():
        os.kill(int((service / "process").read_text()), signal.SIGTERM)
    project.install()


def add_release(place: Place, version: str) -> None:
    """Release a model that differs by its version only, as release.yml would."""
    (wheel,) = (place.state / "releases" / "model@v1.0.0").glob("*.whl")
    folder = place.state / "releases" / f"model@{version}"
    folder.mkdir()
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(folder / wheel.name, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("bundle/manifest.json"):
                content = content.replace(b'"version": "1.0+', b'"version": "1.1+')
            new.writestr(name, content)
    digest = release_tools.hash_file(folder / wheel.name)
    (folder / "image.txt").write_text(f"sha256:{digest}\n")
    shutil.copy(folder / wheel.name, place.state / "images" / f"{digest}.whl")
    with (place.state / "attested").open("a") as attested:
        attested.write(f"sha256:{digest}\n")
    place.forge.git("commit", "--quiet", "--allow-empty", "--message", "Improve")
    message = f"Release model {version}\n\nSHA-256: {digest}"
    place.forge.git("tag", "--annotate", "--message", message, f"model@{version}")


def release_bare(place: Place, cut: Run) -> Run:
    """Publish the same once more, with nothing set but what a plan without attestations needs."""
    shutil.rmtree(place.state / "releases" / "model@v1.0.0")
    place.forget()
    variables = place.forge.variables
    nobody = f"http://127.0.0.1:{find_port()}"
    bare = {"ATTESTATIONS": "off", "RELEASE_STAGE": "canary", "DEPLOY_URL": nobody}
    place.forge.variables = bare
    run = place.forge.run_failed_jobs_again(cut)
    place.forge.variables = variables
    return run


@pytest.fixture(scope="module")
def story(place: Place, github: FakeGitHub) -> Story:
    forge, tags, published, calls = place.forge, [], [], []
    pull = {"number": 7, "merged_at": "2026-01-01", "base": {"ref": "main"}, "labels": []}
    github.pulls[7] = pull
    unlabelled = forge.push("release")
    pull["labels"] = [{"name": "release"}]
    (place.state / "cut").touch()
    cut = forge.push("release")
    tags.append(place.tags())
    (place.state / "cut").unlink()
    first = forge.run_failed_jobs_again(cut)
    tags.append(place.tags())
    published.append([*place.published])
    bare = release_bare(place, cut)
    tags.append(place.tags())
    published.append([*place.published])
    calls.append(place.called())
    add_release(place, "v1.1.0")
    (place.state / "broken").touch()
    failed = forge.dispatch("deploy", version="1.1.0", stage="staging", reason="Try $(touch pwned)")
    tags.append(place.tags())
    promotion = ("--annotate", "--message", "Promote model v1.1.0 to staging")
    forge.git("tag", *promotion, "model#staging#3", "model@v1.1.0^{}")
    place.forget()
    back = forge.dispatch("deploy", version="", stage="staging", reason="Worse")
    tags.append(place.tags())
    calls.append(place.called())
    with (forge.author.path / "Dockerfile").open("a", encoding="utf-8") as dockerfile:
        dockerfile.write("# A change that no wheel has.\n")
    forge.author.commit("Change the image")
    patched = forge.push("release")
    tags.append(place.tags())
    published.append([*place.published])
    return Story(unlabelled, cut, first, bare, failed, back, patched, tags, published, calls)


def test_merge_without_the_label_releases_nothing(story: Story) -> None:
    states = story.unlabelled.states
    assert states.pop("find") == states.pop("pass") == "success"
    assert {*states.values()} == {"skipped"}


def test_merge_with_the_label_is_released_and_deployed(place: Place, story: Story) -> None:
    run, head = story.first, place.forge.git("rev-parse", "HEAD~2")
    assert run.status == "success", run.log
    assert story.tags[1] == {"model@v1.0.0": head, "model#staging#1": head}
    assets = {path.name for path in (place.state / "releases" / "model@v1.0.0").iterdir()}
    (wheel,) = {name for name in assets if name.endswith(".whl")}
    assert assets - {wheel} == {"image.txt", "sbom.spdx.json", "metrics.json", "model_card.md"}
    assert place.tag == f"{IMAGE}:v1.0.0"
    assert "## v1.0.0 (" in run.summary
    assert "(https://github.com/o/r/blob/model%40v1.0.0/reports/metrics.json)" in run.summary
    message = place.forge.git("tag", "-n9", "--list", "model#staging#1")
    assert "Why: Merge of #7 (" in message
    assert "Who: github-actions[bot] <" in message
    # What the remote holds is taken from there; what is attested is made here.
    assert re.findall(r"Running stage '(\w+)'", story.cut.log) == ["package"]
    assert place.read("deployed")[0] == "staging v1.0.0"
    assert f"staging serves v1.0.0, {IMAGE}@sha256:" in run.summary


def test_release_that_was_cut_goes_on_where_it_failed(story: Story) -> None:
    assert story.cut.states == {
        **dict.fromkeys(("find", "build"), "success"),
        **dict.fromkeys(("publish", "pass"), "failure"),
        "deploy": "skipped",
    }
    assert [*story.tags[0]] == ["model@v1.0.0"]
    assert story.published[0] == PUSHES
    assert RELEASED in story.first.summary
    assert RELEASED not in story.cut.summary


def test_without_attestations_and_command_the_image_is_tried_and_the_stage_tagged(
    story: Story,
) -> None:
    run, calls = story.bare, story.calls[0]
    assert run.status == "success", run.log
    assert story.published[1] == ["docker/build-push-action"]
    assert "gh attestation verify" not in calls
    assert "docker run --detach" in calls
    served = f"canary serves v1.0.0, {IMAGE}@sha256:"
    assert re.search(rf"{served}\w{{64}}\. DEPLOY_COMMAND is not set", run.summary)
    assert not {"Deploy", "Try the target"} & {*run.jobs["deploy/deploy"].ran}
    head = story.tags[1]["model@v1.0.0"]
    assert story.tags[2] == story.tags[1] | {"model#canary#2": head}


def test_target_that_fails_gets_the_version_before_and_no_tag(place: Place, story: Story) -> None:
    run = story.failed
    assert run.states == {"deploy": "failure", "pass": "failure"}, run.log
    assert {*story.tags[3]} - {*story.tags[2]} == {"model@v1.1.0"}
    assert place.read("deployed")[1:3] == ["staging v1.1.0", "staging v1.0.0"]
    assert "v1.1.0 failed in staging, so v1.0.0 is deployed there again." in run.summary
    assert ", not 1.1+" in run.log


def test_roll_back_by_hand_deploys_what_was_served_before(place: Place, story: Story) -> None:
    run = story.back
    assert run.status == "success", run.log
    # The second is of the release after it.
    assert place.read("deployed")[3:] == ["staging v1.0.0"] * 2
    assert story.tags[4]["model#staging#4"] == story.tags[4]["model@v1.0.0"]
    message = place.forge.git("tag", "-n9", "--list", "model#staging#4")
    assert "Roll back staging from v1.1.0 to v1.0.0" in message
    # Both versions are verified before anything runs.
    verified = ["gh release download", *["gh attestation verify"] * 2] * 2
    assert story.calls[1][: len(verified)] == verified


def test_image_of_a_released_wheel_is_not_made_anew(story: Story) -> None:
    assert story.patched.status == "success", story.patched.log
    assert RELEASED in story.patched.summary
    assert story.published[2] == []
    assert story.tags[5] == story.tags[4]


@pytest.mark.parametrize(
    ("damaged", "said"),
    [("wheel", "has not the SHA-256 that the tag of v1.1.0 names"), ("attested", "gh: refused")],
)
def test_what_was_tampered_with_is_not_run(
    place: Place, story: Story, damaged: str, said: str
) -> None:
    assert story.back.status == "success"
    path = place.state / "attested"
    if damaged == "wheel":
        (path,) = (place.state / "releases" / "model@v1.1.0").glob("*.whl")
    before, deployed = path.read_bytes(), place.read("deployed")
    path.write_bytes(before[:-1] + b"x" if damaged == "wheel" else b"")
    place.forget()
    run = place.forge.dispatch("deploy", version="v1.1.0", stage="prod", reason="Go")
    path.write_bytes(before)
    assert run.states == {"deploy": "failure", "pass": "failure"}
    assert said in run.log
    assert place.read("deployed") == deployed
    assert not [call for call in place.called() if call.startswith("docker")]
    assert "Nothing was deployed to prod." in run.summary
    assert place.tags() == story.tags[-1]
