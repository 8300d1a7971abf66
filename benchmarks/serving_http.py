"""The service of a generated project against others, over HTTP, with the same model.

Run it with the folder of a project that has been reproduced:
python benchmarks/serving_http.py build/bench/small/flight-delays
The others are installed into an environment of their own, which is thrown away. The ways take
turns, so that a busy machine slows all alike; what counts are the ratios.
"""

import argparse
import contextlib
import json
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CODE = {
    "ours.py": """
from PACKAGE.serving.service.command import command
command()
""",
    "nothing.py": """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/predict")
async def predict():
    return {"probability": 0.5}
uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", access_log=False)
""",
    "pipeline.py": """
import sys, uvicorn
from pathlib import Path
from typing import Any
import pandas as pd
from fastapi import FastAPI
from PACKAGE.model.bundle import load_bundle
bundle = load_bundle(Path("PACKAGE/bundle"))
app = FastAPI()
@app.post("/predict")
async def predict(row: dict[str, Any]):
    return {"probability": float(bundle.predict(pd.DataFrame([row]))["probability"].iloc[0])}
uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", access_log=False)
""",
    "save_mlflow.py": """
from pathlib import Path
import mlflow.pyfunc
class Model(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        from PACKAGE.model.bundle import load_bundle
        self.bundle = load_bundle(Path("PACKAGE/bundle"))
    def predict(self, context, model_input, params=None):
        return self.bundle.predict(model_input)["probability"]
mlflow.pyfunc.save_model("mlflow_model", python_model=Model(), pip_requirements=[])
""",
    "bento.py": """
import bentoml
import lightgbm
import numpy as np
@bentoml.service(workers=1, traffic={"timeout": 60})
class Model:
    def __init__(self):
        self.booster = lightgbm.Booster(model_file="PACKAGE/bundle/estimator/model.txt")
    @bentoml.api
    def predict(self, features: list[float]) -> float:
        return float(self.booster.predict(np.array([features]), num_threads=1)[0])
""",
    "ask.py": """
import json
from pathlib import Path
from PACKAGE.serving.scorer import Scorer
scorer = Scorer.load(Path("PACKAGE/bundle"))
row = json.loads(Path("PACKAGE/bundle/service.json").read_text(encoding="utf-8"))["example"]
values, _ = scorer._engine._contract.read(row)
(features,) = scorer._engine._features.make([values])
# JSON has no NaN: a number stands for it, as only the time counts.
known = [0.0 if value != value else value for value in features]
print(json.dumps([row, known]))
""",
}
WARM_UP = 100


class Way(NamedTuple):
    """A service: its command, where it is asked, and what for."""

    name: str
    command: list[str]
    path: str
    body: bytes
    ready: str
    quick: bool = False


