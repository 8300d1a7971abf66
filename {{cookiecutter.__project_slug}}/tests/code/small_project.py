"""A small project of each task, to run through all stages in a test."""

import importlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from {{ cookiecutter.__package_name }}.common.io import write_json

ROOT = Path(__file__).parents[2]
STAGES = YAML(typ="safe", pure=True).load(ROOT / "dvc.yaml")["stages"]
TASKS = ("binary", "multiclass", "regression")
TARGETS = {"binary": "sold", "multiclass": "size", "regression": "price"}
METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "r2"}
VALUES = {
    "binary": {
        "true_positive": 5,
        "false_positive": -2,
        "false_negative": -1,
        "true_negative": 0,
    },
    "multiclass": None,
    "regression": None,
}
# The modules that call the custom features.
USERS = ("features.transform", "serving.features")
POSITIVE = {"binary": {"equals": "yes"}, "multiclass": None, "regression": None}


@dataclass(frozen=True)
class Project:
    """A project's folder, and what each of its stages said."""

    folder: Path
    said: dict[str, str]

    @property
    def wheel(self) -> Path:
        return next(self.folder.glob("dist/*.whl"))

    def deliveries(self) -> pd.DataFrame:
        """All delivered rows with the looked-up columns, as text."""
        files = sorted(self.folder.glob("data/raw/orders/*.csv"))
        orders = pd.concat([pd.read_csv(file, dtype="str") for file in files], ignore_index=True)
        return orders.assign(rain=orders["shop"].map({"a": "0.5", "b": "1.5"}))


def write_project(folder: Path, task: str) -> None:
    """Write settings, schema and raw data of a project whose target is easy to learn."""
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    write_json(folder / "params.yaml", make_params(task))
    write_json(folder / "schema.yaml", {"columns": make_columns(task)})
    rows = make_orders(480)
    for month, orders in rows.groupby(rows["day"].str[:7]):
        write_table(folder / f"data/raw/orders/{month}.csv", orders)
    weather = pd.DataFrame({"shop": ["a", "b"], "rain": [0.5, 1.5]})
    write_table(folder / "data/raw/weather/all.csv", weather)


def write_table(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)


def make_orders(n: int) -> pd.DataFrame:
    """Make rows of which the last breaks the contract and the first comes twice."""
    random = np.random.default_rng(7)
    weight = random.normal(10, 3, n).round(2)
    price = (weight * 2 + random.normal(0, 2, n)).round(2)
    days = pd.Timestamp(2020, 1, 1) + pd.to_timedelta(np.arange(n) // 8, unit="D")
    rows = pd.DataFrame(
        {
            "day": days.strftime("%Y-%m-%d"),
            "shop": random.choice(["a", "b"], n),
            "colour": random.choice(["red", "green", ""], n),
            "weight": weight,
            "price": price,
            "sold": np.where(price > 20, "yes", "no"),
            "size": np.select([price < 17, price < 23], ["small", "middle"], "large"),
        }
    )
    rows.loc[n - 1, "weight"] = -1
    return pd.concat([rows.head(1), rows], ignore_index=True)


def make_columns(task: str) -> dict[str, Any]:
    columns = {
        "day": {"type": "datetime", "role": "time", "missing": "quarantine"},
        "shop": {"type": "category", "sensitive": True},
        "colour": {"type": "category", "levels": ["red", "green"]},
        "weight": {"type": "number", "min": 0},
        "rain": {"type": "number", "source": "weather.rain"},
        "price": {"type": "number", "role": "known_later"},
        "sold": {"type": "category", "role": "known_later"},
        "size": {"type": "category", "role": "known_later"},
    }
    columns[TARGETS[task]] |= {"role": "target", "missing": "quarantine"}
    return columns


def make_params(task: str) -> dict[str, Any]:
    """Make settings in which every block differs from what a program would take by default."""
    return {
        "goal": {
            "statement": "Price orders.",
            "owner": "Sales",
            "task": task,
            "target": TARGETS[task],
            "positive": POSITIVE[task],
            "metric": METRICS[task],
            "criteria": [
                {"metric": METRICS[task], "at_least": 0.5},
                {"metric": METRICS[task], "at_least": 0.3, "slice": "shop", "min_rows": 20},
            ],
            "value": VALUES[task],
            "budget": {"model_mb": 3, "latency_ms": 1000},
        },
        "prepare": {
            "sources": {
                "orders": {"files": "orders/*.csv"},
                "weather": {"files": "weather/*", "join": ["shop"]},
            },
            "max_quarantined_share": 0.1,
            "split": {"by": "time", "test": 0.25, "validation": 0.25},
        },
        "featurize": {
            "impute": "median",
            "scale": "standard",
            "encode": "one_hot",
            "min_category_rows": 2,
        },
        "train": {
            "estimator": "lightgbm",
            "seed": 7,
            "early_stopping_rounds": 5,
            "parameters": {"n_estimators": 20, "num_leaves": 5, "min_child_samples": 5},
        },
        "evaluate": {
            "seed": 7,
            "resamples": 20,
            "slices": {"columns": ["shop", "weight"], "bins": 3, "min_rows": 10},
        },
        "package": {"version": "2.5"},
        "review": {"min_difference": 0.02, "blocking": ["worse", "not comparable"]},
        "drift": {
            "window": "5D",
            "last": 3,
            "over": 2,
            "min_rows": 20,
            "max_stability_index": 0.3,
        },
        "engine": {"threads": 1},
    }


def run_stage(folder: Path, name: str) -> str:
    """Run a stage as dvc.yaml does, in a folder, with features of its own."""
    _, _, module, *arguments = STAGES[name]["cmd"].split()
    stage = importlib.import_module(module)
    users = [module.replace(f"stages.{name}", user) for user in USERS]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for user in users:
            patch.setattr(importlib.import_module(user), "add_features", add_features)
        patch.setenv("SOURCE_DATE_EPOCH", "")
        said: str = stage.main(arguments)
    return said


def add_features(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
