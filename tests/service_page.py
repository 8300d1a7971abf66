"""Packaged models that serve their page, and visits of it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from conftest import BakedProject
from playwright.sync_api import FilePayload, Page

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
FEATURES = """
def add_features(rows):
    return {"heavy": rows["weight"] > 12, "per_rain": rows["weight"] / rows["rain"]}
"""
# Projects of each task through all stages; whatever text a project may hold is hostile.
MAKE = """
import json, sys, zipfile
from pathlib import Path
import pandas as pd
sys.path.insert(0, "tests/code")
from small_project import STAGES, TASKS, run_stage, write_project
for task in TASKS:
    folder = Path(sys.argv[1], task)
    folder.mkdir(parents=True)
    write_project(folder, task)
    params = json.loads((folder / "params.yaml").read_text())
    schema = json.loads((folder / "schema.yaml").read_text())
    columns = schema["columns"]
    columns["gift"] = {"type": "boolean", "description": EVIL}
    columns["items"] = {"type": "integer", "min": 1, "max": 9, "missing": "quarantine"}
    columns["weight"] |= {"unit": EVIL, "max": 1000}
    columns["colour"]["levels"].append(EVIL)
    columns["price"]["unit"] = "EUR"
    params["goal"] |= {"statement": EVIL, "owner": EVIL}
    for path in folder.glob("data/raw/*/*.csv"):
        table = pd.read_csv(path, dtype="str", keep_default_na=False).replace({"shop": {"b": EVIL}})
        if path.parent.name == "orders":
            table = table.assign(gift=table.index % 3 == 0, items=table.index % 9 + 1)
        table.to_csv(path, index=False)
    (folder / "params.yaml").write_text(json.dumps(params))
    (folder / "schema.yaml").write_text(json.dumps(schema))
    for stage in STAGES:
        run_stage(folder, stage)
    with zipfile.ZipFile(next(folder.glob("dist/*.whl"))) as wheel:
        wheel.extractall(folder / "wheel")
"""
SERVE = "from flight_delays.serving.service.command import command; command()"


class Service:
    """A packaged model that answers at an address of this machine."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self._headers = {"X-API-Key": key}

    def get(self, path: str) -> Any:
        return urlopen(Request(self.address + path, headers=self._headers), timeout=60)

    def predict(self, body: bytes, kind: str) -> bytes:
        headers = self._headers | {"Content-Type": kind}
        query = "?contributions=true" if kind == "application/json" else ""
        request = Request(f"{self.address}/predict{query}", body, headers)
        with urlopen(request, timeout=60) as response:
            return bytes(response.read())

    def example(self) -> dict[str, Any]:
        with self.get("/model") as response:
            return dict(json.load(response)["example"])


@contextmanager
def serve(project: BakedProject, wheel: Path, key: str = "") -> Iterator[Service]:
    """Serve what a wheel holds, by its own code."""
    environment = project.environment | {"PYTHONPATH": str(wheel), "FLIGHT_DELAYS_API_KEY": key}
    command = ["uv", "run", "--no-sync", "python", "-c", SERVE, "--port", "0"]
    with subprocess.Popen(
        command, cwd=project.path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield Service(process.stdout.readline().removeprefix("serving at ").strip(), key)
        finally:
            process.terminate()


class Visit:
    """A look at the page, and all that happened on the way but what was to be expected."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.events: list[str] = []
        page.on("console", lambda message: self.events.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.events.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self._note(request.url, address))
        page.goto(address)

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((f"{address}/", f"blob:{address}/")):
            self.events.append(f"request: {url}")

    def predict(self) -> None:
        self.page.get_by_role("button", name="Predict", exact=True).click()

    def predict_file(self, name: str, content: bytes) -> None:
        file = FilePayload(name=name, mimeType="", buffer=content)
        self.page.get_by_label("CSV or Parquet file").set_input_files(file)
        self.page.get_by_role("button", name="Predict the file").click()
