"""Equal objects give equal bytes, and what may run code is refused."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, RobustScaler

from {{ cookiecutter.__package_name }}.common.errors import ModelError
from {{ cookiecutter.__package_name }}.model import skops_file

X = np.array([[1.0, 0.0], [2.0, 1.0], [4.0, 0.0]])


def fit_transform() -> ColumnTransformer:
    numeric = Pipeline([("scale", RobustScaler()), ("none", "passthrough")])
    steps = [("numeric", numeric, [0]), ("category", OneHotEncoder(sparse_output=False), [1])]
    return ColumnTransformer(steps).fit(X)


def test_transform_is_the_same_after_saving_and_loading(tmp_path):
    skops_file.save(fit_transform(), tmp_path / "new" / "transform.skops")
    loaded = skops_file.load(tmp_path / "new" / "transform.skops")
    assert np.array_equal(loaded.transform(X), fit_transform().transform(X))


def test_bytes_are_the_same_when_saved_twice(tmp_path):
    first, second = fit_transform(), fit_transform()
    skops_file.save(first, tmp_path / "1.skops")
    skops_file.save(second, tmp_path / "2.skops")
    assert (tmp_path / "1.skops").read_bytes() == (tmp_path / "2.skops").read_bytes()


def test_bytes_are_the_same_when_saved_by_another_process(tmp_path):
    skops_file.save(fit_transform(), tmp_path / "here.skops")
    code = (
        f"import {Path(__file__).stem} as t; t.skops_file.save(t.fit_transform(), t.Path('there'))"
    )
    folders = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = os.environ | {"PYTHONPATH": folders, "PYTHONHASHSEED": "5"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "here.skops").read_bytes() == (tmp_path / "there").read_bytes()


class OwnEstimator(BaseEstimator):
    """Not scikit-learn's, so its code could be anyone's."""


@pytest.mark.parametrize("untrusted", [OwnEstimator(), FunctionTransformer(os.getcwd)])
def test_type_is_refused_when_it_may_run_code(tmp_path, untrusted):
    skops.io.dump(untrusted, tmp_path / "a.skops")
    with pytest.raises(ModelError) as caught:
        skops_file.load(tmp_path / "a.skops")
    assert str(caught.value).startswith(f"{tmp_path / 'a.skops'}: holds ")
    assert "which may do harm when loaded; use other classes of scikit-learn" in str(caught.value)


def test_what_could_not_be_loaded_again_is_not_saved(tmp_path):
    forest = RandomForestClassifier(1).fit([[0.0], [1.0]], [0, 1])
    with pytest.raises(ModelError, match=r"Tree, which may do harm .*`boosting_type: rf`"):
        skops_file.save(forest, tmp_path / "a.skops")
