"""Print the section of CHANGELOG.md for a tag, or say why that version can't be released."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def find_notes(tag: str, changelog: str, version: str) -> str:
    """Return what the changelog says of a version.

    Args:
        tag: Like v1.2.3.
        changelog: A level-two heading for each version, as in `## 1.2.3 - 2027-01-31`.
        version: That of pyproject.toml.

    Raises:
        ValueError: The tag is not that of a version, or of another one, or nothing is said of it.
    """
    if not re.fullmatch(r"v\d+\.\d+\.\d+", tag):
        raise ValueError(f"the tag is {tag!r}; must be like v1.2.3. Delete it and tag again.")
    if tag != f"v{version}":
        raise ValueError(
            f"pyproject.toml: version is {version}; must be {tag[1:]} for the tag {tag}. "
            "Edit it, commit, and move the tag."
        )
    sections = re.split(r"^## \[?([^]\s]+).*\n", changelog, flags=re.MULTILINE)
    notes = dict(zip(sections[1::2], sections[2::2], strict=True)).get(version, "").strip()
    if not notes:
        raise ValueError(
            f"CHANGELOG.md: says nothing of {version}. Move what stands below `## Unreleased` "
            f"below a heading `## {version} - YYYY-MM-DD`, commit, and move the tag."
        )
    return notes


def main(tag: str) -> None:
    """Print the notes; a tag that can't be released ends with 1."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        print(find_notes(tag, changelog, project["version"]))
    except ValueError as error:
        sys.exit(f"release_notes: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
