"""The model card tells the verdict first, leaves nothing out, and nothing in it is markup."""

import pytest
from small_project import make_columns, make_params

from {{ cookiecutter.__package_name }}.common.settings import Params
from {{ cookiecutter.__package_name }}.review.evaluation.model_card import write_model_card
from {{ cookiecutter.__package_name }}.review.results import Results
from {{ cookiecutter.__package_name }}.schema import Schema

SCORES = {"roc_auc": 0.7, "log_loss": 0.25}
INTERVAL = {"low": 0.2, "high": 0.8}
SLICE = {"column": "shop", "slice": "a|b", "rows": 1234, "value": 0.7125, "linear": 0.6875}
RATES = {"selection_rate": 0.5, "true_positive_rate": 0.25, "false_positive_rate": None}
DETAILS = {
    "primary_metric": "roc_auc",
    "resamples": 500,
    "interval": {"roc_auc": INTERVAL, "log_loss": INTERVAL},
    "baselines": {"linear": SCORES, "dummy": {"roc_auc": 0.5, "log_loss": 0.6}},
    "decision": {
        "threshold": 0.25,
        "per_1000": {"model": 1850.4, "linear": 1500, "never": -0.2, "always": -40},
        "interval": {"low": 1100, "high": 2500},
    },
    "classes": [],
    "deciles": [],
    "slices": [SLICE | INTERVAL],
    "worst_slices": [SLICE | INTERVAL],
    "fairness": [
        {
            "column": "shop",
            "groups": [{"group": "a", "rows": 50} | RATES],
            "ratio": RATES,
            "difference": RATES,
        }
    ],
    "importance": [{"feature": "weight", "importance": 0.5}],
    "explained_by": "shap",
}
COUNTS = {
    "delivered": 1300,
    "quarantined": 60,
    "duplicates": 40,
    "by_file": {"orders/1.csv": 1300},
    "by_rule": {"amount must be at most 9": 60},
    "parts": {"train": 700, "validation": 200, "test": 300},
    "spans": {"test": ["2020-02-01", "2020-02-29"]},
    "sha256": {"orders/1.csv": "abc", "weather/all.csv": "def"},
}
HEADINGS = [
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
]


def make_card(statement="Keep customers.", passed=True, details=DETAILS, counts=COUNTS):
    text = "roc_auc in each <shop> must be at least 0.6"
    criteria = [
        {"criterion": text, "value": 0.7, "passed": passed},
        {"criterion": "none has", "value": None, "passed": True},
    ]
    verdict = {
        "statement": statement,
        "owner": "Sales",
        "goal_met": passed,
        "criteria": criteria,
    }
    metrics = {"train": SCORES, "validation": SCORES, "test": SCORES}
    params = Params.model_validate(make_params("binary"))
    schema = Schema.model_validate({"columns": make_columns("binary")})
    return write_model_card(Results(verdict, metrics, details, counts), params, schema)


@pytest.mark.parametrize(
    ("passed", "first", "cell"),
    [(True, "# The goal is met", "| yes |"), (False, "# The goal is missed", "| **no** |")],
)
def test_verdict_comes_first(passed, first, cell):
    lines = make_card(passed=passed).splitlines()
    assert lines[0] == first
    assert lines[2] == "> Keep customers. (owner: Sales)"
    assert lines[6] == rf"| roc\_auc in each &lt;shop> must be at least 0.6 | 0.700 {cell}"
    assert lines[7] == "| none has |  | yes |"


def test_card_has_the_headings_of_model_cards():
    lines = make_card().splitlines()
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS


def test_card_shows_metrics_slices_groups_and_rows():
    card = make_card()
    for line in (
        "| roc_auc ↑ | **0.700** (0.200 to 0.800) | 0.700 | 0.700 | 0.700 | 0.500 |",
        "| log_loss ↓ | **0.250** (0.200 to 0.800) | 0.250 | 0.250 | 0.250 | 0.600 |",
        r"| shop | a\|b | 1,234 | 0.713 (0.200 to 0.800) | 0.688 |",
        "| a | 50 | 0.500 | 0.250 |  |",
        "| kept: test | 300 | 2020-02-01 to 2020-02-29 |",
        "| quarantined | 60 | amount must be at most 9: 60 |",
        "| orders/1.csv | 1,300 | abc |",
        "| weather/all.csv |  | def |",
    ):
        assert line in card.splitlines()


def test_card_says_what_the_decision_is_worth():
    assert (
        "from a probability of 0.250, which is worth most on the validation part. For 1,000 test "
        "rows it is worth **1,850** (1,100 to 2,500). Never to say yes is worth 0, always -40"
    ) in make_card()


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"threshold": 0.25, "per_1000": None}, "so that as many rows of the validation part do"),
        (DETAILS["decision"] | {"threshold": 1.0000001}, "No row counts as yes"),
    ],
)
def test_card_says_how_the_threshold_came(decision, said):
    assert said in make_card(details=DETAILS | {"decision": decision})


def test_card_leaves_out_what_there_is_not():
    empty = {"decision": None, "slices": [], "worst_slices": [], "fairness": []}
    card = make_card(details=DETAILS | empty, counts=COUNTS | {"spans": {}})
    assert "counts as yes" not in card
    assert "No slice of the test part has enough rows" in card
    assert "No groups were compared" in card
    assert "| kept: test | 300 |  |" in card


def test_card_lists_the_last_files_only():
    many = {f"orders/{number:03}.csv": "abc" for number in range(50)}
    card = make_card(counts=COUNTS | {"sha256": many})
    assert "| orders/049.csv |" in card
    assert "| orders/009.csv |" not in card
    assert "and 10 more before them" in card


def test_text_from_settings_and_data_is_harmless():
    counts = COUNTS | {"by_rule": {"x must be one of <b>, a|b": 1}}
    card = make_card(statement="<img src=x> | ![x](http://e.org)", counts=counts)
    assert r"| quarantined | 60 | x must be one of &lt;b>, a\|b: 1 |" in card
    assert r"> &lt;img src=x> \| \!\[x\](http:<!-- -->//e.org) (owner: Sales)" in card
