"""Generates projects for the tests, without touching the home of whoever runs them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter
from demo import use_caches_without_network
from fake_github import FakeGitHub
from github_tools import Expressions
from hypothesis import settings
from post_gen_project import OUTER_VARIABLES

ROOT = Path(__file__).parents[1]
TEMPLATE_FOLDER = ROOT / "{{cookiecutter.__project_slug}}"
QUESTIONS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
# What Cookiecutter answers when one presses Enter: of a list, the first.
DEFAULTS: dict[str, str] = {
    name: value[0] if isinstance(value, list) else value
    for name, value in QUESTIONS.items()
    if not name.startswith("_")
}
# Hypothesis tries the same examples each time, and as slowly as a busy machine needs.
settings.register_profile("tests", deadline=None, derandomize=True, database=None)
settings.load_profile("tests")
# Nothing that is asked holds a project longer than this.
SECONDS = 600


def pytest_configure(config: pytest.Config) -> None:
    """Find out once whether there is a network; the workers inherit it."""
    if not hasattr(config, "workerinput"):
        use_caches_without_network()


@dataclass(frozen=True)
class BakedProject:
    """A generated project, and what its tests do with it."""

    path: Path
    environment: dict[str, str] = field(repr=False)

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def has_file(self, name: str) -> bool:
        return (self.path / name).is_file()

    def files(self) -> set[str]:
        """Return the paths of all files but Git's own, with slashes."""
        found = (path for path in self.path.rglob("*") if path.is_file())
        names = {path.relative_to(self.path).as_posix() for path in found}
        return {name for name in names if not name.startswith(".git/")}

    def run(
        self, *command: str, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder; its output is in the failure's text."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        said = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert done.returncode == 0 or not check, said
        return done

    def commit(self, message: str) -> None:
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", message)

    def copy(self, destination: Path) -> "BakedProject":
        """Copy everything that is there, outputs and DVC's cache included."""
        shutil.copytree(self.path, destination, symlinks=True, ignore=ignore_environment)
        return self.in_same_environment(destination)

    def clone(self, destination: Path) -> "BakedProject":
        """Copy what is committed, as a colleague gets it."""
        self.run("git", "clone", "--quiet", str(self.path), str(destination))
        return self.in_same_environment(destination)

    def in_same_environment(self, path: Path) -> "BakedProject":
        """Use this project's installed packages, with the code of the project in `path`.

        Another environment would compile every import anew, which takes longer than most tests.
        """
        environment = {
            "UV_PROJECT_ENVIRONMENT": str(self.path / ".venv"),
            **self.environment,
            "PYTHONPATH": str(path / "src"),
        }
        return replace(self, path=path, environment=environment)

    def install(self) -> "BakedProject":
        self.run("uv", "sync", "--quiet", "--frozen")
        return self


Bake = Callable[..., BakedProject]


def ignore_environment(_: str, names: list[str]) -> set[str]:
    """Leave out `.venv`: it would run the code of the project that it was made for."""
    return {".venv"} & set(names)


def uv_cache() -> str:
    """Find uv's own cache, which stays in use, so that warm caches make tests offline."""
    command = [sys.executable, "-m", "uv", "cache", "dir"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def scratch_environment(folder: Path) -> dict[str, str]:
    """Return the environment for all that is started: home, Git and DVC live in the folder."""
    # The tools of this environment come first, uv among them.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if name not in OUTER_VARIABLES}
    return kept | {
        "PATH": path,
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "DVC_SITE_CACHE_DIR": str(folder / "dvc"),
        "DVC_NO_ANALYTICS": "1",
        "UV_CACHE_DIR": uv_cache(),
        # Its types of the libraries serve every clone.
        "MYPY_CACHE_DIR": str(folder / "mypy"),
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
    }


def generate(
    output: Path,
    environment: dict[str, str],
    template: Path = ROOT,
    overwrite: bool = False,
    /,
    **answers: str,
) -> BakedProject:
    """Generate a project with the default answers, but for those given."""
    home = Path(environment["HOME"])
    settings = home / "cookiecutter.yaml"
    settings.write_text(json.dumps({"replay_dir": str(home), "cookiecutters_dir": str(home)}))
    with pytest.MonkeyPatch.context() as patch:
        for name in OUTER_VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        path = cookiecutter(
            str(template),
            no_input=True,
            extra_context=answers,
            output_dir=str(output),
            overwrite_if_exists=overwrite,
            config_file=str(settings),
        )
    return BakedProject(Path(path), environment)


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of all commands."""
    return scratch_environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def git_only(scratch: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which nothing but Git is installed, so that no test waits for uv."""
    git = shutil.which("git")
    assert git, "git is not installed: the tests need it"
    if os.name == "nt":
        # Git for Windows works only from its own folder, which holds nothing else.
        return scratch | {"PATH": str(Path(git).parent)}
    tools = tmp_path_factory.mktemp("tools")
    (tools / "git").symlink_to(git)
    return scratch | {"PATH": str(tools)}


@pytest.fixture
def bake(tmp_path: Path, git_only: dict[str, str]) -> Bake:
    """Generate projects into `tmp_path`; only the keywords after the first three are answers."""

    def bake_with(
        *,
        variables: dict[str, str] | None = None,
        template: Path = ROOT,
        overwrite: bool = False,
        **answers: str,
    ) -> BakedProject:
        environment = git_only | (variables or {})
        return generate(tmp_path, environment, template, overwrite, **answers)

    return bake_with


@pytest.fixture(scope="session")
def project(scratch: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """The default project, locked, installed and committed: for slow tests, not to be changed.

    A test that changes something works on `project.copy(...)` or `project.clone(...)`.
    """
    default = generate(tmp_path_factory.mktemp("project"), scratch)
    default.run("uv", "sync", "--quiet", "--locked")
    default.commit("Generate the project")
    return default


@pytest.fixture(scope="session")
def trained(project: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """The default project after its first `dvc repro`, committed; not to be changed."""
    first = project.clone(tmp_path_factory.mktemp("trained") / "flight-delays")
    first.run("uv", "run", "--no-sync", "dvc", "repro")
    first.commit("Train the first model")
    return first


@pytest.fixture(scope="session")
def expressions() -> Iterator[Expressions]:
    """GitHub's evaluator, for all workflows that are run."""
    with Expressions() as evaluator:
        yield evaluator


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    """GitHub's API, as if nothing had happened yet."""
    with FakeGitHub(tmp_path_factory.mktemp("github")) as fake:
        yield fake
