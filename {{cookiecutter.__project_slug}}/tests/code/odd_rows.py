"""Rows with every oddity that a request may hold, and models to score them."""

from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from {{ cookiecutter.__package_name }}.common.io import write_json
from {{ cookiecutter.__package_name }}.common.settings import Featurize
from {{ cookiecutter.__package_name }}.data.contract import apply_contract
from {{ cookiecutter.__package_name }}.features.transform import (
    extend_rows,
    fit_transform,
    transform_rows,
)
from {{ cookiecutter.__package_name }}.model.bundle import Bundle
from {{ cookiecutter.__package_name }}.model.estimators import dummy, linear
from {{ cookiecutter.__package_name }}.model.graph.compile import compile_graph
from {{ cookiecutter.__package_name }}.model.graph.transform import compile_transform
from {{ cookiecutter.__package_name }}.model.skops_file import save
from {{ cookiecutter.__package_name }}.model.trained import (
    Description,
    TrainedModel,
    load_model,
    save_model,
)
from {{ cookiecutter.__package_name }}.schema import Schema
from {{ cookiecutter.__package_name }}.serving.scorer import Scorer

SCHEMA = Schema.model_validate(
    {
        "columns": {
            "day": {"type": "datetime", "role": "time", "missing": "quarantine"},
            "since": {"type": "datetime", "format": "%d.%m.%Y"},
            "amount": {"type": "number"},
            "items": {"type": "integer", "min": 0, "max": 1e17},
            "member": {"type": "boolean", "missing": "quarantine"},
            "colour": {"type": "category"},
            "size": {"type": "category", "levels": ["S", "M", "L", "7"]},
            "client": {"type": "category", "role": "id", "missing": "quarantine"},
            "bought": {"type": "number", "role": "target", "missing": "quarantine"},
        }
    }
)
COLOURS = ["red", "green", "blue", "7", "NA", "rare", "scarce"]
ODD_NUMBERS = [0, -0.0, 1e308, -1e308, 5e-324, 1e-36, 10**30, 2**53 + 1, True, float("nan")]
ODD_TEXTS = ["-0", "1e3", " 7.5\n", "+.5", "5.", None, "", "NA", "nan", "0.30000000000000004"]
ODD: dict[str, list[Any]] = {
    "day": [
        "2020-06-30T23:59:59Z",
        "2020-06-30 23:59:59.123456789+05:30",
        "20200102",
        "2020/3/4 5:06 -1",
        "1500-01-01",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999",
        2020,
    ],
    "since": ["31.12.2020", "1.2.2020", " 29.02.2020 ", None, "", "null"],
    "amount": [*ODD_NUMBERS, *ODD_TEXTS],
    "items": [0, 7, "7", "7.0", 7.0, 2**53 - 1, -0.0, None, "-", True, " 3 "],
    "member": [True, False, "yes", "NO", "1", 0, 1.0, "True"],
    "colour": [None, "", " red ", 7, 7.0, 7.5, True, "Ünï", "na", "RED", "rare", "x" * 10_000, [1]],
    "size": [None, "", "S ", 7, 7.0, float("nan")],
}
FAULTY: dict[str, list[Any]] = {
    "day": [None, "", "now", "today", "2020-13-01", "2020-01-01T24:00:00", "yesterday", True, {}],
    "since": ["2020-12-31", "31.02.2020", 31122020, "31.12.20"],
    "amount": [float("inf"), "-inf", "1_000", "\uff11", "many", "1e999", [1], {"a": 1}, 10**400],
    "items": [1.5, -1, 2**53, "x", 1e30, 10**400, "9" * 400],
    "member": [None, "", "maybe", 2, 0.5, []],
    "size": ["XL", "s", 8, True],
}
SETTINGS = {"impute": "none", "scale": "none", "encode": "one_hot", "min_category_rows": 12}


def make_rows(n: int, seed: int = 0, odd: float = 0.2, faulty: float = 0.0) -> list[dict[str, Any]]:
    """Make rows of which each value is odd or faulty with these probabilities."""
    random = np.random.default_rng(seed)
    usual = {
        "day": [str(day)[:10] for day in pd.date_range("2020-01-01", periods=50)],
        "since": ["05.06.2019", "17.08.2018"],
        "amount": random.normal(0, 10, 200).tolist(),
        "items": [*range(9)],
        "member": [True, False],
        "colour": [*COLOURS[:5] * 9, *COLOURS],
        "size": ["S", "M", "L"],
    }
    table = {name: _choose(values, n, random) for name, values in usual.items()}
    for share, source in ((odd, ODD), (faulty, FAULTY)):
        for name, values in source.items():
            for place in np.flatnonzero(random.random(n) < share):
                table[name][place] = values[random.integers(len(values))]
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def _choose(values: list[Any], n: int, random: np.random.Generator) -> list[Any]:
    return [values[place] for place in random.integers(len(values), size=n)]


