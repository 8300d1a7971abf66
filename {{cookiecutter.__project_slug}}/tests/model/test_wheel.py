"""The wheel in dist/ predicts by itself what the pipeline's model predicts."""

import os
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.io import PARTS, read_part
from {{ cookiecutter.__package_name }}.serving.batch import command as script

OUTPUTS = {"binary": "probability", "regression": "prediction", "multiclass": "probability_"}


@pytest.fixture
def installed(root, tmp_path):
    """Give a folder with the content of the wheel."""
    wheels = [*(root / "dist").glob("*.whl")]
    if not wheels:
        pytest.skip("no wheel yet: `uv run dvc repro` makes it if the goal is met")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(tmp_path)
    return tmp_path


def test_wheel_predicts_every_row_exactly_as_the_pipeline_does(root, bundle, delivered, installed):
    delivered.to_csv(installed / "rows.csv", index=False)
    # The folder comes before the project's own code, and only there is a bundle beside it.
    code = f"from {script.__name__} import command; command()"
    command = [sys.executable, "-c", code, "rows.csv", "-o", "predicted.parquet"]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    subprocess.run(command, cwd=installed, env=environment, check=True)

    table = pd.read_parquet(installed / "predicted.parquet")
    assert (table["fault"] == "").all()
    parts = [read_part(root / "data" / "features", part) for part in PARTS]
    expected = np.concatenate([bundle.model.predict(part) for part in parts])
    predicted = table.filter(regex=f"^{OUTPUTS[bundle.model.description.task]}")
    assert bundle.predict(delivered)[[*predicted]].equals(predicted)
    # Rows are in the order of their delivery here, and in that of the parts there.
    assert np.array_equal(np.sort(predicted.to_numpy(), axis=None), np.sort(expected, axis=None))
