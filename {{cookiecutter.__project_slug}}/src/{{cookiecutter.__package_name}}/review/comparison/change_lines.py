"""What changed since a revision besides the data, in a line each."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .git import ask_git

UNCHANGED = "unchanged"
UNREADABLE = "{} of the base is missing or can't be read"
MAX_NAMED = 6
REQUIREMENT = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\[[^\]]*\])?\s*(?P<version>[^;]*)")


def describe_parameters(base: Path, now: Path) -> str:
    """Name what changed in params.yaml and schema.yaml, with the old and the new value.

    Args:
        base: The revision's folder.
        now: The project.
    """
    try:
        then = dict(_flatten(_read_yaml(base / "params.yaml")))
    except (OSError, ValueError, YAMLError):
        return UNREADABLE.format("params.yaml")
    lines = [*_changes(then, dict(_flatten(_read_yaml(now / "params.yaml"))))]
    return _join([*lines, *_contract_changes(base / "schema.yaml", now / "schema.yaml")])


def describe_code(root: Path, commit: str) -> str:
    """Count the files and lines below src/ that changed since a commit."""
    changed = ask_git(root, "diff", "--shortstat", commit, "--", "src").strip()
    new = ask_git(root, "ls-files", "--others", "--exclude-standard", "--", "src").splitlines()
    if new:
        untracked = f"{len(new)} new file{'s' if len(new) > 1 else ''} not yet in Git"
        changed = f"{changed}, {untracked}" if changed else untracked
    return changed or UNCHANGED


def describe_dependencies(base: Path, now: Path) -> str:
    """Name the libraries whose version changed in pyproject.toml, then those in uv.lock."""
    try:
        then = _read_pins(base / "pyproject.toml")
    except (OSError, ValueError):
        return UNREADABLE.format("pyproject.toml")
    today = _read_pins(now / "pyproject.toml")
    lines = [*_changes(then, today)]
    if all((folder / "uv.lock").exists() for folder in (base, now)):
        named = {name for name, _ in then.items() ^ today.items()}
        locked = (_read_locked(folder / "uv.lock", named) for folder in (base, now))
        lines += _changes(*locked)
    return _join(lines)


def _contract_changes(base: Path, now: Path) -> list[str]:
    if not now.exists():
        return []
    try:
        then = dict(_flatten(_read_yaml(base)))
    except (OSError, ValueError, YAMLError):
        return [UNREADABLE.format("schema.yaml")]
    today = dict(_flatten(_read_yaml(now)))
    return [f"schema.yaml: {line}" for line in _changes(then, today)]


def _changes(then: Mapping[str, str], today: Mapping[str, str]) -> Iterable[str]:
    for name in [*today, *(name for name in then if name not in today)]:
        if name not in then:
            yield f"{name} added: {today[name]}"
        elif name not in today:
            yield f"{name} removed"
        elif then[name] != today[name]:
            yield f"{name} {then[name]} → {today[name]}"


def _join(lines: Iterable[str]) -> str:
    lines = [*lines]
    more = [f"and {len(lines) - MAX_NAMED} more"] if len(lines) > MAX_NAMED else []
    return "; ".join([*lines[:MAX_NAMED], *more]) or UNCHANGED


def _read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def _flatten(settings: Any, prefix: str = "") -> Iterable[tuple[str, str]]:
    if not isinstance(settings, dict) or not settings:
        yield prefix, json.dumps(settings, ensure_ascii=False, default=str)
        return
    for key, value in settings.items():
        yield from _flatten(value, f"{prefix}.{key}" if prefix else str(key))


def _read_pins(path: Path) -> dict[str, str]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    project = content.get("project", {})
    lists = [
        project.get("dependencies", []),
        *project.get("optional-dependencies", {}).values(),
        *content.get("dependency-groups", {}).values(),
    ]
    texts = (text for entries in lists for text in entries if isinstance(text, str))
    found = filter(None, map(REQUIREMENT.match, texts))
    return {match["name"]: match["version"].strip() or "any version" for match in found}


def _read_locked(path: Path, named: set[str]) -> dict[str, str]:
    packages = tomllib.loads(path.read_text(encoding="utf-8")).get("package", [])
    versions = {each["name"]: each["version"] for each in packages if "version" in each}
    return {name: version for name, version in versions.items() if name not in named}
