"""What evaluate writes for each task, made up, with names that would like to be markup."""

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
