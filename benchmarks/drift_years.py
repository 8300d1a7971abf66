"""Years of draws, judged as `drift` judges them; drift.py runs it inside a generated project.

Usage: drift_years.py YEARS. A run looks at the windows up to its week, as a schedule would.
"""

import importlib
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

PACKAGE = "flight_delays"
TRAINING_WEEKS, WEEKS = 13, 52
NUMBERS, CATEGORIES = 12, 8
SETTINGS = {"window": "7D", "last": 3, "over": 2, "min_rows": 100, "max_stability_index": 0.2}


class Setting(NamedTuple):
    """What to draw: rows a week, and what happens to them.

    Attributes:
        name: For the table.
        rows: In a week.
        shift: Of one number, in standard deviations, in all weeks but the training part's.
        restless: How far the weeks' means of one number lie from each other by themselves.
        usual: Whether the training part's own weeks raise the limit.
    """

    name: str
    rows: int
    shift: float = 0.0
    restless: float = 0.0
    usual: bool = True


UNDISTURBED = [Setting(f"undisturbed, {rows} rows a week", rows) for rows in (100, 300, 1000)]
RESTLESS = [
    Setting("one number's weeks differ by themselves", 300, restless=0.5),
    Setting("the same, without what is usual in training", 300, restless=0.5, usual=False),
]
SHIFTED = [
    Setting(f"one number of twenty columns moved by {shift:g} sd, {rows} rows", rows, shift)
    for rows in (100, 300)
    for shift in (0.3, 0.5, 0.75, 1.0)
]


def print_tables(years: int) -> None:
    """Measure each setting and print its row."""
    print("| rows | weekly runs with an alarm | years with an alarm |\n|---|---|---|")
    for setting in [*UNDISTURBED, *RESTLESS]:
        alarms = [alarm_weeks(setting, seed, WEEKS) for seed in range(years)]
        runs, hit = sum(map(sum, alarms)), sum(map(any, alarms))
        print(
            f"| {setting.name} | {runs} of {years * WEEKS:,} ({runs / years / WEEKS:.3%}) "
            f"| {hit} of {years} ({hit / years:.1%}) |",
            flush=True,
        )
    print("\n| shift | found after 2 weeks | after 3 weeks | after 8 weeks |\n|---|---|---|---|")
    years = max(years // 4, 1)
    for setting in SHIFTED:
        alarms = [alarm_weeks(setting, seed, 8) for seed in range(years)]
        found = [sum(any(weeks[:n]) for weeks in alarms) / years for n in (2, 3, 8)]
        print(f"| {setting.name} | {' | '.join(f'{share:.0%}' for share in found)} |", flush=True)


def alarm_weeks(setting: Setting, seed: int, weeks: int) -> list[bool]:
    """Draw a training part and weeks after it, and say for each week whether its run alarms."""
    drift = importlib.import_module(f"{PACKAGE}.common.settings").Drift(**SETTINGS)
    judge = importlib.import_module(f"{PACKAGE}.review.drift.windows")
    random = np.random.default_rng(seed)
    draw = make_draw(setting, random)
    profile = profile_rows([draw(0.0) for _ in range(TRAINING_WEEKS)], drift)
    later = [draw(setting.shift) for _ in range(weeks)]
    names = [*profile["columns"]]
    for column in profile["columns"].values():
        if not setting.usual:
            column.pop("usual", None)
    over = [
        [
            move["over"]
            for move in judge.follow_column(
                profile["columns"][name],
                {week: rows[name] for week, rows in enumerate(later)},
                drift,
                len(names),
            )
        ]
        for name in names
    ]
    return [
        any(judge.has_drifted(column[: week + 1], drift) for column in over)
        for week in range(weeks)
    ]


def make_draw(setting: Setting, random: np.random.Generator) -> Callable[[float], pd.DataFrame]:
    """Give a function that draws a week's rows: numbers, some of them missing, and categories."""
    shares = [random.dirichlet(np.full(size, 0.8)) for size in range(2, 2 + 5 * CATEGORIES, 5)]

    def draw(shift: float) -> pd.DataFrame:
        numbers = random.normal(size=(setting.rows, NUMBERS))
        numbers[:, 0] += shift + random.normal(0, setting.restless)
        # Whole numbers, a skewed one, and one with gaps.
        numbers[:, 1:4] = np.round(numbers[:, 1:4] * 2)
        numbers[:, 4] = np.exp(numbers[:, 4])
        numbers[random.random(setting.rows) < 0.1, 5] = np.nan
        table = {f"number_{n}": numbers[:, n] for n in range(NUMBERS)}
        for n, share in enumerate(shares):
            table[f"category_{n}"] = random.choice(len(share), setting.rows, p=share).astype(str)
        return pd.DataFrame(table)

    return draw


def profile_rows(weeks: list[pd.DataFrame], drift: Any) -> dict[str, Any]:
    """Make the training profile of weeks of rows."""
    module = importlib.import_module(f"{PACKAGE}.measure.profile")
    description = importlib.import_module(f"{PACKAGE}.model.trained").Description
    schema = importlib.import_module(f"{PACKAGE}.schema").Schema
    rows = pd.concat(weeks, ignore_index=True)
    number = np.repeat(np.arange(len(weeks)), len(weeks[0]))
    columns = {name: {"type": str(name).split("_")[0]} for name in rows}
    columns["day"] = {"type": "datetime", "role": "time"}
    columns["y"] = {"type": "number", "role": "target"}
    rows["day"] = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(number * 7, unit="D")
    rows["target"] = 0.0
    predicted = module.Predicted(
        rows, rows["number_0"].to_numpy(), description("regression", [], []), None
    )
    checked = schema.model_validate({"columns": columns})
    profile: dict[str, Any] = module.make_profile(rows, predicted, checked, drift)
    return profile


if __name__ == "__main__":
    print_tables(int(sys.argv[1]))
