"""What evaluate writes for each task, made up, with names that would like to be markup."""

import numpy as np
import pandas as pd

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "| a |",
    'q" \x01&',
]
SCORES = {
    "binary": {"roc_auc": 0.717, "average_precision": 0.431, "log_loss": 0.48, "brier_loss": 0.156},
    "multiclass": {"accuracy": 0.64, "balanced_accuracy": 0.61, "f1_macro": 0.6, "log_loss": 0.9},
    "regression": {"r2": 0.43, "mean_absolute_error": 12.5, "root_mean_squared_error": 1720.25},
}
TASKS = [*SCORES]
CLASSES = ["small", "middle", *HOSTILE]
COUNTS = {
    "delivered": 6000,
    "kept": 5783,
    "quarantined": 217,
    "duplicates": 3,
    "by_file": {"flights/2013-01.csv": 6000},
    "by_rule": {f"size must be one of {HOSTILE[1]}": 217},
    "parts": {"train": 3692, "validation": 929, "test": 1162},
    "spans": {"test": ["2013-03-13", "2013-04-01"]},
}


def make_verdict(task, passed=True):
    criteria = [
        {"criterion": f"{name} on the test part must be at least 0.1", "value": value, "passed": ok}
        for (name, value), ok in zip(SCORES[task].items(), [True, passed], strict=False)
    ]
    criteria.append({"criterion": f"on {HOSTILE[0]}", "value": None, "passed": True})
    statement = f"Warn passengers early, even {HOSTILE[1]}."
    return {
        "statement": statement,
        "owner": HOSTILE[0],
        "goal_met": passed,
        "criteria": criteria,
    }


def make_metrics(task):
    worse = {name: value * 0.97 for name, value in SCORES[task].items()}
    return {"train": SCORES[task], "validation": worse, "test": SCORES[task]}


def make_details(task):
    scores = SCORES[task]
    primary = next(iter(scores))
    slices = make_slices(scores[primary])
    return {
        "task": task,
        "primary_metric": primary,
        "resamples": 1000,
        "rows": COUNTS["parts"],
        "interval": {name: {"low": v * 0.95, "high": v * 1.05} for name, v in scores.items()},
        "baselines": {
            "linear": {name: value * 0.96 for name, value in scores.items()},
            "dummy": {name: value * 0.7 for name, value in scores.items()},
        },
        "decision": make_decision() if task == "binary" else None,
        "classes": make_classes() if task == "multiclass" else [],
        "deciles": make_deciles() if task == "regression" else [],
        "slices": slices,
        "worst_slices": sorted(slices, key=lambda each: each["value"])[:3],
        "fairness": [make_fairness()] if task == "binary" else [],
        "importance": [
            {"feature": name, "importance": 900 / (n + 1)} for n, name in enumerate(make_features())
        ],
        "explained_by": "permutation" if task == "multiclass" else "shap",
    }


def make_features():
    return [
        "sched_dep_time",
        "humid",
        *HOSTILE,
        *(f"a rather long name of feature {n}" for n in range(8)),
    ]


def make_slices(value):
    names = {"carrier": ["UA", "B6", "EV", *HOSTILE], HOSTILE[0]: ["500 to 900", "900 to 1,300"]}
    return [
        {
            "column": column,
            "slice": name,
            "rows": 400 - 40 * n,
            "value": value * (1.04 - 0.02 * n),
            "low": value * (0.97 - 0.03 * n),
            "high": value * (1.1 + 0.01 * n),
            "linear": value * 0.95,
        }
        for column, found in names.items()
        for n, name in enumerate(found)
    ]


def make_decision():
    value = {"true_positive": 3, "false_positive": -1, "false_negative": 0, "true_negative": 0}
    return {
        "threshold": 0.253,
        "value": value,
        "selection_rate": 0.31,
        "per_1000": {"model": 218.4, "linear": 199.1, "never": 0.0, "always": -111.9},
        "interval": {"low": 150.2, "high": 281.7},
    }


def make_classes():
    return [
        {"class": name, "rows": 300 - 40 * n, "precision": 0.7 - n / 20, "recall": 0.5, "f1": 0.6}
        for n, name in enumerate(CLASSES)
    ]


