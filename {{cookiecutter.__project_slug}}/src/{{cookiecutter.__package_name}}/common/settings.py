"""params.yaml as typed, validated, frozen objects."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from .numbers import show_limit
from .yaml_file import read_yaml

Task = Literal["binary", "multiclass", "regression"]
Share = Annotated[float, Field(gt=0, lt=1)]
Text = Annotated[str, Field(min_length=1)]

METRICS: dict[Task, tuple[str, ...]] = {
    "binary": ("roc_auc", "average_precision", "log_loss", "brier_loss", "calibration_error"),
    "multiclass": ("accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "log_loss"),
    "regression": ("r2", "mean_absolute_error", "root_mean_squared_error"),
}

KNOWN_METRICS = {name for names in METRICS.values() for name in names}
# The others have no bounds on both sides.
SHARES = KNOWN_METRICS - {
    "log_loss",
    "r2",
    "mean_absolute_error",
    "root_mean_squared_error",
}


def is_loss(metric: str) -> bool:
    """Say whether a lower value of the metric is better."""
    return metric.endswith(("_loss", "_error"))


class Block(BaseModel):
    """A block of settings: no other keys, no conversions, no changes."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Positive(Block):
    """What counts as yes in a binary task: a value above a limit, or one label."""

    above: float | None = None
    equals: Text | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.above is None) == (self.equals is None):
            raise ValueError("must have either `above` or `equals`")
        return self


class Criterion(Block):
    """A limit that a metric has to keep on the test part, or in each slice of it."""

    metric: Text
    at_least: float | None = None
    at_most: float | None = None
    slice: Text | None = None
    min_rows: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("must have either `at_least` or `at_most`")
        if self.metric not in KNOWN_METRICS:
            known = "; ".join(f"{task}: {', '.join(names)}" for task, names in METRICS.items())
            raise ValueError(f"names the metric {self.metric!r}; there are, by task, {known}")
        limit = self.at_most if self.at_least is None else self.at_least
        if self.metric in SHARES and limit is not None and not 0 <= limit <= 1:
            raise ValueError(
                f"has the limit {show_limit(limit)}, but {self.metric} lies between 0 and 1"
            )
        if is_loss(self.metric) != (self.at_most is not None):
            better, due = ("lower", "at_most") if is_loss(self.metric) else ("higher", "at_least")
            raise ValueError(f"must have `{due}`: {self.metric} is better when it is {better}")
        if (self.slice is None) != (self.min_rows is None):
            raise ValueError(
                "must have both `slice`, a column, and `min_rows`, the least that a slice of it "
                "needs to be judged, or neither"
            )
        return self


class Value(Block):
    """What each kind of decision is worth, in money or points; a cost is negative."""

    true_positive: float
    false_positive: float
    false_negative: float
    true_negative: float


class Budget(Block):
    """What the model may cost; a clock judges `latency_ms`, so `release` does, and no stage."""

    model_mb: Annotated[float, Field(gt=0)] | None = None
    latency_ms: Annotated[float, Field(gt=0)] | None = None


class Goal(Block):
    """What the model is for and when it is good enough."""

    statement: Text
    owner: Text
    task: Task
    target: Text
    positive: Positive | None
    metric: Text
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    value: Value | None = None
    budget: Budget = Budget()

    @model_validator(mode="after")
    def _fits_the_task(self) -> Self:
        if (self.task == "binary") != (self.positive is not None):
            raise ValueError(
                "must have `positive` for a binary task, and `positive: null` for any other"
            )
        for metric in [self.metric, *(criterion.metric for criterion in self.criteria)]:
            if metric not in METRICS[self.task]:
                known = ", ".join(METRICS[self.task])
                raise ValueError(
                    f"names the metric {metric!r}; those of a {self.task} task are {known}"
                )
        if not any(each.metric == self.metric and not each.slice for each in self.criteria):
            raise ValueError(f"must have a criterion for {self.metric}, the goal's metric")
        if self.value is not None and self.task != "binary":
            raise ValueError("must have `value: null`; only decisions of a binary task have one")
        return self


class Source(Block):
    """Files with rows of one kind; those with `join` are looked up for each delivered row."""

    files: Text
    join: Annotated[list[Text], Field(min_length=1)] | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Text = "utf-8"


class Split(Block):
    """How rows are divided into train, validation and test."""

    by: Literal["time", "group", "id", "row"]
    test: Share
    validation: Share


class Prepare(Block):
    """Settings of the prepare stage."""

    sources: Annotated[dict[str, Source], Field(min_length=1)]
    deliveries_url: Text | None = None
    max_quarantined_share: Annotated[float, Field(ge=0, le=1)]
    split: Split

    @model_validator(mode="after")
    def _one_main_source(self) -> Self:
        mains = [name for name, source in self.sources.items() if source.join is None]
        if len(mains) != 1:
            raise ValueError(
                "must have exactly one source without `join`, the deliveries; "
                f"{', '.join(mains) or 'none'} found"
            )
        return self


class Featurize(Block):
    """Settings of the featurize stage."""

    impute: Literal["none", "median", "mean"]
    scale: Literal["none", "standard", "robust"]
    encode: Literal["one_hot", "ordinal", "target"]
    min_category_rows: Annotated[int, Field(ge=1)]


class Train(Block):
    """Settings of the train stage; `parameters` are those of the estimator."""

    estimator: Text
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    early_stopping_rounds: Annotated[int, Field(ge=1)]
    parameters: dict[str, float | int | str | bool]


class Slices(Block):
    """Which parts of the test rows are judged on their own."""

    columns: list[Text]
    bins: Annotated[int, Field(ge=2, le=20)]
    min_rows: Annotated[int, Field(ge=1)]


class Evaluate(Block):
    """Settings of the evaluate stage."""

    seed: Annotated[int, Field(ge=0, lt=2**31)]
    resamples: Annotated[int, Field(ge=10)]
    slices: Slices


def _check_version(text: str) -> str:
    if not re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)", text):
        raise ValueError(f"is {text!r}; must be MAJOR.MINOR, such as 1.0")
    return text


class Package(Block):
    """Settings of the package stage."""

    version: Annotated[str, AfterValidator(_check_version)]


Comparison = Literal["better", "same within noise", "worse", "not comparable"]


class Review(Block):
    """Settings of the comparison with an earlier model."""

    min_difference: Annotated[float, Field(gt=0)]
    blocking: list[Comparison]


def _check_window(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*[hDW]", text):
        raise ValueError(f"is {text!r}; must be hours (h), days (D) or weeks (W), such as 7D")
    return text


class Drift(Block):
    """Settings of the search for drift: k of the last n windows over the limit trigger."""

    window: Annotated[str, AfterValidator(_check_window)]
    last: Annotated[int, Field(ge=1)]
    over: Annotated[int, Field(ge=1)]
    min_rows: Annotated[int, Field(ge=1)]
    max_stability_index: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.over > self.last:
            raise ValueError(f"must have `over` of at most `last`, which is {self.last}")
        return self


class Engine(Block):
    """What the computation may use of the machine."""

    threads: Annotated[int, Field(ge=0)]


class Params(Block):
    """All of params.yaml."""

    goal: Goal
    prepare: Prepare
    featurize: Featurize
    train: Train
    evaluate: Evaluate
    package: Package
    review: Review
    drift: Drift
    engine: Engine


def load_params(path: Path) -> Params:
    """Read and check params.yaml.

    Raises:
        SettingsError: The file is not there, no YAML, or breaks a rule.
    """
    return read_yaml(path, Params)