class Speed(NamedTuple):
    """What a round of requests took."""

    per_second: float
    p50: float
    p99: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--requests", type=int, default=1000, help="of a round (default 1000)")
    parser.add_argument("--rounds", type=int, default=3, help="of each way (default 3)")
    parser.add_argument("--others", type=Path, help="environment with mlflow and bentoml, if kept")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ |= {"UV_COMPILE_BYTECODE": "1", "OMP_NUM_THREADS": "1", "NO_PROXY": "*"}
    os.environ |= {"BENTOML_DO_NOT_TRACK": "true", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        others = given.others and given.others.resolve()
        ways = prepare(given.project.resolve(), Path(name), others)
        print_table(ways, Path(name), given.requests, given.rounds)


def prepare(project: Path, folder: Path, given: Path | None) -> list[Way]:
    """Unpack the wheel, install the others, and say how each is run."""
    wheel = next((project / "dist").glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    package = next(path.parent.name for path in folder.glob("*/bundle"))
    for name, code in CODE.items():
        (folder / name).write_text(code.replace("PACKAGE", package), encoding="utf-8")
    scripts = "Scripts" if os.name == "nt" else "bin"
    others = given or install_others(project, folder / "others")
    python, other = str(project / ".venv" / scripts / "python"), others / scripts
    subprocess.run([python, "-m", "compileall", "-q", package], cwd=folder, check=True)
    subprocess.run([str(other / "python"), "save_mlflow.py"], cwd=folder, check=True)
    asked = subprocess.run([python, "ask.py"], cwd=folder, check=True, stdout=subprocess.PIPE)
    row, features = json.loads(asked.stdout)
    plain = json.dumps(row).encode()
    records = json.dumps({"dataframe_records": [row]}).encode()
    mlflow = ["mlflow", "models", "serve", "-m", "mlflow_model", "--env-manager", "local"]
    bento = ["bentoml", "serve", "bento:Model"]
    numbers = json.dumps({"features": features}).encode()
    return [
        Way("ours", [python, "ours.py"], "/predict", plain, "/ready", True),
        Way("FastAPI that does nothing", [python, "nothing.py"], "/predict", plain, "/docs", True),
        Way("FastAPI + scikit-learn", [python, "pipeline.py"], "/predict", plain, "/docs"),
        Way("BentoML, native Booster", as_module(other, bento), "/predict", numbers, "/readyz"),
        Way("mlflow models serve", as_module(other, mlflow), "/invocations", records, "/ping"),
    ]


def install_others(project: Path, environment: Path) -> Path:
    """Install MLflow and BentoML beside the model's libraries, of the project's versions."""
    content = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    # MLflow excludes our versions of others, which do not matter here.
    libraries = [*content["project"]["optional-dependencies"]["model"], "ruamel.yaml"]
    wanted = ["mlflow>=3", "bentoml", "threadpoolctl", *libraries]
    subprocess.run(["uv", "venv", "--quiet", str(environment)], check=True)
    install = ["uv", "pip", "install", "--quiet", "--python", str(environment)]
    subprocess.run([*install, *wanted], check=True)
    return environment


def as_module(folder: Path, command: list[str]) -> list[str]:
    """Run a command by the Python of its environment."""
    return [str(folder / "python"), "-m", *command]


@contextlib.contextmanager
def run_service(way: Way, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """Start a service and stop it with all of its processes; yields port, process, seconds."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*way.command, "--port", str(port)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PATH": add_path(way)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not is_ready(port, way.ready):
            if process.poll() is not None or time.perf_counter() - begin > 120:
                sys.exit(f"bench: {way.name} did not start")
            time.sleep(0.02)
        yield port, process, time.perf_counter() - begin
    finally:
        if os.name == "nt":
            process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def add_path(way: Way) -> str:
    """Put the commands of a way's environment first: some services start others by name."""
    return os.pathsep.join([str(Path(way.command[0]).parent), os.environ["PATH"]])


def is_ready(port: int, path: str) -> bool:
    """Say whether a service answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            return b" 200 " in connection.recv(100)
    except OSError:
        return False


def load(port: int, way: Way, requests: int, concurrency: int) -> Speed:
    """Send requests over kept connections, each as soon as its connection is free."""
    head = f"POST {way.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(way.body)}\r\n\r\n".encode() + way.body
    started: dict[socket.socket, float] = {}
    times: list[float] = []
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        for _ in range(concurrency):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ)
            started[connection] = time.perf_counter()
            connection.sendall(request)
        begin, sent = time.perf_counter(), concurrency
        while len(times) < requests:
            for key, _ in selector.select():
                connection = next(each for each in started if each is key.fileobj)
                read_answer(connection, way)
                times.append(time.perf_counter() - started[connection])
                if sent < requests:
                    sent += 1
                    started[connection] = time.perf_counter()
                    connection.sendall(request)
        seconds = time.perf_counter() - begin
    times.sort()
    p50, p99 = (times[int(len(times) * share)] * 1e3 for share in (0.5, 0.99))
    return Speed(requests / seconds, p50, p99)


def read_answer(connection: socket.socket, way: Way) -> None:
    """Read one answer, which must be a good one."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = connection.recv(65536)
        if not received:
            sys.exit(f"bench: {way.name} closed a connection")
        answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        sys.exit(f"bench: {way.name} answered {answer[:500].decode(errors='replace')}")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)


def measure_memory(root: int) -> float:
    """Sum the peak memory of a process and of those that it started, in MB, on Linux only."""
    if not Path("/proc").exists():
        return 0.0
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            total += int(status.split("VmHWM:")[1].split()[0]) / 1024
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += map(int, task.read_text(encoding="utf-8").split())
    return total


def print_table(ways: list[Way], folder: Path, requests: int, rounds: int) -> None:
    """Run all services at once, ask them in turns, and print the medians of the rounds."""
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(run_service(way, folder)) for way in ways]
        found: dict[tuple[str, int], list[Speed]] = {}
        for concurrency in (1, 16):
            for _ in range(rounds):
                for way, (port, _, _) in zip(ways, running, strict=True):
                    # Fewer of the slow ones are enough for a median.
                    n = requests if way.quick else requests // 4
                    load(port, way, min(WARM_UP, n), concurrency)
                    speed = load(port, way, n, concurrency)
                    found.setdefault((way.name, concurrency), []).append(speed)
        memory = {
            way.name: measure_memory(process.pid)
            for way, (_, process, _) in zip(ways, running, strict=True)
        }
    print("| service | clients | requests/s | ours is | p50 ms | p99 ms | ready in s | MB |")
    print("|---|---|---|---|---|---|---|---|")
    for concurrency in (1, 16):
        for way, (_, _, seconds) in zip(ways, running, strict=True):
            rate, p50, p99 = map(statistics.median, zip(*found[way.name, concurrency], strict=True))
            ours = statistics.median(speed.per_second for speed in found["ours", concurrency])
            print(
                f"| {way.name} | {concurrency} | {rate:,.0f} | {ours / rate:.2f} times | {p50:.2f} "
                f"| {p99:.2f} | {seconds:.2f} | {memory[way.name]:.0f} |"
            )


if __name__ == "__main__":
    main()
