"""A model predicts the same after it was saved and loaded."""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.errors import ModelError
from {{ cookiecutter.__package_name }}.common.settings import Train
from {{ cookiecutter.__package_name }}.model import trained
from {{ cookiecutter.__package_name }}.model.estimators import build_estimator

CLASSES = {"binary": [], "multiclass": ["a", "b", "c"], "regression": []}
SHAPES = {"binary": (90,), "multiclass": (90, 3), "regression": (90,)}


def fit(name, task):
    random = np.random.default_rng(7)
    features = pd.DataFrame(random.normal(size=(90, 2)), columns=["x", "y"])
    target = {
        "binary": (features["x"] > 0).astype("int64"),
        "multiclass": pd.cut(features["x"], 3, labels=["a", "b", "c"]).astype("str"),
        "regression": features["x"] * 2,
    }[task]
    settings = Train(estimator=name, seed=7, early_stopping_rounds=5, parameters={})
    description = trained.Description(task, ["x", "y"], CLASSES[task])
    y = trained.encode_target(target, description.classes)
    estimator = build_estimator(settings, task, 1).fit(features.to_numpy(), y)
    return trained.TrainedModel(description, estimator), features


@pytest.mark.parametrize("task", [*CLASSES])
@pytest.mark.parametrize("name", ["lightgbm", "linear"])
def test_model_predicts_the_same_after_saving_and_loading(tmp_path, name, task):
    model, features = fit(name, task)
    trained.save_model(tmp_path / "model", model)
    loaded = trained.load_model(tmp_path / "model")
    assert loaded.description == model.description
    assert loaded.predict(features).shape == SHAPES[task]
    assert np.array_equal(loaded.predict(features), model.predict(features))


def test_model_of_another_kind_is_replaced(tmp_path):
    for name in ("linear", "lightgbm", "linear"):
        model, features = fit(name, "regression")
        trained.save_model(tmp_path, model)
    assert np.array_equal(trained.load_model(tmp_path).predict(features), model.predict(features))


def test_model_takes_its_features_by_name():
    model, features = fit("linear", "regression")
    turned = features[["y", "x"]].assign(other=0.0)
    assert np.array_equal(model.predict(turned), model.predict(features))


def test_probabilities_are_those_of_1_and_of_the_classes_in_order():
    model, features = fit("linear", "binary")
    assert np.corrcoef(model.predict(features), features["x"])[0, 1] > 0.5
    model, features = fit("linear", "multiclass")
    assert np.allclose(model.predict(features).sum(axis=1), 1)
    assert model.predict(features)[features["x"].idxmax()].argmax() == 2


def test_target_of_classes_becomes_their_places():
    assert trained.encode_target(pd.Series(["b", "a", "b"]), ["a", "b"]).tolist() == [1, 0, 1]
    assert trained.encode_target(pd.Series([1.5, 2.5]), []).tolist() == [1.5, 2.5]


def test_model_is_refused_when_there_is_none(tmp_path):
    with pytest.raises(ModelError) as caught:
        trained.load_model(tmp_path)
    assert str(caught.value) == f"{tmp_path}: holds no model; run `dvc repro`"
