"""Results and a comparison as the report finds them, with room for what a test is about."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options

from {{ cookiecutter.__package_name }}.review.pull_request.change import Change
from {{ cookiecutter.__package_name }}.review.pull_request.report import write_pull_request
from {{ cookiecutter.__package_name }}.review.pull_request.reproducibility import Reproducibility

SAME = Reproducibility("identical", "dvc.lock, and so every output, is what is committed")
SCORES = {"roc_auc": 0.72, "log_loss": 0.5}
INTERVAL = {"low": 0.25, "high": 0.75}
NOTE = "The model came from a cache."
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "| a | ![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "http://evil.example and https://evil.example/a_b or www.evil.example, ftp://evil.example",
    "someone@evil.example",
    "@org/team broke #1, org/repo#2 and GH-3",
    "`code` **bold** _it_ ~~gone~~ <b>b</b>",
    "a\nb\r\n\r\n# heading\rc\u2028d",
    "</details></summary></td></table>",
    "::: warning",
    ":tada: :+1: :white_check_mark:",
    "$x^2$ and $$y$$",
    '"quoted" %%{init: {}}%% ```',
    "- item",
    "1. item",
    "> quote",
    "===",
    "---",
    "- - -",
    "+",
    "12) item",
    ">no space",
    "&lt;b&gt; &#64;org",
    "back\\slash\\",
    "\\| \\<b>",
    "\ud800 half",
    "turned \u202e round",
]


def make_change(**changes: Any) -> Change:
    """Make the results of a binary task, compared with main; `changes` replace parts of them."""
    comparison = make_comparison()
    change = Change(
        verdict={
            "statement": "Keep customers.",
            "owner": "Sales",
            "goal_met": True,
            "criteria": [
                {"criterion": "roc_auc must be at least 0.6", "value": 0.72, "passed": True},
                {"criterion": "log_loss must be at most 0.6", "value": 0.5, "passed": True},
            ],
        },
        metrics={"train": SCORES, "validation": SCORES, "test": SCORES},
        details={
            "interval": dict.fromkeys(SCORES, INTERVAL),
            "baselines": {"linear": SCORES, "dummy": {"roc_auc": 0.5, "log_loss": 0.6}},
            "decision": {
                "threshold": 0.3,
                "per_1000": {"model": 120.0, "linear": 100.0, "never": 0.0, "always": -50.0},
                "interval": {"low": 90.0, "high": 150.0},
            },
        },
        confusion=Counter({("no", "no"): 1700, ("no", "yes"): 20, ("yes", "yes"): 80}),
        curves=comparison["curves"],
        comparison=comparison,
        is_outdated=False,
    )
    return change._replace(**changes)


def make_comparison(**changes: Any) -> dict[str, Any]:
    """Make a comparison with main in which one slice got worse."""
    roc = [[0, 0], [0, 0.2], [0.1, 0.5], [0.5, 0.9], [1, 1]]
    comparison = {
        "base": {"rev": "main", "commit": "0123456789abcdef", "model_from": "cache", "note": NOTE},
        "verdict": "better",
        "reason": "roc_auc rose by 0.030 (0.010 to 0.050).",
        "blocks": False,
        "blocked_by": [],
        "metric": "roc_auc",
        "rows": 1800,
        "left_out": 7,
        "difference": {"value": 0.03, "low": 0.01, "high": 0.05, "probability_better": 0.994},
        "needed_rows": 4000,
        "scores": {
            "roc_auc": {"base": 0.69, "now": 0.72, "difference": 0.03, "low": 0.01, "high": 0.05},
            "log_loss": {
                "base": 0.52,
                "now": 0.5,
                "difference": -0.02,
                "low": -0.03,
                "high": -0.01,
            },
            "brier_loss": {"base": 0.1, "now": 0.2, "difference": 0.1, "low": 0.05, "high": 0.15},
            "average_precision": {
                "base": 0.4,
                "now": 0.41,
                "difference": 0.01,
                "low": -0.01,
                "high": 0.03,
            },
        },
        "value": {"base": 100.0, "now": 120.0, "difference": 20.0, "low": 5.0, "high": 35.0},
        "slices": [
            make_slice("shop", "a", "better"),
            make_slice("shop", "b", "worse"),
        ],
        "curves": {
            "base": {"roc": roc, "learning": [[0, 0.5], [40, 0.7]]},
            "now": {"roc": roc, "learning": [[0, 0.5], [90, 0.72]]},
        },
        "data": {
            "rows": {"base": 5000, "now": 7000},
            "added": ["visits"],
            "removed": [],
            "retyped": [{"column": "age", "base": "category", "now": "number"}],
            "columns": [make_column("shop", new=["c"], vanished=[]), make_column("age")],
        },
        "parameters": "train.parameters.num_leaves 7 → 15",
        "code": "unchanged",
        "dependencies": "unchanged",
    }
    return comparison | changes


def make_slice(column: str, name: str, verdict: str) -> dict[str, Any]:
    scores = {"base": 0.7, "now": 0.6, "difference": -0.1, "low": -0.2, "high": -0.01}
    return {"column": column, "slice": name, "rows": 1234, **scores, "verdict": verdict}


def make_column(name: str, new: list[str] = [], vanished: list[str] = []) -> dict[str, Any]:  # noqa: B006
    return {
        "column": name,
        "kind": "category",
        "missing": {"base": 0.01, "now": 0.25},
        "stability_index": 0.31,
        "test": "chi-squared",
        "statistic": 12.0,
        "p_value": 0.0001,
        "new": new,
        "vanished": vanished,
    }


def write_report(**changes: Any) -> str:
    """Write the report of the example."""
    return write_pull_request(make_change(**changes), SAME, {"run": "https://example.org/1"})


class Page(HTMLParser):
    """What a reader of Markdown made: tags, addresses, cells of each row, and text."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.rows: list[int] = []
        self.text = ""
        # Without the filter for HTML, so that what got through is seen.
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_data(self, data: str) -> None:
        # GitHub looks for mentions and the like in each text by itself.
        self.text += data + "\0"
