"""LightGBM's own library, called directly: https://lightgbm.readthedocs.io/en/stable/C-API.html.

To import its Python package imports pandas and scikit-learn too, and its `predict` takes longer to
check its argument than the trees need.
"""

import ctypes
import importlib.util
import weakref
from array import array
from pathlib import Path
from typing import Any

from ..common.errors import ModelError

# The numbers of LightGBM's c_api.h.
FLOAT64, NORMAL, CONTRIBUTIONS, ALL_TREES = 1, 0, 3, -1
# One row has no work for a second thread.
PARAMETERS = b"num_threads=1"

_out = ctypes.byref


def load_library() -> Any:
    """Load LightGBM's shared library by the package's own search, without the package.

    Raises:
        ModelError: LightGBM is not installed, or its library can't be loaded.
    """
    package = importlib.util.find_spec("lightgbm")
    if package is None or not package.submodule_search_locations:
        raise ModelError("LightGBM is not installed; install the wheel with its requirements")
    path = Path(package.submodule_search_locations[0]) / "libpath.py"
    spec = importlib.util.spec_from_file_location("lightgbm_libpath", path)
    if spec is None or spec.loader is None:
        raise ModelError(f"{path}: can't be read; install lightgbm anew")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except OSError as error:
        raise ModelError(f"LightGBM's library can't be loaded: {error}") from error
    library = module._LIB
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    library.LGBM_BoosterPredictForMatSingleRowFast.argtypes = [ctypes.c_void_p] * 4
    return library


class Trees:
    """A LightGBM model that predicts one row at a time, on any number of threads.

    LightGBM locks what its threads would share; the numbers in and out are each call's own.
    """

    def __init__(self, text: bytes, n_features: int) -> None:
        """Read a model.

        Args:
            text: What LightGBM's `save_model` wrote.
            n_features: How many features a row has.

        Raises:
            ModelError: LightGBM can't read it, or it was trained on another number of features.
        """
        self._library = load_library()
        booster = ctypes.c_void_p()
        self._call("BoosterLoadModelFromString", text, _out(ctypes.c_int()), _out(booster))
        n_trained, n_outputs = ctypes.c_int(), ctypes.c_int()
        self._call("BoosterGetNumFeature", booster, _out(n_trained))
        self._call("BoosterGetNumClasses", booster, _out(n_outputs))
        if n_trained.value != n_features:
            raise ModelError(f"the model has {n_trained.value} features, not {n_features}")
        self._outputs = ctypes.c_double * n_outputs.value
        self._contributions = ctypes.c_double * (n_outputs.value * (n_features + 1))
        self._run_row = self._library.LGBM_BoosterPredictForMatSingleRowFast
        self._predict = self._prepare(booster, NORMAL, n_features)
        self._contribute = self._prepare(booster, CONTRIBUTIONS, n_features)
        configs = [self._predict, self._contribute]
        weakref.finalize(self, _free, self._library, booster, configs)

    def predict(self, row: "array[float]") -> list[float]:
        """Predict a row.

        Args:
            row: Its features, of shape (n_features,).

        Returns:
            What Booster.predict returns for it: one number, or that of each class.
        """
        return self._run(self._predict, row, self._outputs)

    def contribute(self, row: "array[float]", output: int) -> list[float]:
        """Compute SHAP values (Lundberg et al., 2020).

        Args:
            row: Its features, of shape (n_features,).
            output: The place of a class, 0 if there are none.

        Returns:
            What each feature contributed to the raw score of that class, and last what the score
            is without any.
        """
        found = self._run(self._contribute, row, self._contributions)
        width = len(row) + 1
        return found[output * width : (output + 1) * width]

    def _prepare(self, booster: ctypes.c_void_p, kind: int, n_features: int) -> ctypes.c_void_p:
        config = ctypes.c_void_p()
        name = "BoosterPredictForMatSingleRowFastInit"
        layout = (kind, 0, ALL_TREES, FLOAT64, ctypes.c_int32(n_features), PARAMETERS)
        self._call(name, booster, *layout, _out(config))
        return config

    def _run(self, config: ctypes.c_void_p, row: "array[float]", kind: Any) -> list[float]:
        found, length = kind(), ctypes.c_int64()
        if self._run_row(config, row.buffer_info()[0], _out(length), found):
            raise ModelError(f"LightGBM: {self._library.LGBM_GetLastError().decode()}")
        numbers: list[float] = found[:]
        return numbers

    def _call(self, name: str, *arguments: Any) -> None:
        if getattr(self._library, f"LGBM_{name}")(*arguments):
            raise ModelError(f"LightGBM: {self._library.LGBM_GetLastError().decode()}")


def _free(library: Any, booster: ctypes.c_void_p, configs: list[ctypes.c_void_p]) -> None:
    for config in configs:
        library.LGBM_FastConfigFree(config)
    library.LGBM_BoosterFree(booster)
