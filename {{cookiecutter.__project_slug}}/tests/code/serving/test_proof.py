"""package refuses a model that would serve other predictions than the pipeline's."""

import subprocess
import sys
import zipfile

import numpy as np
import pytest
from odd_rows import SCHEMA, add_features, as_table, fit_bundle, make_rows, make_scorer, make_slow
from small_project import TASKS

from {{ cookiecutter.__package_name }}.common.errors import GateError, ModelError
from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.data.contract import apply_contract
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.proof import prove_equal
from {{ cookiecutter.__package_name }}.serving.scorer import Scorer

# The custom features of the small project, and a request of it in a process of its own.
CUSTOM = """
def add_features(rows):
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
"""
SERVE = """
import sys
for name in ("pandas", "pyarrow", "scipy", "sklearn", "skops", "pydantic", "ruamel"):
    sys.modules[name] = None
from pathlib import Path
from PACKAGE.serving.scorer import Scorer
scorer = Scorer.load(Path("PACKAGE/bundle"))
row = {"day": "2020-02-01", "shop": "a", "colour": "red", "weight": 12.5, "rain": 0.5}
scored = scorer.score([row], contributions=True)[0]
assert "lightgbm" not in sys.modules
print(scored.probability, scored.decision, max(scored.contributions, key=scored.contributions.get))
"""


@pytest.fixture(autouse=True)
def _own_features(monkeypatch):
    for user in (transform, features):
        monkeypatch.setattr(user, "add_features", add_features)


@pytest.fixture
def clean():
    """Sound rows with their types, as prepare writes them."""
    coerced, faults = apply_contract(as_table(make_rows(1500, seed=3)), SCHEMA)
    rows = coerced[faults["column"] == ""].reset_index(drop=True)
    # scikit-learn refuses what overflows when it is scaled.
    return rows.assign(amount=rows["amount"].clip(-50, 50), items=rows["items"].clip(0, 9))


def prove(scorer, bundle, rows):
    """Compare with what the bundle predicts, as evaluate writes it."""
    expected = bundle.predict(rows).select_dtypes("number")
    return prove_equal(scorer, rows[bundle.schema.with_role("feature", "time")], expected)


@pytest.mark.parametrize("task", TASKS)
def test_equal_predictions_pass(tmp_path, task, clean):
    bundle = fit_bundle(tmp_path, task)
    said = prove(make_scorer(tmp_path, bundle), bundle, clean)
    assert said == (f"serves single rows compiled (difference on {len(clean):,} test rows: none)")


@pytest.mark.parametrize("task", TASKS)
def test_changed_graph_is_refused(tmp_path, task, clean):
    bundle = fit_bundle(tmp_path, task, scale="standard")
    make_scorer(tmp_path, bundle)
    graph = read_json(tmp_path / "graph.json")
    number = next(entry for entry in graph["inputs"] if entry["column"] == "amount")
    number["shift"] += 1
    with pytest.raises(GateError, match=r"the test row with index \d+ gets \[.*\], but \[.*\] in"):
        prove(Scorer(graph, tmp_path, "1.0"), bundle, clean)


def test_feature_that_depends_on_other_rows_is_refused(tmp_path, monkeypatch, clean):
    def add_mean(rows):
        return {"above": rows["amount"] - np.clip(np.nan_to_num(rows["amount"]), -9, 9).mean()}

    for user in (transform, features):
        monkeypatch.setattr(user, "add_features", add_mean)
    bundle = fit_bundle(tmp_path, "regression", "linear")
    with pytest.raises(GateError, match=r"custom\.py depend on its own row only"):
        prove(make_scorer(tmp_path, bundle), bundle, clean)


def test_other_decision_is_refused(tmp_path, clean):
    """A difference within the tolerance, but on the other side of the threshold."""
    bundle = fit_bundle(tmp_path, "binary", "linear")
    probabilities = bundle.predict(clean)["probability"]
    place = (probabilities - 0.5).abs().argmin()
    scorer = make_scorer(tmp_path, bundle, threshold=float(probabilities[place]))
    graph = read_json(tmp_path / "graph.json")
    graph["model"]["intercepts"][0] -= 1e-9
    with pytest.raises(GateError, match=f"the test row with index {place} gets"):
        prove(Scorer(graph, tmp_path, "1.0"), bundle, clean)
    assert "at most" in prove(scorer, bundle, clean.drop(index=place))


def test_what_is_not_compiled_is_told(tmp_path, clean):
    bundle = fit_bundle(tmp_path, "binary", "dummy")
    said = prove(make_slow(tmp_path, bundle), bundle, clean)
    assert said == (
        "serves single rows by pandas, as it can't compile the estimator DummyClassifier"
    )


@pytest.fixture
def unpacked(project, tmp_path):
    """Give the folder of an unpacked wheel with the custom features of its project."""
    with zipfile.ZipFile(project("binary").wheel) as wheel:
        wheel.extractall(tmp_path)
    package = next(path for path in tmp_path.iterdir() if (path / "bundle").exists())
    (package / "features" / "custom.py").write_text(CUSTOM, encoding="utf-8")
    return package


def test_wheel_serves_a_row_without_pandas_and_scikit_learn(project, unpacked):
    code = SERVE.replace("PACKAGE", unpacked.name)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=unpacked.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    probability, decision, column = ran.stdout.split()
    details = read_json(project("binary").folder / "reports" / "details.json")
    assert decision == str(float(probability) >= details["decision"]["threshold"])
    assert column in ("weight", "heavy", "per_rain")


def test_package_says_how_rows_are_served(project):
    for task in TASKS:
        assert "serves single rows compiled (difference on " in project(task).said["package"]
        assert "test rows: none) → " in project(task).said["package"]


def test_file_is_named_when_the_graph_was_changed(unpacked):
    folder = unpacked / "bundle"
    write_json(folder / "graph.json", read_json(folder / "graph.json") | {"threshold": 0.1})
    with pytest.raises(ModelError, match=r"graph\.json was changed since the model was packaged"):
        Scorer.load(folder)
