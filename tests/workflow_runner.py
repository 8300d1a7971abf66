"""Runs the jobs of a workflow as GitHub does, each `run:` by bash; actions are the test's own."""

import json
import re
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from github_tools import FOLDER, Expressions
from ruamel.yaml import YAML

Content = dict[str, Any]
Machine = Callable[[str, Content], "Job"]
STATUS = re.compile(r"\b(success|failure|cancelled|always)\(")
LEVELS = ("none", "read", "write")
SECONDS = 600


class StepFailed(Exception):
    """An action did not succeed."""


@dataclass
class Step:
    """A step that uses an action.

    Attributes:
        inputs: What stands under `with`, evaluated.
        environment: Of its process.
        job: The job that it is part of.
    """

    inputs: dict[str, str]
    environment: dict[str, str]
    job: "Job"


Action = Callable[[Step], dict[str, str]]


@dataclass
class Job:
    """A job on a machine of its own.

    Attributes:
        workspace: Where its commands run.
        temporary: A folder beside it.
        context: The contexts of expressions.
        environment: What the machine itself has.
        actions: What stands for each action, by its name without the version.
        expressions: GitHub's evaluator.
        status: success or failure, so far.
        log: All that was said.
    """

    workspace: Path
    temporary: Path
    context: Content
    environment: dict[str, str]
    actions: Mapping[str, Action]
    expressions: Expressions
    status: str = "success"
    log: str = ""
    ran: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        path = self.temporary / "summary"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def run(self, definition: Content) -> None:
        """Run all steps."""
        for folder in (self.workspace, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        self.environment = self.environment | self._github_variables()
        self.context |= {"steps": {}, "env": {}, "runner": {"os": "Linux"}}
        self.context["env"] = as_text(self._evaluate(definition.get("env", {})))
        self._run_steps(definition["steps"])
        self.outputs = as_text(self._evaluate(definition.get("outputs", {})))

    def call(self, path: Path, definition: Content, machine: Machine) -> dict[str, "Job"]:
        """Run a workflow as this job, with what this job passes on and nothing else."""
        called = read_yaml(path)
        check_rights(called, definition["permissions"])
        declared = called["on"]["workflow_call"].get("inputs", {})
        defaults = {name: each.get("default", "") for name, each in declared.items()}
        inputs = defaults | self._evaluate(definition.get("with", {}))
        secrets = as_text(self._evaluate(definition.get("secrets", {})))
        given = {"inputs": inputs, "secrets": secrets, "needs": {}}
        jobs = run_workflow(path, self.context | given, machine)
        states = {job.status for job in jobs.values()}
        self.status = "failure" if "failure" in states else "success"
        return jobs

    def applies(self, condition: str) -> bool:
        """Say whether a condition holds, after what ran so far."""
        inner = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", condition, flags=re.DOTALL)
        whole = inner if STATUS.search(inner) else f"success() && ({inner})"
        return bool(self._evaluate(f"${{{{ {whole} }}}}"))

    def _github_variables(self) -> dict[str, str]:
        event = self.temporary / "event.json"
        event.write_text(json.dumps(self.context["github"]["event"]), encoding="utf-8")
        (self.temporary / "variables").touch()
        names = ("repository", "sha", "ref", "server_url", "api_url", "run_id", "event_name")
        known = {f"GITHUB_{name.upper()}": str(self.context["github"][name]) for name in names}
        return known | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ENV": str(self.temporary / "variables"),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
        }

    def _evaluate(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._evaluate(each) for key, each in value.items()}
        if not isinstance(value, str) or "${{" not in value:
            return value
        return self.expressions.evaluate(value, self.context, self.status, self.workspace)

    def _run_steps(self, steps: list[Content]) -> None:
        for number, step in enumerate(steps):
            name = step.get("id", f"_{number}")
            if not self.applies(str(step.get("if", "success()"))):
                self.context["steps"][name] = {"outcome": "skipped", "outputs": {}}
                continue
            self.ran.append(str(step.get("name", step.get("uses"))))
            output = self.temporary / f"output-{len(self.ran)}"
            output.touch()
            outcome, outputs = "success", {}
            try:
                outputs = self._run_step(step, output) or {}
            except StepFailed as failure:
                outcome = "failure"
                self.log += f"{failure}\n"
            outputs |= dict(read_outputs(output))
            self.environment |= dict(read_outputs(self.temporary / "variables"))
            self.context["steps"][name] = {"outcome": outcome, "outputs": outputs}
            if outcome == "failure" and not step.get("continue-on-error"):
                self.status = "failure"

    def _run_step(self, step: Content, output: Path) -> dict[str, str] | None:
        variables = self.context["env"] | self._evaluate(step.get("env", {}))
        environment = self.environment | as_text(variables) | {"GITHUB_OUTPUT": str(output)}
        if "run" in step:
            # GitHub's own options for `shell: bash`.
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            self.execute(command, environment)
            return None
        inputs = as_text(self._evaluate(step.get("with", {})))
        if step["uses"].startswith("./"):
            return self._run_composite(self.workspace / step["uses"], inputs)
        return self.actions[step["uses"].partition("@")[0]](Step(inputs, environment, self))

    def _run_composite(self, folder: Path, inputs: dict[str, str]) -> dict[str, str]:
        action = read_yaml(folder / "action.yml")
        given = {name: each.get("default", "") for name, each in action["inputs"].items()}
        outer, status = self.context, self.status
        # An action sees no secret that it is not given.
        self.context = outer | {"inputs": given | inputs, "steps": {}, "secrets": {}}
        self._run_steps(action["runs"]["steps"])
        outputs = {name: self._evaluate(o["value"]) for name, o in action["outputs"].items()}
        self.context = outer
        # Whether the job goes on is for the step to say that uses the action.
        failed, self.status = self.status != status, status
        if failed:
            raise StepFailed(f"{folder.name} failed")
        return outputs

    def execute(self, command: list[str], environment: dict[str, str], typed: str = "") -> None:
        """Run a command of a step and keep what it says.

        Raises:
            StepFailed: It did not end with 0.
        """
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env=environment,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        self.log += done.stdout
        if done.returncode:
            raise StepFailed(f"ended with {done.returncode}")


