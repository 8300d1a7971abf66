"""The tables behind the plots of dvc.yaml."""

import numpy as np

from {{ cookiecutter.__package_name }}.measure.curves import plot_tables
from {{ cookiecutter.__package_name }}.model.trained import Description, TrainedModel

Y = np.array([0, 0, 1, 1])
P = np.array([0.1, 0.6, 0.4, 0.9])


def make_model(task, classes=()):
    return TrainedModel(Description(task, ["x"], [*classes]), None)


def test_two_classes_have_curves_and_confusion_at_the_threshold():
    tables = plot_tables(Y, P, make_model("binary"), threshold=0.6)
    assert [*tables] == ["roc", "precision_recall", "calibration", "lift", "confusion"]
    assert tables["confusion"]["actual"].tolist() == ["no", "no", "yes", "yes"]
    assert tables["confusion"]["predicted"].tolist() == ["no", "yes", "no", "yes"]
    assert tables["roc"].iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert tables["calibration"]["rows"].tolist() == [1, 1, 1, 1]
    assert tables["calibration"]["observed"].tolist() == [0, 1, 0, 1]


def test_lift_is_two_for_a_perfect_half_and_one_for_all():
    lift = plot_tables(Y, Y + 0.0, make_model("binary"), threshold=0.6)["lift"]
    assert lift.iloc[[9, -1]].to_numpy().tolist() == [[0.5, 2.0], [1.0, 1.0]]


def test_rows_of_one_probability_share_a_calibration_bin():
    y, same = np.array([0, 1, 1, 1]), np.full(4, 0.75)
    calibration = plot_tables(y, same, make_model("binary"), threshold=0.6)["calibration"]
    assert calibration.to_numpy().tolist() == [[0.75, 0.75, 4]]


def test_more_classes_have_a_confusion():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    model = make_model("multiclass", ["a", "b", "c"])
    tables = plot_tables(np.array([1, 2]), probabilities, model, threshold=None)
    assert tables["confusion"].to_numpy().tolist() == [["b", "a"], ["c", "c"]]


def test_numbers_have_residuals():
    tables = plot_tables(Y, P, make_model("regression"), threshold=None)
    assert tables["residuals"].to_numpy().tolist() == np.column_stack([Y, P]).tolist()


def test_curves_have_few_points_and_keep_their_ends():
    random = np.random.default_rng(7)
    y, predictions = random.integers(2, size=5000), random.random(5000)
    roc = plot_tables(y, predictions, make_model("binary"), threshold=0.5)["roc"]
    assert len(roc) == 200
    assert roc.iloc[-1].tolist() == [1, 1]
