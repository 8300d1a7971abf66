"""A value alone means what it means in a table, whatever it is."""

import datetime
import decimal

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from {{ cookiecutter.__package_name }}.data.contract import apply_contract
from {{ cookiecutter.__package_name }}.data.moments import is_readable, make_reader
from {{ cookiecutter.__package_name }}.data.row_contract import Contract
from {{ cookiecutter.__package_name }}.data.rules import describe_rules
from {{ cookiecutter.__package_name }}.schema import Column, Schema

COLUMNS = [
    {"type": "number"},
    {"type": "number", "min": -5, "max": 10, "missing": "quarantine"},
    {"type": "integer"},
    {"type": "integer", "min": 0, "max": 1e300},
    {"type": "boolean"},
    {"type": "boolean", "missing": "quarantine"},
    {"type": "category"},
    {"type": "category", "levels": ["a", "7", "None"], "missing": "quarantine"},
    {"type": "datetime"},
    {"type": "datetime", "format": "%d.%m.%Y", "missing": "quarantine"},
    {"type": "datetime", "format": "%Y%m%d"},
]
WORDS = ["", " ", "NA", " n/a", "NaN", "-", "None", "null", "yes", "No", "TRUE", "1", "0", "a", "7"]
WORDS += ["7.0", "1_0", "0x1", "inf", "-Infinity", "1e5", "+.5", "5.", "1e400", "\x1c1", "٣", "now"]
WORDS += ["20201231", "31.12.2020", "1.2.2020", "2020-12-31", "2020-1-1T1:02Z", "2020", "today"]
NUMBERS = [-5, -5.0, -5.1, -6, 10, 10.0, 10.1, 11, -1, 0.5, 2**53 - 1, 2**53, float(2**53)]
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(NUMBERS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.from_regex(r"[ +-]?[0-9]{0,3}[.eE]?[+-]?[0-9]{0,3}", fullmatch=True),
    st.floats(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.booleans(),
    st.none(),
    st.decimals(allow_infinity=False).filter(lambda number: not number.is_snan()),
    st.lists(st.integers(), max_size=1),
    st.dictionaries(st.text("ab", max_size=1), st.none(), max_size=1),
)
FORMATS = [None, None, None, "%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S%z", "%m/%d/%y"]
FORMATS += ["%Y-%m-%d %H:%M:%S.%f", "%d %b %Y", "%B %d, %Y %I:%M %p", "%Y/%m", "%Y", "%Y %m %d"]
FORMATS += ["%H:%M %d.%m.%Y %z", "%a %d %b %Y", "%Y-%m-%d %H", "%d.%m.%Y %S.%f"]
MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%Y%m%dT%H%M"]
MOMENTS += ["%Y/%m/%d %H:%M+0530", "%Y-%m", "%Y.%m.%d", *filter(None, FORMATS)]


def read_alone(value, column):
    """Read a value in a row, in the form of the table's."""
    graph = column.model_dump() | {"name": "x", "rules": describe_rules(column)}
    values, faults = Contract([graph]).read({"x": value})
    found = values[0] if values else None
    if column.type == "datetime" and found is not None:
        found = pd.Timestamp(found, unit="us")
    return found, [*map(str, faults)]


@settings(max_examples=400)
@example("+1E-81", {"type": "number"})
@example("84011653.5157527747", {"type": "number"})
@example("8E 6", {"type": "number"})
@given(VALUES, st.sampled_from(COLUMNS))
def test_value_alone_is_read_as_in_a_table(value, options):
    column = Column.model_validate(options)
    schema = Schema.model_construct(columns={"x": column})
    coerced, faults = apply_contract(pd.DataFrame({"x": pd.Series([value], dtype=object)}), schema)
    name, rule, text = faults.loc[0]
    found, told = read_alone(value, column)
    assert told == ([f"{name} {rule}" + (f", is {text}" if text else "")] if name else [])
    expected = coerced.loc[0, "x"]
    assert name or found == expected or (pd.isna(found) and pd.isna(expected))


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (-5, []),
        (10, []),
        (10.0, []),
        (-5.5, ["x must be at least -5, is -5.5"]),
        (-6, ["x must be at least -5, is -6"]),
        (10.5, ["x must be at most 10, is 10.5"]),
        (11, ["x must be at most 10, is 11"]),
        (10**400, [f"x must be a valid number, is {10**400}"]),
        (None, ["x must not be missing"]),
    ],
)
def test_limits_are_part_of_what_they_allow(value, fault):
    assert read_alone(value, Column.model_validate(COLUMNS[1]))[1] == fault


