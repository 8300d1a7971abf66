"""A file of rows becomes a file of rows with predictions, whole or not at all."""

from pathlib import Path

from ...common.console import note, show_share
from ...common.errors import DataError, ProjectError
from ...common.io import hash_file
from ...common.settings import Source
from ...data.tables import explain_unreadable
from .chunks import Chunks, open_chunks
from .predictor import Model, Predictor
from .unfinished import Unfinished

# Held at a time: enough that calls cost nothing, and small beside the libraries themselves.
CELLS = 2_000_000


def predict_file(
    model: Model, source: Path, output: Path, options: Source, cells: int = CELLS
) -> str:
    """Read rows, predict them, and write them with their predictions, in constant memory.

    A run that was interrupted is continued by the same call, with the same result.

    Args:
        model: The model.
        source: A file of rows, in a format that deliveries may have.
        output: The .csv or .parquet file to write.
        options: Separator and encoding of a CSV file of rows.
        cells: How many values to hold at a time.

    Returns:
        What was done, in words.

    Raises:
        DataError: The file can't be read or lacks a column, or the output can't be written.
    """
    _check_paths(source, output)
    with explain_unreadable(source):
        digest, state = hash_file(source), source.stat()
    how = [source.suffixes, cells, options.separator, options.encoding]
    with open_chunks(source, options, cells) as chunks:
        predictor = Predictor(model, source, chunks.schema)
        identity = {"input": digest, "model": predictor.identity, "options": repr(how)}
        try:
            with Unfinished(output, identity, predictor.schema) as unfinished:
                _predict_chunks(predictor, chunks, unfinished)
                if source.stat().st_mtime_ns != state.st_mtime_ns:
                    unfinished.discard()
                    raise DataError(f"{source}: was changed while it was read; predict it again")
                unfinished.finish()
        except OSError as error:
            raise DataError(
                f"{output}: can't be written ({error.strerror or error}); make room for it or "
                "name another file; the rows that are done are kept for the same command"
            ) from error
    return (
        f"{unfinished.rows:,} rows predicted, {unfinished.faulty:,} of them faulty, by "
        f"{model.bundle.version} → {output}"
    )


def _check_paths(source: Path, output: Path) -> None:
    if source.is_dir():
        raise DataError(f"{source}: is a folder; name one file of rows")
    if output.is_dir():
        raise DataError(f"{output}: is a folder; name a .csv or .parquet file")
    if output.suffix not in (".csv", ".parquet"):
        raise DataError(f"{output}: unknown format; name a .csv or .parquet file")
    if source.exists() and output.exists() and output.samefile(source):
        raise DataError(f"{output}: is the input as well; name another file")


def _predict_chunks(predictor: Predictor, chunks: Chunks, unfinished: Unfinished) -> None:
    if unfinished.notice:
        note(unfinished.notice)
    seen, done = 0, unfinished.rows
    try:
        for chunk in chunks.parts:
            seen += len(chunk.rows)
            if seen > done:
                unfinished.append(*predictor.predict(chunk))
            show_share(chunks.share(), f"of the file, {seen:,} rows predicted")
    except ProjectError:
        # Whatever mends it makes another input or model, for which these rows are of no use.
        unfinished.discard()
        raise