def run_workflow(
    path: Path,
    context: Content,
    machine: Machine,
    only: Collection[str] = (),
    done: Mapping[str, Job] | None = None,
) -> dict[str, Job]:
    """Run the jobs of a workflow, and of those that it calls, one after the other.

    Args:
        path: The workflow.
        context: The contexts that all jobs have, `github` and `inputs` among them.
        machine: Makes the job of a name, with these contexts.
        only: The jobs to run, where others are not what a test is about.
        done: Jobs of an earlier attempt, which are not run again.

    Returns:
        The jobs by name, those of a called workflow as caller/name.
    """
    jobs: dict[str, Job] = {**(done or {})}
    for name, definition in read_yaml(path)["jobs"].items():
        if (only and name not in only) or name in jobs:
            continue
        needed = definition.get("needs", [])
        known = [needed] if isinstance(needed, str) else needed
        before = {each: jobs[each] for each in known if each in jobs}
        needs = {key: {"result": job.status, "outputs": job.outputs} for key, job in before.items()}
        needs = context.get("needs", {}) | needs
        job = jobs[name] = machine(name, context | {"needs": needs})
        states = {each.status for each in before.values()}
        job.status = next((each for each in ("failure", "skipped") if each in states), "success")
        if not job.applies(str(definition.get("if", "success()"))):
            job.status = "skipped"
        elif "uses" in definition:
            called = job.call(path.parents[2] / definition["uses"], definition, machine)
            jobs |= {f"{name}/{key}": each for key, each in called.items()}
        else:
            job.status = "success"
            job.run(definition)
    return jobs


def check_rights(called: Content, rights: Mapping[str, str]) -> None:
    """Refuse, as GitHub does, to start a workflow that asks for more than its caller may."""
    wanted = [each.get("permissions", {}) for each in called["jobs"].values()]
    for name, level in (right for each in wanted for right in each.items()):
        given = rights.get(name, "none")
        assert LEVELS.index(level) <= LEVELS.index(given), f"{name}: {level} is asked, not {given}"


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """Write values as GitHub does in variables and inputs."""
    shown = {True: "true", False: "false", None: ""}
    return {
        name: shown[value] if value is None or isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def read_outputs(path: Path) -> Iterator[tuple[str, str]]:
    """Read what a step wrote to GITHUB_OUTPUT, in both its forms."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        name, sign, rest = re.split(r"(<<|=)", line, maxsplit=1)
        if sign == "=":
            yield name, rest
        else:
            yield name, "\n".join(iter(lambda: next(lines), rest))


def run_script(step: Step) -> dict[str, str]:
    """Stand for actions/github-script, with its client and toolkit."""
    command = ["node", str(FOLDER / "script.mjs")]
    environment = step.environment | {"INPUT_TOKEN": "token"}
    step.job.execute(command, environment, step.inputs["script"])
    return {}
