"""The data behind the plots of dvc.yaml: a table each."""

import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from .trained import TrainedModel

# More points than that can't be told apart in a plot.
MAX_POINTS = 200
MAX_FEATURES = 20


def plot_tables(
    y: np.ndarray, predictions: np.ndarray, model: TrainedModel, threshold: float | None
) -> dict[str, pd.DataFrame]:
    """Compute the tables that the task's plots are drawn from.

    Args:
        y: Encoded target of the test part, of shape (n_rows,).
        predictions: What `model.predict` returned for it.
        model: Gives the task and the classes.
        threshold: Probability from which a row counts as positive in a binary task.

    Returns:
        Table by file name without suffix.
    """
    if model.description.task == "regression":
        return {"residuals": pd.DataFrame({"actual": y, "predicted": predictions})}
    if model.description.task == "multiclass":
        classes = np.array(model.description.classes)
        return {"confusion": _confusion(classes[y], classes[predictions.argmax(axis=1)])}
    labels = np.array(["no", "yes"])
    fpr, tpr, _ = roc_curve(y, predictions)
    precision, recall, _ = precision_recall_curve(y, predictions)
    observed, predicted = calibration_curve(y, predictions, n_bins=10, strategy="quantile")
    return {
        "roc": _thin(pd.DataFrame({"false_positive_rate": fpr, "true_positive_rate": tpr})),
        "precision_recall": _thin(pd.DataFrame({"recall": recall, "precision": precision})),
        "calibration": pd.DataFrame({"predicted": predicted, "observed": observed}),
        "confusion": _confusion(labels[y], labels[(predictions >= threshold).astype(int)]),
    }


def importance_table(model: TrainedModel, X: pd.DataFrame, y: np.ndarray) -> pd.DataFrame:
    """Rank the features: by gain for LightGBM, by permutation on the rows given for others.

    Returns:
        Table of at most 20 rows with `feature` and `importance`, the greatest first.
    """
    if hasattr(model.estimator, "feature_importance"):
        importance = model.estimator.feature_importance("gain")
    else:
        from sklearn.inspection import permutation_importance

        importance = permutation_importance(
            model.estimator, X.to_numpy(), y, n_repeats=3, random_state=0
        ).importances_mean
    table = pd.DataFrame({"feature": X.columns, "importance": importance})
    return table.sort_values("importance", ascending=False, kind="stable").head(MAX_FEATURES)


def _confusion(actual: np.ndarray, predicted: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"actual": actual, "predicted": predicted})


def _thin(curve: pd.DataFrame) -> pd.DataFrame:
    places = np.unique(np.linspace(0, len(curve) - 1, MAX_POINTS).round().astype(int))
    return curve.iloc[places]
