"""What compare writes, made up, with names that would like to be markup."""

import numpy as np
from sample_results import HOSTILE, SCORES, make_features


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
