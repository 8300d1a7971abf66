"""The files that pass from stage to stage."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("train", "validation", "test")
TARGET = "target"


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, content: object) -> None:
    """Write JSON that Git can diff: indented, keys in the order given, NaN refused."""
    text = json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False)
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text in UTF-8 with the same line ends on every machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def hash_file(path: Path) -> str:
    """Compute the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_text(text: str) -> str:
    """Compute the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_part(folder: Path, part: str) -> "pd.DataFrame":
    """Read the rows of one part of the split."""
    import pandas as pd

    return pd.read_parquet(folder / f"{part}.parquet")


def write_part(folder: Path, part: str, rows: "pd.DataFrame") -> None:
    """Write the rows of one part of the split."""
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(folder / f"{part}.parquet", index=False)
