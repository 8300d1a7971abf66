"""The tables behind the charts and of the most wrong rows, made up, for each task."""

import numpy as np
import pandas as pd
from sample_results import CLASSES, HOSTILE, make_features


def make_tables(task, n=600):
    random = np.random.default_rng(7)
    actual = random.gamma(3, 40, n).round(1)
    predicted = actual * 0.6 + 45 + random.normal(0, 20, n)
    steps = np.arange(180)
    share = np.linspace(0, 1, 100)
    classes = random.choice(CLASSES, n)
    wrong = random.random(n) < 0.4
    by_task = {
        "binary": {
            "roc": pd.DataFrame({"false_positive_rate": share, "true_positive_rate": share**0.45}),
            "precision_recall": pd.DataFrame(
                {"recall": share[::-1], "precision": 0.9 - 0.68 * share[::-1] ** 0.6}
            ),
            "calibration": pd.DataFrame(
                {
                    "predicted": np.linspace(0.06, 0.7, 10),
                    "observed": np.linspace(0.04, 0.78, 10) + random.normal(0, 0.02, 10),
                    "rows": [117] * 9 + [109],
                }
            ),
            "lift": pd.DataFrame({"share_selected": share[1:], "lift": 3 - 2 * share[1:] ** 0.5}),
            "confusion": pd.DataFrame(
                {
                    "actual": np.where(actual > 130, "yes", "no"),
                    "predicted": np.where(predicted > 120, "yes", "no"),
                }
            ),
        },
        "multiclass": {
            "confusion": pd.DataFrame(
                {"actual": classes, "predicted": np.where(wrong, classes[::-1], classes)}
            )
        },
        "regression": {"residuals": pd.DataFrame({"actual": actual, "predicted": predicted})},
    }
    curves = {
        "training": pd.DataFrame({"step": steps, "metric": 0.8 - 0.2 * np.exp(-steps / 40)}),
        "validation": pd.DataFrame({"step": steps, "metric": 0.71 - 0.1 * np.exp(-steps / 25)}),
    }
    explained = {"beeswarm": make_swarm(random), "errors": make_errors(task)}
    if task == "multiclass":
        del explained["beeswarm"]
    return by_task[task] | curves | explained


def make_swarm(random, n=120):
    parts = []
    for place, name in enumerate(make_features()):
        value = random.random(n)
        moved = (value - 0.5) * (1 - place / 20) + random.normal(0, 0.1, n)
        parts.append(pd.DataFrame({"feature": name, "value": value, "contribution": moved}))
    return pd.concat(parts, ignore_index=True)


def make_errors(task):
    n = 50
    return pd.DataFrame(
        {
            "time_hour": pd.date_range("2013-03-14", periods=n, freq="7h"),
            "carrier": [HOSTILE[i % 4] for i in range(n)],
            "distance": np.linspace(100, 2500, n).round(),
            "temp": [np.nan, *np.linspace(30, 60, n - 1)],
            "actual": {"binary": 1, "multiclass": HOSTILE[1], "regression": 310.5}[task],
            "predicted": np.linspace(0.02, 0.1, n),
            "loss": np.linspace(3.9, 2.3, n),
            "explanation": [f"humid 0.{i:02}; {HOSTILE[0]} -0.2" for i in range(n)],
        }
    )
