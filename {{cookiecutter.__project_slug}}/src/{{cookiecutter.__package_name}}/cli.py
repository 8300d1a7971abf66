"""The project's command: what people do by hand. The stages run by `dvc repro`."""

# Each command imports what it needs by itself, so that --help answers at once.
from pathlib import Path
from typing import Annotated

import typer

from .common.console import run
from .ending import end
from .registry.commands import identify, plan, promote, release, rollback, status
from .wheel.commands import serve, smoke

# Plain help: rich takes longer to import than all the rest.
app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help=__doc__)

# The exit code of `drift` when it found some.
DRIFTED = 3

for command in (release, identify, plan, promote, rollback, status, smoke):
    app.command()(command)
app.command(context_settings={"ignore_unknown_options": True})(serve)


@app.command()
def check() -> None:
    """Check params.yaml and schema.yaml, and that dvc.lock is what they give."""
    from .review.lock import check_project

    end(lambda: check_project(Path()))


@app.command()
def verdict() -> None:
    """Show whether the goal is met, and the metrics behind it."""
    from .review.terminal import describe_results

    end(lambda: describe_results(Path("reports")))


@app.command()
def ingest(
    listing: Annotated[
        Path | None,
        typer.Option("--list", help="Text file to write the new files' paths to, a line each."),
    ] = None,
) -> None:
    """Copy new deliveries from prepare.deliveries_url in params.yaml to below data/raw."""

    def copy_deliveries() -> str:
        from .ingest.ingest import ingest

        return ingest(Path(), listing)

    end(copy_deliveries)


@app.command()
def reproduce() -> None:
    """Run the stages that changed, with what can be had of the DVC remote, as CI does."""
    from .review.pull_request.reproduce import reproduce

    end(lambda: reproduce(Path(), Path("reports/compare/reproduction.json")))


@app.command()
def compare(
    base: Annotated[
        str, typer.Option(metavar="REV", help="Git revision, or stage of the model registry.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON file to write.")] = Path(
        "reports/compare/comparison.json"
    ),
) -> None:
    """Compare the model with that of an earlier revision, on the same rows."""

    def compare_models() -> str:
        from .review.comparison.compare import compare_with_base

        return compare_with_base(Path(), base, output)

    end(compare_models)


@app.command()
def predict(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="File of rows to predict.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV or Parquet file to write.")],
    separator: Annotated[
        str | None, typer.Option(help="Of a CSV file's values, if not that of the deliveries.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of a CSV file, if not that of the deliveries.")
    ] = None,
) -> None:
    """Predict the rows of a file with the model that `dvc repro` trained.

    Columns that the rows lack are looked up as in `prepare`. If interrupted, the same command
    goes on.
    """

    def predict_rows() -> str:
        from .serving.project.predict import predict_here

        return predict_here(Path(), source, output, separator, encoding)

    end(predict_rows)


@app.command()
def report(
    comparison: Annotated[
        Path | None, typer.Option(help="What `compare` wrote, by default reports/compare.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Markdown file to write.")] = Path(
        "reports/compare/report.md"
    ),
    html: Annotated[
        Path | None, typer.Option(help="Page to write as well, with charts; needs a comparison.")
    ] = None,
    run_url: Annotated[str | None, typer.Option(help="Address of the CI run to link to.")] = None,
) -> None:
    """Write the results, and how they compare, in Markdown for a pull request."""
    from .review.pull_request.publish import publish_report

    end(lambda: publish_report(Path(), comparison, output, html, run_url))


@app.command()
def drift(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[INPUT]...", help="Files of rows, or patterns of files."),
    ] = None,
    log: Annotated[
        str | None, typer.Option(metavar="URL", help="Prediction log to read, in place of files.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Leave older rows out; or a time before the newest, such as 28D."
        ),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of a packaged model, if not the one made here.")
    ] = None,
) -> None:
    """Find out whether rows have moved away from those that the model learnt from.

    Ends with exit code 3 if they have.
    """
    found = []

    def compare_rows() -> str:
        from .review.drift.drift import find_drift

        outcome = find_drift(Path(), inputs or [], since, model, log)
        found.append(outcome.drifted)
        return outcome.line

    code = run(lambda _: compare_rows())
    raise typer.Exit(DRIFTED if any(found) else code)
