"""prepare: raw deliveries → clean rows, split into parts, each row accounted for."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..common.console import run
from ..common.io import hash_file, write_json, write_part
from ..common.settings import load_params
from ..data.cleaning import Cleaned, add_target, check_quarantined_share, clean
from ..data.sources import FILE, find_files, read_sources
from ..data.split import check_classes, split_rows
from ..schema import Schema, check_together, load_schema


def main(arguments: list[str]) -> str:
    """Run the stage: RAW SCHEMA PARAMS PREPARED."""
    raw, schema_path, params_path, out = map(Path, arguments)
    params, schema = load_params(params_path), load_schema(schema_path)
    check_together(params, schema)
    rows = read_sources(raw, params.prepare.sources, schema)
    cleaned = clean(rows, schema)
    check_quarantined_share(cleaned, params.prepare.max_quarantined_share)
    kept = add_target(cleaned.kept, params.goal, schema)
    parts = split_rows(kept, params.prepare.split, schema)
    check_classes(parts, params.goal.task)
    for part, members in parts.items():
        write_part(out, part, members)
    files = [path for source in params.prepare.sources.values() for path in find_files(raw, source)]
    counts = count_rows(rows[FILE], cleaned, parts, schema) | {
        "sha256": {path.relative_to(raw).as_posix(): hash_file(path) for path in files}
    }
    write_json(out / "counts.json", counts)
    cleaned.quarantined.to_csv(out / "quarantined.csv", index=False, lineterminator="\n")
    return summarise(counts, out)


def count_rows(
    files: pd.Series, cleaned: Cleaned, parts: Mapping[str, pd.DataFrame], schema: Schema
) -> dict[str, object]:
    """Count every row once: delivered = kept + quarantined + duplicates.

    Args:
        files: The file that each delivered row came from.
        cleaned: What became of the rows.
        parts: The kept rows by part.
        schema: Says which column holds the time, if any.
    """
    rules = cleaned.quarantined["_column"] + " " + cleaned.quarantined["_rule"]
    time = schema.with_role("time")
    return {
        "delivered": len(files),
        "kept": len(cleaned.kept),
        "quarantined": len(cleaned.quarantined),
        "duplicates": cleaned.duplicates,
        "by_file": {str(file): int(n) for file, n in files.value_counts(sort=False).items()},
        "by_rule": {str(rule): int(n) for rule, n in rules.value_counts().items()},
        "parts": {part: len(members) for part, members in parts.items()},
        "spans": {
            part: [str(members[name].min()), str(members[name].max())]
            for part, members in parts.items()
            for name in time
        },
    }


def summarise(counts: Mapping[str, object], out: Path) -> str:
    """Say in one line what became of the rows."""
    parts = ", ".join(f"{n:,} {part}" for part, n in dict(counts["parts"]).items())  # type: ignore[call-overload]
    return (
        f"prepare: {counts['delivered']:,} rows delivered = {counts['kept']:,} kept ({parts}) + "
        f"{counts['quarantined']:,} quarantined + {counts['duplicates']:,} duplicates → {out}"
    )


if __name__ == "__main__":
    sys.exit(run(main))
