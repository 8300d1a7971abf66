"""The commands that run what is in the wheel."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..common.console import run

ROOT = __name__.partition(".")[0]
Dist = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the wheel lies.")]


def serve(
    options: Annotated[
        list[str] | None, typer.Argument(metavar="OPTIONS", help="Such as --port 8001.")
    ] = None,
) -> None:
    """Serve the model in dist/ over HTTP, with the code of its wheel and the options of that."""

    def serve_wheel(_: list[str]) -> str:
        from .unpack import open_wheel

        with open_wheel(Path("dist")) as package:
            # What is imported from here on comes from the wheel.
            sys.modules[ROOT].__path__ = [str(package)]
            from ..serving.service.command import main

            return main(options or [])

    raise typer.Exit(run(serve_wheel))


def smoke(
    url: Annotated[str, typer.Argument(metavar="URL", help="Such as http://127.0.0.1:8000.")],
    timeout: Annotated[float, typer.Option(help="Seconds to wait for this version.")] = 60,
    dist: Dist = Path("dist"),
) -> None:
    """Ask a running service for the rows whose answers the wheel ships, by the wheel's own code."""
    from .unpack import open_wheel

    with open_wheel(dist) as package:
        # A process of its own, as the wheel may be much older than the code here.
        code = f"from {package.name}.serving.smoke import command; command()"
        environment = os.environ | {"PYTHONPATH": str(package.parent)}
        command = [sys.executable, "-c", code, url, "--timeout", str(timeout)]
        done = subprocess.run(command, env=environment, check=False)
    raise typer.Exit(done.returncode)
