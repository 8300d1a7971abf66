"""schema.yaml: each mistake gets one message, also where it contradicts params.yaml."""

from pathlib import Path

import pytest

from {{ cookiecutter.__package_name }}.common.errors import SettingsError
from {{ cookiecutter.__package_name }}.common.settings import Params
from {{ cookiecutter.__package_name }}.schema import check_slices, check_together, load_schema

VALID = """\
columns:
  client: { type: category, role: id, missing: quarantine }
  ordered: { type: datetime, format: "%d.%m.%Y", unit: local time }
  amount: { type: number, min: 0, max: 100 }
  colour: { type: category, levels: [red, "1"] }
  region: { type: category, source: clients.area }
  churned: { type: category, role: target, missing: quarantine }
  refund: { type: number, role: known_later }
"""

# What is replaced, by what, and the message after "schema.yaml:".
MISTAKES = [
    pytest.param(
        "min: 0, max",
        "mn: 0, max",
        "4: columns.amount.mn is no setting; did you mean 'min'?",
        id="unknown key",
    ),
    pytest.param(
        "columns:",
        "colums: {}\ncolumns:",
        "1: colums is no setting; did you mean 'columns'?",
        id="unknown block",
    ),
    pytest.param(
        "amount: { type: number, ",
        "amount: { ",
        "4: columns.amount.type is missing; add it",
        id="missing key",
    ),
    pytest.param(
        "type: number, min",
        "type: float, min",
        "4: columns.amount.type is 'float'; "
        "must be 'number', 'integer', 'boolean', 'category' or 'datetime'",
        id="unknown type",
    ),
    pytest.param(
        "role: known_later",
        "role: known_later, sensitive: true",
        "8: columns.refund can't be sensitive: its role is known_later",
        id="sensitive later column",
    ),
    pytest.param(
        "role: known_later",
        "role: later",
        "8: columns.refund.role is 'later'; must be 'feature', 'target', 'known_later', "
        "'time', 'group', 'id' or 'ignored'",
        id="unknown role",
    ),
    pytest.param(
        "max: 100",
        "max: 100, log: no",
        "4: columns.amount.log is 'no'; must be 'keep', 'hash' or 'omit'",
        id="unknown choice for the log",
    ),
    pytest.param(
        "role: id, missing: quarantine",
        "role: id, missing: drop",
        "2: columns.client.missing is 'drop'; must be 'keep' or 'quarantine'",
        id="unknown choice",
    ),
    pytest.param(
        "max: 100",
        "max: many",
        "4: columns.amount.max is 'many'; must be a valid number",
        id="text for a number",
    ),
    pytest.param(
        '"1"]',
        "1]",
        "5: columns.colour.levels.1 is 1; must be text; put it in quotes",
        id="number for text",
    ),
    pytest.param(
        '[red, "1"]',
        "red",
        "5: columns.colour.levels is 'red'; must be a list, such as [a, b]",
        id="value for a list",
    ),
    pytest.param(
        '[red, "1"]',
        "[]",
        "5: columns.colour.levels is []; must not be empty",
        id="no level",
    ),
    pytest.param(
        "{ type: number, role: known_later }",
        "number",
        "8: columns.refund is 'number'; must be a block of keys and values",
        id="value for a block",
    ),
    pytest.param(
        "source: clients.area",
        "source: clients",
        r"6: columns.region.source is 'clients'; must match pattern '^[^.]+\..+$'",
        id="source without a column",
    ),
    pytest.param(
        "min: 0, max: 100",
        "min: 100, max: 0",
        "4: columns.amount has a `min` of 100 above its `max` of 0",
        id="limits the wrong way round",
    ),
    pytest.param(
        "type: number, min",
        "type: boolean, min",
        "4: columns.amount can't have `min` or `max`: its type is boolean",
        id="limits of a boolean",
    ),
    pytest.param(
        "type: category, levels",
        "type: number, levels",
        "5: columns.colour can't have `levels`: its type is number",
        id="levels of a number",
    ),
    pytest.param(
        '"%d.%m.%Y"',
        '"%Q"',
        "3: columns.ordered has the `format` '%Q', which can't be used ('Q' is a bad directive in "
        "format '%Q'); write it as for strptime, such as %d.%m.%Y",
        id="unknown directive",
    ),
    pytest.param(
        '"%d.%m.%Y"',
        '"%d.%d.%Y"',
        "3: columns.ordered has the `format` '%d.%d.%Y', which can't be used (redefinition of "
        "group name 'd' as group 2; was group 1); write it as for strptime, such "
        "as %d.%m.%Y",
        id="repeated directive",
    ),
    pytest.param(
        "amount:",
        "_file:",
        "1: the file has a column '_file'; names that begin with _ are taken",
        id="name that is taken",
    ),
    pytest.param(
        "type: datetime, format",
        "type: category, format",
        "3: columns.ordered can't have `format`: its type is category",
        id="format of a category",
    ),
    pytest.param(
        "type: number, role: known_later",
        "type: integer, role: time",
        "8: columns.refund can't have the role time: its type is integer",
        id="time that is a number",
    ),
    pytest.param(
        "role: known_later",
        "role: target",
        "1: the file has 2 columns of role target: churned, refund",
        id="two targets",
    ),
    pytest.param(
        "role: target",
        "role: ignored",
        "1: the file has no column of role target",
        id="no target",
    ),
    pytest.param(
        "amount:",
        "target:",
        "1: the file has a column 'target' of another role; that name is taken",
        id="feature named target",
    ),
    pytest.param(
        "  amount:",
        "  amount: { type: number }\n  amount:",
        '5: no valid YAML: found duplicate key "amount" with value "{}" (original value: "{}")',
        id="duplicate column",
    ),
    pytest.param(
        "role: known_later }",
        "role: known_later",
        "9: no valid YAML: expected ',' or '}', but got '<stream end>'",
        id="open brace",
    ),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "schema.yaml"


def test_log_leaves_sensitive_columns_out_unless_told_otherwise(tmp_path):
    amount, colour = "type: number, min", "type: category, levels"
    text = VALID.replace(amount, f"sensitive: true, {amount}")
    text = text.replace(colour, f"sensitive: true, log: hash, {colour}")
    (tmp_path / "schema.yaml").write_text(text, encoding="utf-8")
    columns = load_schema(tmp_path / "schema.yaml").columns
    said = {name: columns[name].log for name in ("client", "amount", "colour")}
    assert said == {"client": "keep", "amount": "omit", "colour": "hash"}


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_mistake_is_told_with_place_value_rule_and_nearest_key(path, old, new, message):
    assert VALID.count(old) == 1
    path.write_text(VALID.replace(old, new))
    with pytest.raises(SettingsError) as caught:
        load_schema(path)
    assert str(caught.value) == f"{path}:{message}"
    assert caught.value.exit_code == 2


def test_schema_is_refused_when_it_has_no_feature(path):
    path.write_text("columns: { churned: { type: category, role: target } }")
    with pytest.raises(SettingsError, match="has no column of role feature"):
        load_schema(path)


def test_schema_names_columns_of_roles_in_its_order(path):
    path.write_text(VALID)
    schema = load_schema(path)
    assert schema.with_role("feature") == ["ordered", "amount", "colour", "region"]
    assert schema.with_role("target", "id") == ["client", "churned"]
    assert schema.with_role("time") == []


def make_params(
    target="churned", by="id", table="clients", join="client", *, task="binary", positive="yes"
) -> Params:
    metric = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "r2"}[task]
    positives = {"yes": {"equals": "yes"}, "above": {"above": 0}, "none": None}
    return Params.model_validate(
        {
            "goal": {
                "statement": "Keep customers.",
                "owner": "Sales",
                "task": task,
                "target": target,
                "positive": positives[positive],
                "metric": metric,
                "criteria": [{"metric": metric, "at_least": 0.6}],
            },
            "prepare": {
                "sources": {
                    "orders": {"files": "orders/*"},
                    table: {
                        "files": "clients/*",
                        "join": [join],
                    },
                },
                "max_quarantined_share": 0.1,
                "split": {"by": by, "test": 0.2, "validation": 0.2},
            },
            "featurize": {
                "impute": "none",
                "scale": "none",
                "encode": "one_hot",
                "min_category_rows": 1,
            },
            "train": {
                "estimator": "dummy",
                "seed": 1,
                "early_stopping_rounds": 1,
                "parameters": {},
            },
            "evaluate": {
                "seed": 1,
                "resamples": 10,
                "slices": {"columns": ["amount"], "bins": 4, "min_rows": 100},
            },
            "package": {"version": "1.0"},
            "review": {"min_difference": 0.01, "blocking": ["worse"]},
            "drift": {
                "window": "7D",
                "last": 3,
                "over": 2,
                "min_rows": 100,
                "max_stability_index": 0.2,
            },
            "engine": {"threads": 1},
        }
    )


