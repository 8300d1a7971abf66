"""Each commit hook of a generated project stops what it is there for, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BakedProject

pytestmark = pytest.mark.slow

NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "one",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["a customer's name"]}],
            "source": ["print(name)"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
# A secret that is spelled out here would stop our own commits.
SECRET = "api_key = " + '"9f86d081884c7d659a2f"\n'


@pytest.fixture(scope="module")
def workplace(project: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    return project.copy(tmp_path_factory.mktemp("hooks") / "flight-delays")


@pytest.fixture
def clean(workplace: BakedProject) -> Iterator[BakedProject]:
    """A project in which nothing is changed, also after a test that changed something."""
    yield workplace
    workplace.run("git", "reset", "--quiet", "--hard")


def run_hook(project: BakedProject, hook: str, name: str, content: str | bytes) -> tuple[int, str]:
    """Stage a file with this content and return how the hook ended and what it said."""
    path = project.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    project.run("git", "add", "--force", name)
    done = project.run("uv", "run", "--no-sync", "pre-commit", "run", hook, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("hook", "name", "content", "said"),
    [
        ("ruff-format", "ugly.py", "x   =  1\n", "1 file reformatted"),
        ("ruff-check", "unused.py", '"""Do nothing."""\n\nimport os\n', "F401"),
        ("mypy", "src/flight_delays/wrong.py", '"""Wrong."""\n\nx: int = "a"\n', "[assignment]"),
        ("nbstripout", "look.ipynb", json.dumps(NOTEBOOK), "files were modified by this hook"),
        ("check-yaml", "bad.yaml", "a: b: c\n", "mapping values are not allowed"),
        ("check-toml", "bad.toml", "a =\n", "bad.toml"),
        ("end-of-file-fixer", "text.txt", "no newline", "Fixing text.txt"),
        ("trailing-whitespace", "text.txt", "space \n", "Fixing text.txt"),
        ("check-added-large-files", "big.bin", b"x" * 600_000, "exceeds 500 KB"),
        ("check-added-large-deliveries", "data/raw/big.csv", b"x" * 2_100_000, "exceeds 2000 KB"),
        ("detect-secrets", "key.py", SECRET, "Secret Keyword"),
    ],
)
def test_hook_stops(
    clean: BakedProject, hook: str, name: str, content: str | bytes, said: str
) -> None:
    code, output = run_hook(clean, hook, name, content)
    assert code == 1
    assert said in output


@pytest.mark.parametrize(
    ("hook", "name", "content"),
    [
        ("end-of-file-fixer", "data/raw/flights/2013-05.csv", "a,b\r\n1,2"),
        ("trailing-whitespace", "data/incoming/2013-05.csv", "a,b \r\n1,2 \r\n"),
        ("check-added-large-files", "data/raw/flights/2013-05.csv", b"1" * 600_000),
        ("check-added-large-deliveries", "data/raw/flights/2013-05.csv", b"1" * 1_900_000),
        ("detect-secrets", "data/raw/planes/new.jsonl", '{"token": "AKIAIOSFODNN7EXAMPLQ"}\n'),
        ("detect-secrets", "data/big.csv.dvc", "outs:\n- md5: 7a1f4f0c6f2f9f1e0f4fa0f35b9a1e1c\n"),
        ("detect-secrets", ".cruft.json", '{"commit": "3d3c42e5aac5ba805825da76410c181273ba90b1"}'),
    ],
)
def test_hook_lets_pass_unchanged(
    clean: BakedProject, hook: str, name: str, content: str | bytes
) -> None:
    code, output = run_hook(clean, hook, name, content)
    assert code == 0, output
    expected = content.encode() if isinstance(content, str) else content
    assert (clean.path / name).read_bytes() == expected


def test_fresh_project_passes_hooks_without_a_network(
    workplace: BakedProject, tmp_path: Path
) -> None:
    done = workplace.run(
        *("uv", "run", "--no-sync", "pre-commit", "run", "--all-files"),
        UV_OFFLINE="1",
        UV_CACHE_DIR=str(tmp_path),
        HTTPS_PROXY="http://127.0.0.1:9",
    )
    assert "Failed" not in done.stdout
    assert workplace.run("git", "status", "--porcelain").stdout == ""
