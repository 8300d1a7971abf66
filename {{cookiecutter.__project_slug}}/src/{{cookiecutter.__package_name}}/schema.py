"""schema.yaml, the contract of the data, as typed, validated, frozen objects."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from .common.errors import SettingsError
from .common.io import TARGET
from .common.numbers import show_limit
from .common.settings import Block, Goal, Params, Source, Text
from .common.yaml_file import nearest, read_yaml


class Column(Block):
    """The contract of one column, before and after it is joined."""

    type: Literal["number", "integer", "boolean", "category", "datetime"]
    role: Literal["feature", "target", "known_later", "time", "group", "id", "ignored"] = "feature"
    source: Annotated[str, Field(pattern=r"^[^.]+\..+$")] | None = None
    min: float | None = None
    max: float | None = None
    levels: Annotated[list[Text], Field(min_length=1)] | None = None
    format: Text | None = None
    missing: Literal["keep", "quarantine"] = "keep"
    sensitive: bool = False
    log: Literal["keep", "hash", "omit"] = "keep"
    unit: Text | None = None
    description: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _omits_what_is_sensitive(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("sensitive") is True:
            return {"log": "omit"} | given
        return given

    @model_validator(mode="after")
    def _fits_the_type(self) -> Self:
        numeric = self.type in ("number", "integer")
        if not numeric and (self.min is not None or self.max is not None):
            raise ValueError(f"can't have `min` or `max`: its type is {self.type}")
        if self.type != "category" and self.levels is not None:
            raise ValueError(f"can't have `levels`: its type is {self.type}")
        if self.type != "datetime" and self.format is not None:
            raise ValueError(f"can't have `format`: its type is {self.type}")
        if self.type != "datetime" and self.role == "time":
            raise ValueError(f"can't have the role time: its type is {self.type}")
        if self.sensitive and self.role in ("target", "known_later"):
            raise ValueError(f"can't be sensitive: its role is {self.role}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(
                f"has a `min` of {show_limit(self.min)} above its `max` of {show_limit(self.max)}"
            )
        return self

    @model_validator(mode="after")
    def _reads_its_format(self) -> Self:
        import pandas as pd

        if self.format is None:
            return self
        try:
            text = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(self.format)
            pd.to_datetime(text, format=self.format)
        except (ValueError, re.error) as error:
            reason = error.msg if isinstance(error, re.error) else error
            raise ValueError(
                f"has the `format` {self.format!r}, which can't be used ({reason}); "
                "write it as for strptime, such as %d.%m.%Y"
            ) from error
        return self


class Schema(Block):
    """All of schema.yaml."""

    columns: Annotated[dict[Text, Column], Field(min_length=1)]

    @model_validator(mode="after")
    def _roles_are_single(self) -> Self:
        for role in ("target", "time", "group", "id"):
            names = self.with_role(role)
            if len(names) > 1:
                raise ValueError(f"has {len(names)} columns of role {role}: {', '.join(names)}")
        if TARGET in self.with_role("feature", "time", "group", "id"):
            raise ValueError(f"has a column {TARGET!r} of another role; that name is taken")
        for name in self.columns:
            if name.startswith("_"):
                raise ValueError(f"has a column {name!r}; names that begin with _ are taken")
        if not self.with_role("target"):
            raise ValueError("has no column of role target")
        if not self.with_role("feature"):
            raise ValueError("has no column of role feature")
        return self

    def with_role(self, *roles: str) -> list[str]:
        """Name the columns of these roles, in the order of schema.yaml."""
        return [name for name, column in self.columns.items() if column.role in roles]

    def sensitive(self) -> list[str]:
        """Name the sensitive columns, in the order of schema.yaml."""
        return [name for name, column in self.columns.items() if column.sensitive]

    def kept_columns(self) -> list[str]:
        """Name the columns that the prepared rows keep: no later ones, and no ignored ones.

        A sensitive column may be ignored by the model and must yet be known, to compare its groups.
        """
        known = {*self.with_role("feature", "time", "group", "id"), *self.sensitive()}
        return [name for name in self.columns if name in known]

    def own_columns(self) -> list[str]:
        """Name the columns that are known at prediction time and come without a `source`."""
        known = self.with_role("feature", "time", "group", "id")
        return [name for name in known if self.columns[name].source is None]


def load_schema(path: Path) -> Schema:
    """Read and check schema.yaml.

    Raises:
        SettingsError: The file is not there, no YAML, or breaks a rule.
    """
    return read_yaml(path, Schema)


def check_together(params: Params, schema: Schema) -> None:
    """Check what params.yaml says of columns against schema.yaml.

    Raises:
        SettingsError: The two contradict each other.
    """
    target = schema.with_role("target")[0]
    if params.goal.target != target:
        raise SettingsError(
            f"params.yaml: goal.target is {params.goal.target!r}, but schema.yaml gives the role "
            f"target to {target!r}; make them agree"
        )
    _check_goal(params.goal, schema.columns[target].type)
    by = params.prepare.split.by
    named = schema.with_role(by)
    if by != "row" and not named:
        raise SettingsError(
            f"params.yaml: prepare.split.by is {by!r}, but no column in schema.yaml has the role "
            f"{by}; give it to one or split by another"
        )
    if by == "row" and not schema.own_columns():
        raise SettingsError(
            "params.yaml: prepare.split.by is 'row', but every column in schema.yaml that is known "
            "at prediction time has a `source`; split by another"
        )
    if any(schema.columns[name].missing != "quarantine" for name in [target, *named]):
        raise SettingsError(
            f"schema.yaml: the columns {', '.join([target, *named])} need `missing: quarantine`, "
            "as no row can be used without them"
        )
    _check_sources(params.prepare.sources, schema)


def check_slices(params: Params, schema: Schema) -> None:
    """Check that the slices to judge are of columns that there are.

    Raises:
        SettingsError: One is not.
    """
    named = [("evaluate.slices.columns", name) for name in params.evaluate.slices.columns]
    named += [("goal.criteria", each.slice) for each in params.goal.criteria if each.slice]
    for key, name in named:
        if name not in schema.columns:
            raise SettingsError(
                f"params.yaml: {key} names {name!r}, which is no column of schema.yaml"
                f"{nearest(name, schema.columns)}"
            )
        if name not in schema.kept_columns():
            raise SettingsError(
                f"params.yaml: {key} names {name!r}, which has the role "
                f"{schema.columns[name].role} in schema.yaml and is not kept for the reports; name "
                "a column of the role feature, time, group or id, or a sensitive one"
            )


def _check_goal(goal: Goal, found: str) -> None:
    fitting = {
        "binary": ("number", "integer", "boolean", "category"),
        "multiclass": ("category",),
        "regression": ("number", "integer"),
    }[goal.task]
    if found not in fitting:
        raise SettingsError(
            f"schema.yaml: columns.{goal.target}.type is {found!r}; the target of a {goal.task} "
            f"task must be {' or '.join(fitting)}: change it, or goal.task in params.yaml"
        )
    if goal.positive is None or (goal.positive.equals is not None) == (found == "category"):
        return
    rule = "`above` (0 takes true as positive)" if found == "boolean" else "`above`"
    raise SettingsError(
        f"params.yaml: goal.positive must have {'`equals`' if found == 'category' else rule}, as "
        f"schema.yaml gives {goal.target} the type {found}"
    )


def _check_sources(sources: dict[str, Source], schema: Schema) -> None:
    for name, column in schema.columns.items():
        table = (column.source or "").partition(".")[0]
        if table and table not in sources:
            raise SettingsError(
                f"schema.yaml: columns.{name}.source is {column.source!r}, but params.yaml has no "
                f"prepare.sources.{table}{nearest(table, sources)}"
            )
    read = {"", *(name for name, source in sources.items() if source.join is None)}
    for table, source in sources.items():
        for key in source.join or []:
            if key not in schema.columns:
                raise SettingsError(
                    f"params.yaml: prepare.sources.{table}.join names {key!r}, which is no column "
                    f"of schema.yaml{nearest(key, schema.columns)}"
                )
            origin = (schema.columns[key].source or "").partition(".")[0]
            if origin not in read:
                raise SettingsError(
                    f"params.yaml: prepare.sources.{table}.join names {key!r}, which comes from "
                    f"{origin}; it must come from the deliveries or from a source above {table}"
                )
        read.add(table)
