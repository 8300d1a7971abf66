"""The report tells the verdict first, and nothing in it can pass for markup."""

import pytest

from {{ cookiecutter.__package_name }}.review.report import escape, write_report

SCORES = {"roc_auc": 0.7, "log_loss": 0.25}
INTERVAL = {"low": 0.2, "high": 0.8}
DETAILS = {
    "primary_metric": "roc_auc",
    "interval": {"roc_auc": INTERVAL, "log_loss": INTERVAL},
    "linear": SCORES,
    "dummy": {"roc_auc": 0.5, "log_loss": 0.6},
    "by_month": {"2020-02": {"rows": 1234, "model": 0.7125, "linear": 0.6875}},
}
COUNTS = {
    "delivered": 1300,
    "kept": 1200,
    "quarantined": 60,
    "duplicates": 40,
    "by_file": {"orders/1.csv": 1300},
    "by_rule": {"amount must be at most 9": 60},
    "parts": {"train": 700, "validation": 200, "test": 300},
    "spans": {"test": ["2020-02-01", "2020-02-29"]},
}


def make_report(statement="Keep customers.", passed=True, details=DETAILS, counts=COUNTS):
    criterion = {"criterion": "roc_auc must be at least 0.6", "value": 0.7, "passed": passed}
    verdict = {
        "statement": statement,
        "owner": "Sales",
        "goal_met": passed,
        "criteria": [criterion],
    }
    metrics = {"train": SCORES, "validation": SCORES, "test": SCORES}
    return write_report(verdict, metrics, details, counts)


@pytest.mark.parametrize(
    ("passed", "first", "cell"),
    [(True, "# The goal is met", "| yes |"), (False, "# The goal is missed", "| **no** |")],
)
def test_verdict_comes_first(passed, first, cell):
    lines = make_report(passed=passed).splitlines()
    assert lines[0] == first
    assert lines[2] == "> Keep customers. (owner: Sales)"
    assert lines[6] == f"| roc_auc must be at least 0.6 | 0.700 {cell}"


def test_report_shows_metrics_months_and_rows():
    report = make_report()
    assert "| roc_auc ↑ | **0.700** (0.200 to 0.800) | 0.700 | 0.700 | 0.700 | 0.500 |" in report
    assert "| log_loss ↓ | **0.250** (0.200 to 0.800) | 0.250 | 0.250 | 0.250 | 0.600 |" in report
    assert "| 2020-02 | 1,234 | 0.713 | 0.688 |" in report
    assert "| kept: test | 300 | 2020-02-01 to 2020-02-29 |" in report
    assert "| quarantined | 60 | amount must be at most 9: 60 |" in report


def test_report_leaves_months_out_when_there_is_no_time():
    report = make_report(details=DETAILS | {"by_month": {}}, counts=COUNTS | {"spans": {}})
    assert "month of the test part" not in report
    assert "| kept: test | 300 |  |" in report


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"),
        ("| a | ![x](http://e.org)", r"\| a \| \!\[x\](http:<!-- -->//e.org)"),
        ("*b* _i_ `c`", r"\*b\* \_i\_ \`c\`"),
        ("@github broke #1", "@<!-- -->github broke #<!-- -->1"),
        ("a & b\nc\\", "a &amp; b c\\\\"),
        ("plain text: 5 > 3", "plain text: 5 > 3"),
    ],
)
def test_text_is_harmless(text, escaped):
    assert escape(text) == escaped
    assert f"> {escaped} (owner" in make_report(statement=text)


def test_rules_are_harmless():
    counts = COUNTS | {"by_rule": {"x must be one of <b>, a|b": 1}}
    assert r"| quarantined | 60 | x must be one of &lt;b>, a\|b: 1 |" in make_report(counts=counts)