@pytest.mark.parametrize("by", ["id", "row"])
def test_settings_and_schema_fit_together(path, by):
    path.write_text(VALID)
    check_together(make_params(by=by), load_schema(path))


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (
            {"target": "refund"},
            "params.yaml: goal.target is 'refund', but schema.yaml gives the role target to "
            "'churned'; make them agree",
        ),
        (
            {"by": "group"},
            "params.yaml: prepare.split.by is 'group', but no column in schema.yaml has the role "
            "group; give it to one or split by another",
        ),
        (
            {"table": "client"},
            "schema.yaml: columns.region.source is 'clients.area', but params.yaml has no "
            "prepare.sources.clients; did you mean 'client'?",
        ),
        (
            {"join": "clint"},
            "params.yaml: prepare.sources.clients.join names 'clint', which is no column of "
            "schema.yaml; did you mean 'client'?",
        ),
        (
            {"join": "region"},
            "params.yaml: prepare.sources.clients.join names 'region', which comes from clients; "
            "it must come from the deliveries or from a source above clients",
        ),
    ],
    ids=["target", "split", "source", "join", "join by what is looked up"],
)
def test_contradiction_is_told(path, mistake, message):
    path.write_text(VALID)
    with pytest.raises(SettingsError) as caught:
        check_together(make_params(**mistake), load_schema(path))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("type_", "task", "positive"),
    [
        ("number", "binary", "above"),
        ("integer", "binary", "above"),
        ("boolean", "binary", "above"),
        ("category", "multiclass", "none"),
        ("integer", "regression", "none"),
    ],
)
def test_target_fits_the_task(path, type_, task, positive):
    path.write_text(VALID.replace("category, role: target", f"{type_}, role: target"))
    check_together(make_params(task=task, positive=positive), load_schema(path))


