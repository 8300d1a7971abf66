"""The model is worth its effort: better than simpler ones, in every month."""

import numpy as np
import pytest

from {{ cookiecutter.__package_name }}.common.io import PARTS, TARGET, read_json, read_part
from {{ cookiecutter.__package_name }}.common.settings import is_loss
from {{ cookiecutter.__package_name }}.measure.metrics import score_predictions
from {{ cookiecutter.__package_name }}.model.estimators import dummy
from {{ cookiecutter.__package_name }}.model.trained import TrainedModel, encode_target

# Below that a month's score says more about chance than about the month.
MIN_ROWS = 100
SIGN = {True: -1, False: 1}


@pytest.fixture
def score(bundle, params):
    """Give a function that scores predictions by the goal's metric, higher being better."""
    task, name = params.goal.task, params.goal.metric
    n_classes = len(bundle.model.description.classes)

    def compute(y, predictions) -> float:
        return SIGN[is_loss(name)] * score_predictions(y, predictions, task, n_classes)[name]

    return compute


@pytest.fixture
def features(root, bundle):
    """Give the features and the encoded target of each part."""
    rows = {part: read_part(root / "data" / "features", part) for part in PARTS}
    classes = bundle.model.description.classes
    return {part: (found, encode_target(found[TARGET], classes)) for part, found in rows.items()}


@pytest.fixture
def months(root, bundle):
    """Give the month of each row of each part."""
    time = bundle.schema.with_role("time")
    if not time:
        pytest.skip("no column in schema.yaml has the role time")
    rows = {part: read_part(root / "data" / "prepared", part) for part in PARTS}
    return {part: found[time[0]].dt.strftime("%Y-%m") for part, found in rows.items()}


@pytest.fixture
def reported(root, params):
    """Give the score, its interval's ends and the baselines' scores, higher being better."""
    name = params.goal.metric
    sign = SIGN[is_loss(name)]
    details = read_json(root / "reports" / "details.json")
    interval = sorted(sign * end for end in details["interval"][name].values())
    score = sign * read_json(root / "reports" / "metrics.json")["test"][name]
    baselines = {key: sign * scores[name] for key, scores in details["baselines"].items()}
    return score, interval, baselines


def test_model_is_clearly_better_than_the_dummy(reported):
    _, (low, _), baselines = reported
    assert low > baselines["dummy"]


def test_model_is_not_clearly_worse_than_the_linear_baseline(reported):
    _, (_, high), baselines = reported
    assert high > baselines["linear"]


def test_reported_score_is_that_of_the_model(bundle, features, score, reported):
    X, y = features["test"]
    assert score(y, bundle.model.predict(X)) == pytest.approx(reported[0], abs=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_model_is_better_than_none_in_every_month(bundle, features, months, score, part):
    description = bundle.model.description
    X_train, y_train = features["train"]
    none = TrainedModel(
        description,
        dummy(description.task, 0, 1).fit(X_train[description.features].to_numpy(), y_train),
    )
    X, y = features[part]
    sizes = months[part].value_counts()
    for month in sizes.index[sizes >= MIN_ROWS]:
        rows = np.flatnonzero(months[part] == month)
        mine, dull = (score(y[rows], model.predict(X.iloc[rows])) for model in (bundle.model, none))
        assert mine > dull, month
