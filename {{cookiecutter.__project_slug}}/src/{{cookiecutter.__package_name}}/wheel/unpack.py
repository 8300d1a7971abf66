"""The packaged model in dist/, unpacked."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..common.errors import ModelError


@contextmanager
def open_wheel(dist: Path) -> Iterator[Path]:
    """Unpack the wheel in a folder for a while.

    Args:
        dist: Where the package stage wrote it.

    Yields:
        The folder of its package.

    Raises:
        ModelError: There is none.
    """
    wheels = sorted(dist.glob("*.whl"))
    if not wheels:
        raise ModelError(f"{dist}: holds no wheel; run `uv run dvc repro`")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with zipfile.ZipFile(wheels[-1]) as wheel:
            wheel.extractall(folder)
        yield next(path.parent for path in Path(folder).glob("*/bundle"))
