"""Push a generated project, from a Git bundle, to a repository as one commit on top of its main."""

import subprocess
import sys
import tempfile
from pathlib import Path

IDENTITY = {
    "user.name": "github-actions[bot]",
    "user.email": "41898282+github-actions[bot]@users.noreply.github.com",
}


def main(bundle: str, remote: str, source: str) -> None:
    """Push the bundle's main, unless the repository has the same files already.

    Args:
        bundle: A file by `git bundle create`, with a branch `main`.
        remote: The repository's address. It may be empty.
        source: Where the project comes from, for the commit's message.
    """
    with tempfile.TemporaryDirectory() as folder:
        git("init", "--quiet", "--bare", folder)
        git("-C", folder, "fetch", "--quiet", str(Path(bundle).resolve()), "main:new")
        parent = find_parent(folder, remote)
        tree = git("-C", folder, "rev-parse", "new^{tree}")
        if parent and git("-C", folder, "rev-parse", f"{parent}^{{tree}}") == tree:
            print("The example is as it was.")
            return
        parents = ["-p", parent] if parent else []
        message = f"Generate from {source}"
        commit = git("-C", folder, "commit-tree", tree, *parents, "-m", message)
        git("-C", folder, "push", "--quiet", remote, f"{commit}:refs/heads/main")
        print(f"Pushed {commit}.")


def find_parent(folder: str, remote: str) -> str:
    """Fetch the repository's main and return its commit, or nothing if it has no commits."""
    if not git("ls-remote", remote, "refs/heads/main"):
        return ""
    git("-C", folder, "fetch", "--quiet", remote, "main:old")
    return git("-C", folder, "rev-parse", "old")


def git(*arguments: str) -> str:
    """Run Git and return what it said; a failure ends the script, after Git's own message."""
    settings = [part for name, value in IDENTITY.items() for part in ("-c", f"{name}={value}")]
    command = ["git", *settings, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"publish_example: git {' '.join(arguments)} ended with {done.returncode}")
    return done.stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
