"""What a thread does for a request: read its rows, score them, write the answer."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

from ...common.errors import ProjectError
from ..scored import Scored
from ..scorer import Scorer
from .csv_table import CsvTable
from .json_rows import read_rows, write_predictions
from .options import Options
from .parquet_table import ParquetTable
from .refusals import refuse
from .table import check_size, name_outputs

JSON, CSV, PARQUET = "application/json", "text/csv", "application/vnd.apache.parquet"
TABLES: dict[str, type[CsvTable] | type[ParquetTable]] = {CSV: CsvTable, PARQUET: ParquetTable}
# Rows between two looks at the clock.
CHUNK = 200

Rows = Sequence[Mapping[str, Any]]


class Job(NamedTuple):
    """A request whose body has come.

    Attributes:
        kind: Its media type, one of those above.
        body: As it came.
        contributions: Whether its address asks for them.
        deadline: When to give up, in seconds of the monotonic clock.
    """

    kind: str
    body: bytes
    contributions: bool
    deadline: float


class Result(NamedTuple):
    """The answer to a job, in its media type, and what was scored for it.

    There is no answer to rows in JSON of which one has faults.
    """

    content: bytes
    rows: Rows
    scored: Sequence[Scored]


class Scoring:
    """A model that answers jobs; threads may share it."""

    def __init__(self, scorer: Scorer, name: str, needed: Sequence[str], options: Options) -> None:
        """Take the model, its name, the columns that a row needs, and the limits."""
        self._scorer, self._name, self._needed, self._options = scorer, name, needed, options

    def run(self, job: Job) -> Result:
        """Answer a job.

        Raises:
            HTTPException: The body can't be read.
            TimeoutError: The deadline is over.
        """
        return self._score_json(job) if job.kind == JSON else self._score_table(job)

    def _score_json(self, job: Job) -> Result:
        rows, contributions = read_rows(job.body)
        check_size(len(rows), self._options.max_rows)
        scored = self._score(rows, contributions or job.contributions, job.deadline)
        # Rows with faults get no answer, but are counted and logged.
        sound = not any(each.faults for each in scored)
        content = write_predictions(self._name, self._scorer.version, scored) if sound else b""
        return Result(content, rows, scored)

    def _score_table(self, job: Job) -> Result:
        if job.contributions:
            raise refuse(400, "contributions are given for rows in JSON only")
        table = TABLES[job.kind](job.body, self._options.max_rows)
        table.check_columns(self._needed)
        scored = self._score(table.rows, False, job.deadline)
        names = name_outputs(self._scorer.task, self._scorer.classes)
        return Result(table.write(scored, names), table.rows, scored)

    def _score(self, rows: Rows, contributions: bool, deadline: float) -> list[Scored]:
        scored: list[Scored] = []
        try:
            for start in range(0, len(rows), CHUNK):
                if monotonic() > deadline:
                    raise TimeoutError
                chunk = rows[start : start + CHUNK]
                scored += self._scorer.score(chunk, contributions=contributions)
        except (ProjectError, ValueError, ArithmeticError) as error:
            # Of features/custom.py, or of an estimator that only scikit-learn can run.
            raise refuse(422, f"the model can't take these rows: {error}") from error
        return scored