@pytest.mark.parametrize(
    ("type_", "task", "positive", "message"),
    [
        (
            "datetime",
            "binary",
            "above",
            "schema.yaml: columns.churned.type is 'datetime'; the target of a binary task must be "
            "number or integer or boolean or category: change it, or goal.task in params.yaml",
        ),
        (
            "boolean",
            "binary",
            "yes",
            "params.yaml: goal.positive must have `above` (0 takes true as positive), as "
            "schema.yaml gives churned the type boolean",
        ),
        (
            "category",
            "binary",
            "above",
            "params.yaml: goal.positive must have `equals`, as schema.yaml gives churned the type "
            "category",
        ),
        (
            "integer",
            "multiclass",
            "none",
            "schema.yaml: columns.churned.type is 'integer'; the target of a multiclass task must "
            "be category: change it, or goal.task in params.yaml",
        ),
        (
            "boolean",
            "regression",
            "none",
            "schema.yaml: columns.churned.type is 'boolean'; the target of a regression task must "
            "be number or integer: change it, or goal.task in params.yaml",
        ),
    ],
)
def test_target_that_does_not_fit_the_task_is_told(path, type_, task, positive, message):
    path.write_text(VALID.replace("category, role: target", f"{type_}, role: target"))
    with pytest.raises(SettingsError) as caught:
        check_together(make_params(task=task, positive=positive), load_schema(path))
    assert str(caught.value) == message


def test_split_by_row_is_refused_when_all_columns_are_looked_up(path):
    path.write_text(
        "columns:\n  region: { type: category, source: clients.area }\n"
        "  churned: { type: category, role: target, missing: quarantine }\n"
    )
    with pytest.raises(SettingsError, match="every column in schema"):
        check_together(make_params(by="row"), load_schema(path))


@pytest.mark.parametrize(
    ("mistake", "key"),
    [
        ({"evaluate": {"slices": {"columns": ["amuont"]}}}, "evaluate.slices.columns"),
        (
            {
                "goal": {
                    "criteria": [
                        {"metric": "roc_auc", "at_least": 0.6},
                        {"metric": "roc_auc", "at_least": 0.6, "slice": "amuont", "min_rows": 9},
                    ]
                }
            },
            "goal.criteria",
        ),
    ],
)
def test_slice_of_no_column_is_told(path, mistake, key):
    path.write_text(VALID)
    params = make_params().model_dump()
    for block, settings in mistake.items():
        for name, value in settings.items():
            old = params[block][name]
            params[block][name] = old | value if isinstance(old, dict) else value
    with pytest.raises(SettingsError) as caught:
        check_slices(Params.model_validate(params), load_schema(path))
    assert str(caught.value) == (
        f"params.yaml: {key} names 'amuont', which is no column of schema.yaml; "
        "did you mean 'amount'?"
    )


def test_slice_of_a_column_that_is_not_kept_is_told(path):
    path.write_text(VALID)
    params = make_params().model_dump()
    params["evaluate"]["slices"]["columns"] = ["refund"]
    with pytest.raises(SettingsError, match="names 'refund', which has the role known_later"):
        check_slices(Params.model_validate(params), load_schema(path))


def test_contradiction_is_told_when_rows_without_an_id_are_kept(path):
    path.write_text(VALID.replace("role: id, missing: quarantine", "role: id"))
    with pytest.raises(SettingsError, match="columns churned, client need `missing: quarantine`"):
        check_together(make_params(), load_schema(path))
