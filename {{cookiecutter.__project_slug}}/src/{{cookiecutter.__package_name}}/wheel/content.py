"""The code that travels with a packaged model."""

from pathlib import Path

SOURCE = Path(__file__).parents[1]
# What serving imports, and nothing else; tests/code/test_wiring.py keeps it so.
CODE = (
    "__init__.py",
    "console.py",
    "data/__init__.py",
    "data/chunk.py",
    "data/chunks.py",
    "data/contract.py",
    "data/json_chunks.py",
    "data/moments.py",
    "data/row_contract.py",
    "data/rules.py",
    "data/tables.py",
    "data/values.py",
    "errors.py",
    "features/__init__.py",
    "features/columns.py",
    "features/custom.py",
    "features/transform.py",
    "io.py",
    "model/__init__.py",
    "model/bundle.py",
    "model/manifest.py",
    "model/overflow.py",
    "model/skops_file.py",
    "model/trained.py",
    "serving/__init__.py",
    "serving/batch/__init__.py",
    "serving/batch/command.py",
    "serving/batch/csv_text.py",
    "serving/batch/predict.py",
    "serving/batch/predictor.py",
    "serving/batch/unfinished.py",
    "serving/fast.py",
    "serving/features.py",
    "serving/linear.py",
    "serving/log/__init__.py",
    "serving/log/address.py",
    "serving/log/database.py",
    "serving/log/postgres.py",
    "serving/log/prediction_log.py",
    "serving/log/records.py",
    "serving/log/sqlite.py",
    "serving/page/__init__.py",
    "serving/page/card.py",
    "serving/page/router.py",
    "serving/scored.py",
    "serving/scorer.py",
    "serving/service/__init__.py",
    "serving/service/app.py",
    "serving/service/command.py",
    "serving/service/csv_table.py",
    "serving/service/json_rows.py",
    "serving/service/metrics.py",
    "serving/service/openapi.py",
    "serving/service/options.py",
    "serving/service/parquet_pages.py",
    "serving/service/parquet_table.py",
    "serving/service/predict.py",
    "serving/service/refusals.py",
    "serving/service/schemas.py",
    "serving/service/scoring.py",
    "serving/service/state.py",
    "serving/service/table.py",
    "serving/service/view.py",
    "serving/slow.py",
    "serving/trees.py",
    "schema.py",
    "settings.py",
    "yaml_file.py",
)
# What the page of the service is made of.
STATIC = "serving/page/static"


def list_code() -> dict[str, Path]:
    """Give the files of the code by their names in the package."""
    static = [f"{STATIC}/{path.name}" for path in sorted((SOURCE / STATIC).iterdir())]
    return {name: SOURCE / name for name in (*CODE, *static)}