def as_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a table in which every value keeps its own type."""
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]}
    )


def add_features(rows: Any) -> dict[str, Any]:
    return {
        "per_item": rows["amount"] / rows["items"],
        "is_member": rows["member"] == 1,
        "kind": np.where(rows["amount"] > 1, "much", "little"),
        "age": rows["day"].astype("datetime64[D]").astype("float64"),
        "weekday": rows["since"].astype("datetime64[D]").astype("int64") % 7,
    }


def fit_bundle(folder: Path, task: str, estimator: str = "lightgbm", **settings: Any) -> Bundle:
    """Fit a small model on rows of which none is faulty; the estimator travels by its files."""
    learnt = make_rows(600, seed=1, odd=0)
    for row in learnt[::9]:
        row["amount"] = row["colour"] = None
    coerced, _ = apply_contract(as_table(learnt), SCHEMA)
    rows = extend_rows(coerced, SCHEMA)
    number = coerced["amount"].fillna(0).clip(-50, 50) + 9 * (coerced["colour"] == "red")
    y = {
        "binary": (number > 3).astype("int64"),
        "multiclass": pd.cut(number, [-99, -5, 5, 99], labels=False),
        "regression": number,
    }[task]
    transform, features = fit_transform(rows, y, Featurize(**SETTINGS | settings))
    makers = {"linear": linear, "dummy": dummy, "lightgbm": _lightgbm}
    fitted = makers[estimator](task, 0, 1).fit(features.to_numpy(), y)
    classes = ["few", "some", "many"] if task == "multiclass" else []
    description = Description(task, [*features], classes)
    save_model(folder / "estimator", TrainedModel(description, fitted))
    return Bundle(SCHEMA, transform, load_model(folder / "estimator"), "1.0")


def _lightgbm(task: str, seed: int, threads: int) -> Any:
    kind = lgb.LGBMRegressor if task == "regression" else lgb.LGBMClassifier
    return kind(n_estimators=15, num_leaves=15, min_child_samples=3, n_jobs=1, verbose=-1)


def make_scorer(folder: Path, bundle: Bundle, threshold: float | None = None) -> Scorer:
    """Compile a bundle as package does, with a probability that some rows have as threshold."""
    chosen = None
    if bundle.model.description.task == "binary":
        probabilities = bundle.predict(as_table(make_rows(99)))["probability"]
        chosen = threshold or float(probabilities.quantile(0.8, "higher"))
    transform, model = compile_transform(bundle.transform), folder / "estimator"
    graph = compile_graph(bundle.schema, transform, model, bundle.model.description, chosen)
    write_json(folder / "graph.json", graph)
    return Scorer(graph, folder, bundle.version)


def make_slow(folder: Path, bundle: Bundle) -> Scorer:
    """Compile a bundle that can't be, with all the files that it is then served from."""
    save(bundle.transform, folder / "transform.skops")
    columns = {
        name: column.model_dump(exclude_defaults=True) for name, column in SCHEMA.columns.items()
    }
    write_json(folder / "schema.yaml", {"columns": columns})
    return make_scorer(folder, bundle)


def add_split_values(rows: list[dict[str, Any]], bundle: Bundle) -> None:
    """Put values on the splits of LightGBM's trees, and just beside, into the rows."""
    trees = bundle.model.estimator.trees_to_dataframe()
    place = f"Column_{bundle.model.description.features.index('amount')}"
    splits = trees.loc[trees["split_feature"] == place, "threshold"].astype("float64").to_numpy()
    near = [splits, np.nextafter(splits, np.inf), np.nextafter(splits, -np.inf)]
    for row, value in zip(rows, np.concatenate(near).tolist(), strict=False):
        row["amount"] = value


def transform_table(bundle: Bundle, table: pd.DataFrame) -> pd.DataFrame:
    """Give the pipeline's own features of sound rows."""
    coerced, _ = apply_contract(table, SCHEMA)
    return transform_rows(bundle.transform, extend_rows(coerced, SCHEMA))