@st.composite
def moments(draw):
    """Draw a format and a text that is nearly written in it, or in another."""
    form = draw(st.sampled_from(FORMATS))
    moment = draw(st.datetimes(datetime.datetime(1000, 1, 1)))
    written = moment.strftime(draw(st.sampled_from([form or MOMENTS[0], *MOMENTS])))
    text = written.replace("%z", draw(st.sampled_from(["Z", "+0100", "-03:30"])))
    place, length = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
    extra = draw(st.text("0159-/.: TZ+e", max_size=draw(st.integers(0, 2))))
    return form, (text[:place] + extra + text[place + length :]).strip()


@settings(max_examples=400)
@given(moments())
def test_moment_is_read_as_pandas_reads_it(drawn):
    check_moment(*drawn)


def check_moment(form, text):
    column = Column.model_validate({"type": "datetime"} | ({"format": form} if form else {}))
    schema = Schema.model_construct(columns={"x": column})
    coerced, faults = apply_contract(pd.DataFrame({"x": [text]}), schema)
    found, told = read_alone(text, column)
    assert len(told) == int(faults.loc[0, "column"] != "")
    assert found == coerced.loc[0, "x"] or (found is None and pd.isna(coerced.loc[0, "x"]))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *((None, f"2020-01-01T{clock}") for clock in ("24:00:00", "24", "23:60", "23:59:60", "1")),
        *((None, f"2020-01-01T10:30{zone}") for zone in ("+24", "+1:3", "+0160", " Z", "z", "+")),
        *((None, day) for day in ("202001", "2020-02-30", "/1/2", "-4-02-29", "0000-01-01")),
        *((None, clock) for clock in ("2020T10", "2020 1 2 3:04", "20200101 10", "2020-1 10")),
        (None, "2020-01-01T10:30:05.12345678901234567890"),
        ("%Y-%m-%d", "-2020-1-1"),
        ("%Y-%m-%dT%H:%M:%S%z", "2020-01-01T10:30:05+1:3"),
        ("%Y-%m-%d %H:%M:%S.%f", "2020-01-01 10:30:05."),
        ("%Y-%m-%d %H:%M:%S", "2020-01-01 23:59:61"),
        ("%Y-%m-%d %H:%M:%S.%f", "1500-01-01 00:00:00.1234567"),
        ("%d.%m.%y", "31.12.68"),
        ("%d.%m.%y", "31.12.69"),
        ("%d %b %Y %I %p", "1 fEB 2020 12 am"),
        ("%d %b %Y %I %p", "1 Feb 2020 12 PM"),
        ("%d %B %Y %I", "1 february 2020 12"),
        ("%H:%M %d.%m.%Y %z", "10:30 1.2.2020 -03:30"),
        ("%d.%m.%Y", "\u0661.2.2020"),
    ],
)
def test_odd_moment_is_read_as_pandas_reads_it(form, text):
    check_moment(form, text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.datetime(2020, 1, 2, 3), "2020-01-02 03:00"),
        (datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC), "2020-01-02"),
        (pd.Timestamp("2020-01-02 03:04:05.678901234"), "2020-01-02 03:04:05.678901"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (pd.NaT, None),
        (decimal.Decimal(2020), "2020-01-01"),
    ],
)
def test_moment_that_is_no_text_is_read(value, expected):
    found, faults = read_alone(value, Column.model_validate({"type": "datetime"}))
    assert faults == []
    assert found == (expected and pd.Timestamp(expected))


def test_format_that_depends_on_more_than_its_parts_is_not_readable():
    assert is_readable("%d.%m.%Y %H:%M:%S.%f %z 100%%")
    assert not is_readable("%Y %j")
    assert not is_readable("%Y %W %w")
    assert make_reader("%d.%m.%y")("01.01.70") == 0