def make_deciles():
    return [
        {
            "decile": n,
            "from": n * 20.0,
            "to": n * 20.0 + 20,
            "rows": 116,
            "mean_absolute_error": 10 + abs(n - 5) * 2.0,
            "mean_error": 12.0 - n * 2.3,
        }
        for n in range(1, 11)
    ]


def make_fairness():
    rates = ["selection_rate", "true_positive_rate", "false_positive_rate"]
    groups = [
        {"group": name, "rows": 500 - 100 * n, **{rate: 0.3 + n / 20 for rate in rates}}
        for n, name in enumerate(["EWR", HOSTILE[0], HOSTILE[2]])
    ]
    groups[2]["true_positive_rate"] = None
    return {
        "column": HOSTILE[1],
        "groups": groups,
        "ratio": dict.fromkeys(rates, 0.75) | {"true_positive_rate": None},
        "difference": dict.fromkeys(rates, 0.1),
    }


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


def make_comparison(task, verdict="better"):
    scores = {
        name: {"base": v * 0.98, "now": v, "difference": v * 0.02, "low": 0.001, "high": v * 0.05}
        for name, v in SCORES[task].items()
    }
    metric = next(iter(scores))
    names = [*HOSTILE, *(f"{hour}:00 to {hour + 1}:00" for hour in range(16))]
    slices = [
        {
            "column": "carrier",
            "slice": name,
            "rows": 500 - n * 10,
            "base": 0.7,
            "now": 0.65 + n / 100,
            "difference": n / 100 - 0.05,
            "low": n / 100 - 0.09,
            "high": n / 100 - 0.01,
            "verdict": "worse" if n == 0 else "better" if n > 9 else "same within noise",
        }
        for n, name in enumerate(names)
    ]
    difference = {"value": 0.014, "low": 0.003, "high": 0.026, "probability_better": 0.991}
    return {
        "base": {
            "rev": HOSTILE[0],
            "commit": "0123456789abcdef0123456789abcdef01234567",
            "model_from": "rebuilt",
            "note": f"Its model was trained again, as {HOSTILE[1]} was gone.",
        },
        "verdict": verdict,
        "reason": f"On 1,162 test rows, {metric} is 0.717 now and 0.703 at the base; {HOSTILE[0]}.",
        "blocks": verdict == "worse",
        "blocked_by": [f"the verdict is {HOSTILE[1]}"] if verdict == "worse" else [],
        "metric": metric,
        "rows": 1162,
        "left_out": 12,
        "difference": difference,
        "needed_rows": 5200,
        "scores": scores,
        "value": {"base": 201.4, "now": 218.4, "difference": 17.0, "low": 3.1, "high": 31.0},
        "slices": slices,
        "curves": {"base": make_curves(0.55, task), "now": make_curves(0.45, task)},
        "data": make_data_diff(),
        "parameters": f"train.seed: 1 → 2, goal.owner: {HOSTILE[1]}",
        "code": "3 files changed",
        "dependencies": "none",
    }


def make_curves(power, task):
    x = np.linspace(0, 1, 60)
    roc = [[float(a), float(a**power)] for a in x] if task == "binary" else []
    return {"roc": roc, "learning": [[n, 0.7 - power * 0.1 ** (n / 60)] for n in range(60)]}


def make_data_diff():
    columns = [
        {
            "column": name,
            "kind": "category",
            "missing": {"base": 0.01, "now": 0.013},
            "stability_index": 0.4 / (n + 1),
            "test": "chi-squared",
            "statistic": 12.3,
            "p_value": 0.0001 * (n + 1),
            "new": HOSTILE[:n],
            "vanished": [],
        }
        for n, name in enumerate(make_features())
    ]
    return {
        "rows": {"base": 4000, "now": 6000},
        "added": [HOSTILE[0]],
        "removed": ["old"],
        "retyped": [{"column": HOSTILE[1], "base": "number", "now": "category"}],
        "columns": columns,
    }


def make_refusal(task):
    """A comparison of models that can't be compared."""
    nothing = {"difference": None, "needed_rows": None, "value": None, "data": None}
    empty = {"roc": [], "learning": []}
    return {
        **make_comparison(task, "not comparable"),
        **nothing,
        "scores": {},
        "slices": [],
        "curves": {"base": empty, "now": empty},
    }
