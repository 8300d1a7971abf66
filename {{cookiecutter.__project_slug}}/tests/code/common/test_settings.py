"""params.yaml: each mistake gets one message with its place, its value, the rule and the remedy."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from {{ cookiecutter.__package_name }}.common.errors import SettingsError
from {{ cookiecutter.__package_name }}.common.settings import METRICS, is_loss, load_params

VALID = """\
goal:
  statement: Keep customers.
  owner: Sales
  task: binary
  target: churned
  positive: { equals: "yes" }
  metric: roc_auc
  criteria:
    - { metric: roc_auc, at_least: 0.6 }
prepare:
  sources:
    orders: { files: orders/* }
    clients: { files: clients/*, join: [client] }
  max_quarantined_share: 0.1
  split:
    by: id
    test: 0.2
    validation: 0.2
featurize:
  impute: none
  scale: none
  encode: one_hot
  min_category_rows: 30
train:
  estimator: lightgbm
  seed: 1
  early_stopping_rounds: 50
  parameters: { learning_rate: 1e-1 }
evaluate:
  seed: 1
  resamples: 200
  slices: { columns: [], bins: 4, min_rows: 100 }
package:
  version: "1.0"
engine:
  threads: 0
review: { min_difference: 0.01, blocking: [worse] }
drift: { window: 7D, last: 3, over: 2, min_rows: 100, max_stability_index: 0.2 }
"""

# What is replaced, by what, and the message after "params.yaml:".
MISTAKES = [
    pytest.param(
        "  validation: 0.2",
        "  validation: 0.2\n    validaton: 0.3",
        "19: prepare.split.validaton is no setting; did you mean 'validation'?",
        id="unknown key",
    ),
    pytest.param(
        "[client] }",
        "[client], encodin: latin-1 }",
        "13: prepare.sources.clients.encodin is no setting; did you mean 'encoding'?",
        id="unknown key of a source",
    ),
    pytest.param(
        'equals: "yes"',
        'equals: "yes", abov: 1',
        "6: goal.positive.abov is no setting; did you mean 'above'?",
        id="unknown key of an optional block",
    ),
    pytest.param(
        "at_least: 0.6 }",
        "at_least: 0.6, minimum: 1 }",
        "9: goal.criteria.0.minimum is no setting; known: "
        "metric, at_least, at_most, slice, min_rows",
        id="unknown key of a list's member",
    ),
    pytest.param(
        "engine:",
        "magic: 1\nengine:",
        "35: magic is no setting; known: "
        "goal, prepare, featurize, train, evaluate, package, review, drift, engine",
        id="unknown block",
    ),
    pytest.param(
        "  resamples: 200\n", "", "29: evaluate.resamples is missing; add it", id="missing key"
    ),
    pytest.param("engine:\n  threads: 0\n", "", "1: engine is missing; add it", id="missing block"),
    pytest.param(
        "test: 0.2",
        "test: 20",
        "17: prepare.split.test is 20; must be less than 1",
        id="above the range",
    ),
    pytest.param(
        "threads: 0",
        "threads: -1",
        "36: engine.threads is -1; must be greater than or equal to 0",
        id="below the range",
    ),
    pytest.param(
        "{ metric: roc_auc, at_least: 0.6 }",
        "{ metric: roc_auc, at_least: 0.6, slice: region }",
        "9: goal.criteria.0 must have both `slice`, a column, and `min_rows`, the least that a "
        "slice of it needs to be judged, or neither",
        id="slice without its rows",
    ),
    pytest.param(
        "at_least: 0.6 }",
        "at_least: 60 }",
        "9: goal.criteria.0 has the limit 60, but roc_auc lies between 0 and 1",
        id="percent for a share",
    ),
    pytest.param(
        "{ metric: roc_auc, at_least: 0.6 }",
        "{ metric: log_loss, at_most: 0.6 }",
        "1: goal must have a criterion for roc_auc, the goal's metric",
        id="no target for the metric",
    ),
    pytest.param(
        "  criteria:",
        "  value: { true_positive: 3, false_positive: -1, true_negative: 0 }\n  criteria:",
        "8: goal.value.false_negative is missing; add it",
        id="incomplete value",
    ),
    pytest.param(
        "  criteria:",
        "  budget: { model_mb: 0 }\n  criteria:",
        "8: goal.budget.model_mb is 0; must be greater than 0",
        id="no room for a model",
    ),
    pytest.param(
        "blocking: [worse]",
        "blocking: [bad]",
        "37: review.blocking.0 is 'bad'; must be 'better', 'same within noise', 'worse' or "
        "'not comparable'",
        id="unknown verdict",
    ),
    pytest.param(
        "over: 2",
        "over: 4",
        "38: drift must have `over` of at most `last`, which is 3",
        id="more windows than are looked at",
    ),
    pytest.param(
        "max_quarantined_share: 0.1",
        "max_quarantined_share: 10%",
        "14: prepare.max_quarantined_share is '10%'; must be a valid number",
        id="text for a number",
    ),
    pytest.param(
        "max_quarantined_share: 0.1",
        "max_quarantined_share: .nan",
        "14: prepare.max_quarantined_share is nan; must be a finite number",
        id="not a number",
    ),
    pytest.param(
        "min_category_rows: 30",
        "min_category_rows: 0.5",
        "23: featurize.min_category_rows is 0.5; must be a valid integer",
        id="fraction for an integer",
    ),
    pytest.param(
        "window: 7D",
        "window: a week",
        "38: drift.window is 'a week'; must be hours (h), days (D) or weeks (W), such as 7D",
        id="window of no length",
    ),
    pytest.param(
        "at_least: 0.6 }",
        "at_most: 0.6 }",
        "9: goal.criteria.0 must have `at_least`: roc_auc is better when it is higher",
        id="limit on the wrong side",
    ),
    pytest.param(
        'version: "1.0"',
        "version: 1.0",
        "34: package.version is 1.0; must be text; put it in quotes",
        id="number for text",
    ),
    pytest.param(
        'version: "1.0"',
        'version: "1.0.0"',
        "34: package.version is '1.0.0'; must be MAJOR.MINOR, such as 1.0",
        id="text of another form",
    ),
    pytest.param(
        "impute: none",
        "impute: no",
        "20: featurize.impute is 'no'; must be 'none', 'median' or 'mean'",
        id="unknown choice",
    ),
    pytest.param(
        "scale: none",
        "scale:",
        "21: featurize.scale is empty; must be 'none', 'standard' or 'robust'",
        id="no value",
    ),
    pytest.param(
        "learning_rate: 1e-1",
        "learning_rate: [0.1, 0.2]",
        "28: train.parameters.learning_rate is [0.1, 0.2]; "
        "must be a single value: a number, text, true or false",
        id="list for a value",
    ),
    pytest.param(
        "join: [client]",
        "join: client",
        "13: prepare.sources.clients.join is 'client'; must be a list, such as [a, b]",
        id="value for a list",
    ),
    pytest.param(
        "{ files: clients/*, join: [client] }",
        "clients/*",
        "13: prepare.sources.clients is 'clients/*'; must be a block of keys and values",
        id="value for a block",
    ),
    pytest.param(
        "{ learning_rate: 1e-1 }",
        "{ 1: 2 }",
        "28: train.parameters.1 is 2; must be text; put it in quotes",
        id="number for a key",
    ),
    pytest.param(
        "criteria:\n    - { metric: roc_auc, at_least: 0.6 }",
        "criteria: []",
        "8: goal.criteria is []; must not be empty",
        id="no criterion",
    ),
    pytest.param(
        "at_least: 0.6 }",
        "at_least: 0.6, at_most: 0.9 }",
        "9: goal.criteria.0 must have either `at_least` or `at_most`",
        id="two limits in a criterion",
    ),
    pytest.param(
        "  metric: roc_auc",
        "  metric: r2",
        "1: goal names the metric 'r2'; those of a binary task are "
        "roc_auc, average_precision, log_loss, brier_loss, calibration_error",
        id="metric of another task",
    ),
    pytest.param(
        "{ metric: roc_auc, at_least: 0.6 }",
        "{ metric: mape, at_most: 0.6 }",
        "9: goal.criteria.0 names the metric 'mape'; there are, by task, binary: roc_auc, "
        "average_precision, log_loss, brier_loss, calibration_error; multiclass: accuracy, "
        "balanced_accuracy, f1_macro, f1_weighted, log_loss; regression: r2, "
        "mean_absolute_error, root_mean_squared_error",
        id="unknown metric of a criterion",
    ),
    pytest.param(
        '{ equals: "yes" }',
        "null",
        "1: goal must have `positive` for a binary task, and `positive: null` for any other",
        id="binary task without positive",
    ),
    pytest.param(
        '{ equals: "yes" }',
        "{}",
        "6: goal.positive must have either `above` or `equals`",
        id="empty positive",
    ),
    pytest.param(
        ", join: [client]",
        "",
        "10: prepare must have exactly one source without `join`, the deliveries; "
        "orders, clients found",
        id="two sources of deliveries",
    ),
    pytest.param(
        "by: id",
        "by: id\n    by: time",
        '17: no valid YAML: found duplicate key "by" with value "time" (original value: "id")',
        id="duplicate key",
    ),
    pytest.param(
        "join: [client]",
        "join: [client",
        "13: no valid YAML: expected ',' or ']', but got '}'",
        id="open bracket",
    ),
    pytest.param(
        "by: id",
        "by:\tid: 1",
        "16: no valid YAML: found character '\\t' that cannot start any token",
        id="tab",
    ),
    pytest.param(
        "owner: Sales",
        'owner: "Sales\a"',
        "3: no valid YAML: special characters are not allowed",
        id="control character",
    ),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "params.yaml"


def test_settings_are_read_by_the_rules_of_yaml_1_2(path):
    path.write_text(VALID.replace("owner: Sales", "owner: on"))
    params = load_params(path)
    assert params.train.parameters == {"learning_rate": 0.1}
    assert params.goal.owner == "on"
    assert params.prepare.sources["orders"].separator == ","


def test_settings_keep_a_whole_number_where_a_fraction_is_allowed(path):
    path.write_text(VALID.replace("max_quarantined_share: 0.1", "max_quarantined_share: 1"))
    assert load_params(path).prepare.max_quarantined_share == 1


def test_settings_can_not_be_changed(path):
    path.write_text(VALID)
    params = load_params(path)
    with pytest.raises(ValidationError, match="frozen"):
        params.engine.threads = 3


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_mistake_is_told_with_place_value_rule_and_nearest_key(path, old, new, message):
    assert VALID.count(old) == 1
    path.write_text(VALID.replace(old, new))
    with pytest.raises(SettingsError) as caught:
        load_params(path)
    assert str(caught.value) == f"{path}:{message}"
    assert caught.value.exit_code == 2


def test_mistakes_are_all_told_at_once(path):
    path.write_text(VALID.replace("test: 0.2", "test: 2").replace("threads: 0", "threads: x"))
    with pytest.raises(SettingsError) as caught:
        load_params(path)
    lines = str(caught.value).splitlines()
    assert [line.split(" is ")[0].strip() for line in lines] == [
        f"{path}:17: prepare.split.test",
        f"{path}:36: engine.threads",
    ]


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "[]", "goal"])
def test_file_is_refused_when_it_holds_no_settings(path, text):
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"params\.yaml:1: the file is .*; must be a block"):
        load_params(path)


def test_file_is_refused_when_it_is_not_utf_8(path):
    path.write_bytes(VALID.replace("Keep", "Über").encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        load_params(path)
    assert str(caught.value).startswith(f"{path}: not in UTF-8")
    assert str(caught.value).endswith("save it as UTF-8")


def test_file_is_named_when_it_is_missing(path):
    with pytest.raises(SettingsError) as caught:
        load_params(path)
    assert str(caught.value) == f"{path}: no such file; run from the project's folder"


@pytest.mark.parametrize(
    ("task", "positive"),
    [("binary", "{ above: 1 }"), ("multiclass", "null"), ("regression", "null")],
)
def test_criterion_may_name_each_metric_of_the_task(path, task, positive):
    for metric in METRICS[task]:
        text = VALID.replace("task: binary", f"task: {task}").replace("roc_auc", metric)
        text = text.replace("at_least", "at_most" if is_loss(metric) else "at_least")
        path.write_text(text.replace('{ equals: "yes" }', positive))
        goal = load_params(path).goal
        assert goal.metric == goal.criteria[0].metric == metric


def test_folder_in_place_of_the_file_is_named(tmp_path):
    folder = tmp_path / "params"
    folder.mkdir()
    with pytest.raises(SettingsError, match=r"params: can't be read: .+; mend the path"):
        load_params(folder)


def test_impossible_date_is_told_as_no_yaml(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text(VALID.replace("Keep customers.", "2020-13-45"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"no valid YAML: .*; put texts in quotes"):
        load_params(path)


def test_mistake_in_a_merged_block_is_told(tmp_path):
    path = tmp_path / "params.yaml"
    merged = VALID.replace("    test: 0.2\n", "    <<: { test: 2.0 }\n")
    path.write_text(merged, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"prepare\.split\.test is 2\.0; must be less than 1"):
        load_params(path)
