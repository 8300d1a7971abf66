"""The model that `dvc repro` trained, and the rows that were delivered for it."""

from pathlib import Path

import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.settings import Params, load_params
from {{ cookiecutter.__package_name }}.data.contract import apply_contract
from {{ cookiecutter.__package_name }}.data.sources import REST, read_sources
from {{ cookiecutter.__package_name }}.model.bundle import Bundle, assemble_bundle
from {{ cookiecutter.__package_name }}.schema import load_schema

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "estimator"
NO_MODEL = "no trained model yet: run `uv run dvc repro`"


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the project's folder, in which a model was trained."""
    if not (MODEL / "description.json").exists():
        pytest.skip(NO_MODEL)
    return ROOT


@pytest.fixture(scope="session")
def params(root) -> Params:
    return load_params(root / "params.yaml")


@pytest.fixture(scope="session")
def bundle(root) -> Bundle:
    """Give the trained model, with the contract and the transform of its rows."""
    transform = root / "models" / "transform.skops"
    return assemble_bundle(root / "schema.yaml", transform, MODEL, "the model here")


@pytest.fixture(scope="session")
def delivered(root, params) -> pd.DataFrame:
    """Give the rows that keep the contract, as they were delivered, with all their columns."""
    schema = load_schema(root / "schema.yaml")
    rows = read_sources(root / "data" / "raw", params.prepare.sources, schema)
    _, faults = apply_contract(rows, schema)
    return rows[faults["column"] == ""].drop(columns=REST).reset_index(drop=True)
