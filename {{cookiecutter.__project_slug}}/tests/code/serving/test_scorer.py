"""Rows served one by one get the pipeline's own answers, in each task and setting."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import odd_rows
import pytest
from odd_rows import (
    add_features,
    add_split_values,
    as_table,
    fit_bundle,
    make_rows,
    make_scorer,
    make_slow,
    transform_table,
)
from small_project import TASKS

from {{ cookiecutter.__package_name }}.common.errors import ModelError
from {{ cookiecutter.__package_name }}.common.io import read_json
from {{ cookiecutter.__package_name }}.data.row_contract import Fault
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.model.graph.compile import compile_graph
from {{ cookiecutter.__package_name }}.model.trained import save_model
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.scored import Scored
from {{ cookiecutter.__package_name }}.serving.scorer import Scorer
from {{ cookiecutter.__package_name }}.serving.slow import SlowEngine

IMPUTE, SCALE, ENCODE = (
    ("none", "median", "mean"),
    ("none", "standard", "robust"),
    ("one_hot", "ordinal", "target"),
)


@pytest.fixture(autouse=True)
def _own_features(monkeypatch):
    for user in (transform, features):
        monkeypatch.setattr(user, "add_features", add_features)


def compare(scorer, bundle, rows) -> float:
    """Check faults, classes and decisions, and give the largest difference of a number."""
    expected = bundle.predict(as_table(rows))
    scored = [scorer.score([row])[0] for row in rows]
    assert scored == scorer.score(rows)
    assert [str(each.faults[0]) if each.faults else "" for each in scored] == [*expected["fault"]]
    sound = (expected["fault"] == "").to_numpy()
    numbers = expected.select_dtypes("number").to_numpy()[sound]
    found = [each for each in scored if not each.faults]
    outputs = {
        "binary": lambda each: [each.probability],
        "multiclass": lambda each: [*each.probabilities.values()],
        "regression": lambda each: [each.prediction],
    }[scorer.task]
    if scorer.task == "binary":
        decisions = (numbers[:, 0] >= scorer.threshold).tolist()
        assert [each.decision for each in found] == decisions
        assert {*decisions} == {True, False}
    if scorer.task == "multiclass":
        assert [each.prediction for each in found] == [*expected["prediction"][sound]]
    assert 0.1 * len(rows) < len(found)
    differences = np.abs(np.array([outputs(each) for each in found]) - numbers)
    return float((differences / np.maximum(1, np.abs(numbers))).max())


@pytest.mark.parametrize("task", TASKS)
def test_ten_thousand_odd_rows_get_the_answers_of_the_pipeline(tmp_path, task):
    bundle = fit_bundle(tmp_path, task)
    rows = make_rows(10_000, seed=2, faulty=0.05)
    add_split_values(rows, bundle)
    scorer = make_scorer(tmp_path, bundle)
    assert scorer.not_compiled is None
    assert compare(scorer, bundle, rows) == 0.0


@pytest.mark.parametrize(
    ("impute", "scale", "encode", "min_rows"),
    [(*each, 12) for each in itertools.product(IMPUTE, SCALE, ENCODE)]
    + [("none", "none", encode, 1) for encode in ENCODE],
)
def test_each_setting_gives_the_features_of_the_pipeline(tmp_path, impute, scale, encode, min_rows):
    settings = {"impute": impute, "scale": scale, "encode": encode, "min_category_rows": min_rows}
    bundle = fit_bundle(tmp_path, "binary", **settings)
    scorer = make_scorer(tmp_path, bundle)
    rows = make_rows(400, seed=3)
    assert compare(scorer, bundle, rows) == 0.0
    engine = scorer._engine
    made = engine._features.make([engine._contract.read(row)[0] for row in rows])
    expected = transform_table(bundle, as_table(rows))[bundle.model.description.features]
    assert np.array_equal(np.array(made), expected.to_numpy(), equal_nan=True)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("scale", SCALE)
def test_linear_model_is_compiled_to_arithmetic(tmp_path, task, scale):
    bundle = fit_bundle(tmp_path, task, "linear", scale=scale)
    scorer = make_scorer(tmp_path, bundle)
    assert scorer.not_compiled is None
    assert compare(scorer, bundle, make_rows(2000, seed=4)) < 1e-9


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("scale", SCALE)
def test_row_that_overflows_in_a_linear_model_is_refused(tmp_path, task, scale):
    bundle = fit_bundle(tmp_path, task, "linear", scale=scale)
    bundle.model.estimator.named_steps["scale"].scale_ *= 1e-3
    save_model(tmp_path / "estimator", bundle.model)
    usual = next(row for row in make_rows(99, odd=0) if row["items"])
    rows = [usual, usual | {"amount": 1.7e308, "items": 1}, usual | {"amount": None}]
    fast = make_scorer(tmp_path, bundle)
    slow = SlowEngine(read_json(tmp_path / "graph.json"), bundle)
    fault = Fault("amount", "must be a number that the model can scale", "1.7e+308")
    for scored in (fast.score(rows), slow.score(rows, contributions=False)):
        assert [each.faults for each in scored] == [[], [fault], []]
    predicted = bundle.predict(as_table(rows))
    assert predicted["fault"].tolist() == ["", str(fault), ""]
    assert predicted.drop(columns="fault").isna().all(axis=1).tolist() == [False, True, False]


@pytest.mark.parametrize("task", TASKS)
def test_model_that_can_not_be_compiled_is_served_by_the_pipeline(tmp_path, task):
    bundle = fit_bundle(tmp_path, task, "dummy")
    scorer = make_slow(tmp_path, bundle)
    assert scorer.not_compiled.startswith("the estimator Dummy")
    rows = make_rows(50, seed=5, faulty=0.1)
    expected = bundle.predict(as_table(rows))
    scored = scorer.score(rows, contributions=True)
    assert [str(each.faults[0]) if each.faults else "" for each in scored] == [*expected["fault"]]
    outputs = expected.select_dtypes("number").iloc[:, 0].dropna().tolist()
    found = [each for each in scored if not each.faults]
    assert [first_number(each) for each in found] == outputs
    assert {each.contributions for each in found} == {None}


def first_number(each) -> float:
    if each.probabilities is not None:
        return next(iter(each.probabilities.values()))
    return each.prediction if each.probability is None else each.probability


def test_slow_and_fast_ways_find_the_same_faults_and_contributions(tmp_path, monkeypatch):
    rows = make_rows(60, seed=6, faulty=0.2)
    rows += [{name: value for name, value in rows[0].items() if name != "items"}]
    rows += [rows[1] | {"colour": "half \ud800"}, {}]
    fast = make_scorer(tmp_path / "fast", fit_bundle(tmp_path / "fast", "multiclass"))
    bundle = fit_bundle(tmp_path / "slow", "multiclass")
    monkeypatch.setattr(odd_rows, "compile_graph", refuse)
    slow = make_slow(tmp_path / "slow", bundle)
    assert (fast.not_compiled, slow.not_compiled) == (None, "it")
    pairs = [
        *zip(
            fast.score(rows, contributions=True), slow.score(rows, contributions=True), strict=True
        )
    ]
    for quick, exact in pairs:
        assert quick.faults == exact.faults
        assert quick.probabilities == exact.probabilities
        assert quick.base == exact.base
    sums = [
        (sum(a.contributions.values()), sum(b.contributions.values()))
        for a, b in pairs
        if not a.faults
    ]
    assert len(sums) > 20
    assert all(a == pytest.approx(b, abs=1e-12) for a, b in sums)
    assert len(pairs[-1][0].faults) == 7


def refuse(*arguments) -> dict[str, object]:
    return compile_graph(*arguments) | {"not_compiled": "it"}


@pytest.mark.parametrize("task", TASKS)
def test_contributions_are_shap_values_by_column(tmp_path, task):
    bundle = fit_bundle(tmp_path, task)
    scorer = make_scorer(tmp_path, bundle)
    rows = make_rows(20, seed=7)
    X = transform_table(bundle, as_table(rows))[bundle.model.description.features]
    raw = bundle.model.estimator.predict(X.to_numpy(), pred_contrib=True)
    scores = bundle.model.estimator.predict(X.to_numpy(), raw_score=True)
    for row, line, score in zip(rows, raw, scores, strict=True):
        scored = scorer.score([row], contributions=True)[0]
        place = int(np.argmax(score))
        parts = line.reshape(-1, X.shape[1] + 1)[place]
        by_column = dict.fromkeys(scored.contributions, 0.0)
        for name, part in zip(X.columns, parts, strict=False):
            by_column[
                name.partition("_")[0] if name[:5] in ("colou", "size_", "kind_") else name
            ] += part
        assert scored.contributions == pytest.approx(by_column, abs=1e-12)
        assert {"amount", "colour", "per_item", "kind"} <= {*by_column}
        assert scored.base + sum(by_column.values()) == pytest.approx(np.atleast_1d(score)[place])


def test_contributions_of_a_linear_model_add_up_to_its_score(tmp_path):
    scorer = make_scorer(tmp_path, fit_bundle(tmp_path, "binary", "linear"))
    for scored in scorer.score(make_rows(20, seed=8, odd=0), contributions=True):
        score = scored.base + sum(scored.contributions.values())
        assert 1 / (1 + np.exp(-score)) == pytest.approx(scored.probability, abs=1e-12)


def test_own_features_may_not_change_the_columns(tmp_path, monkeypatch):
    def change(rows):
        rows["amount"][0] = 7

    scorer = make_scorer(tmp_path, fit_bundle(tmp_path, "binary"))
    monkeypatch.setattr(features, "add_features", change)
    with pytest.raises(ValueError, match="read-only"):
        scorer.score(make_rows(1))


def test_threads_share_a_scorer(tmp_path):
    scorer = make_scorer(tmp_path, fit_bundle(tmp_path, "multiclass"))
    rows = make_rows(300, seed=9)
    expected = [scorer.score([row], contributions=True) for row in rows]
    with ThreadPoolExecutor(8) as pool:
        found = [
            pool.submit(lambda row=row: scorer.score([row], contributions=True))
            for _ in range(5)
            for row in rows
        ]
    assert [future.result() for future in found] == expected * 5


def test_all_faults_of_a_row_are_told_at_once(tmp_path):
    scorer = make_scorer(tmp_path, fit_bundle(tmp_path, "binary"))
    row = make_rows(1)[0] | {"items": -1, "size": "XL", "amount": "many", "other": object()}
    del row["member"]
    (scored,) = scorer.score([row])
    assert scored == Scored(
        [
            Fault("amount", "must be a valid number", "many"),
            Fault("items", "must be at least 0", "-1"),
            Fault("member", "must be given; null says that it is not known", ""),
            Fault("size", "must be one of S, M, L, 7", "XL"),
        ]
    )
    assert scorer.score([]) == []


def test_rows_are_refused_when_the_model_has_other_features(tmp_path):
    bundle = fit_bundle(tmp_path, "binary")
    make_scorer(tmp_path, bundle)
    graph = read_json(tmp_path / "graph.json")
    graph["features"] = graph["features"][:-1]
    with pytest.raises(ModelError, match=r"the model has \d+ features, not \d+"):
        Scorer(graph, tmp_path, "1.0")
    (tmp_path / "estimator" / "model.txt").write_text("tree\n")
    with pytest.raises(ModelError, match="LightGBM: "):
        Scorer(read_json(tmp_path / "graph.json"), tmp_path, "1.0")
