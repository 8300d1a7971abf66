"""Stand-ins for gh, docker and a place to deploy to, as commands: STATE says what is where.

images/HEX.whl     the wheel in the image of that digest
attested           a digest a line
releases/TAG/      the assets of a release
services/NAME/     a running service: its process and its address
calls              each call, a line
cut                if it is there, the connection is cut once a release is made
broken             if it is there, the target goes on once with what it has
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

# What the place to deploy to asks for, and the service there.
TOKEN, KEY = "token-of-the-place", "key-of-the-service"
STATE = Path(os.environ.get("STATE", "."))
SERVE = "from flight_delays.serving.service.command import command; command()"


def gh(*arguments: str) -> str | None:
    match arguments:
        case ("release", "view", tag, *_):
            return "false" if (STATE / "releases" / tag).exists() else None
        case ("release", "create", tag, "--verify-tag", "--title", _, "--notes-file", _, *files):
            origin = subprocess.check_output(["git", "ls-remote", "origin", tag], text=True)
            assert origin, "the tag is not pushed"
            folder = STATE / "releases" / tag
            folder.mkdir(parents=True)
            for file in files:
                shutil.copy(file, folder)
            return None if (STATE / "cut").exists() else ""
        case ("release", "download", tag, "--dir", target, *patterns):
            Path(target).mkdir(parents=True, exist_ok=True)
            found = (STATE / "releases" / tag).iterdir()
            for path in (path for path in found if any(map(path.match, patterns[1::2]))):
                shutil.copy(path, target)
            return ""
        case ("attestation", "verify", subject, "--repo", "o/r", *rest):
            return verify(subject, rest)
    raise AssertionError(f"gh {arguments}")


def verify(subject: str, options: list[str]) -> str | None:
    workflow = "o/r/.github/workflows/release.yml"
    assert options == ["--signer-workflow", workflow, "--source-ref", "refs/heads/main"]
    prefix, _, digest = subject.rpartition("@")
    if not prefix:
        digest = f"sha256:{hash_file(Path(subject))}"
    return "" if digest in (STATE / "attested").read_text().split() else None


def docker(*arguments: str) -> str | None:
    match arguments:
        case ("run", "--detach", "--name", name, *_, image):
            start(name, image, 0)
            return "started"
        case ("port", name, "8000"):
            return (STATE / "services" / name / "address").read_text()
        case ("stop", name):
            stop(name)
            return name
    raise AssertionError(f"docker {arguments}")


def deploy(port: str, image: str) -> str | None:
    if os.environ["DEPLOY_TOKEN"] != TOKEN:
        return None
    if (STATE / "broken").exists():
        (STATE / "broken").unlink()
        return "unchanged"
    stop("target")
    start("target", image, int(port), FLIGHT_DELAYS_API_KEY=KEY)
    return "started"


def start(name: str, image: str, port: int, **variables: str) -> None:
    folder = STATE / "services" / name
    folder.mkdir(parents=True)
    with zipfile.ZipFile(STATE / "images" / f"{image.rpartition(':')[2]}.whl") as wheel:
        wheel.extractall(folder / "package")
    python = Path(os.environ["UV_PROJECT_ENVIRONMENT"]) / "bin" / "python"
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [python, "-c", SERVE, "--port", str(port)],
            env=os.environ | {"PYTHONPATH": str(folder / "package")} | variables,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
    (folder / "process").write_text(str(process.pid))
    assert process.stdout
    address = process.stdout.readline().strip().removeprefix("serving at http://")
    (folder / "address").write_text(address)


def stop(name: str) -> None:
    folder = STATE / "services" / name
    if folder.exists():
        os.kill(int((folder / "process").read_text()), signal.SIGTERM)
        shutil.rmtree(folder)


def hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    with (STATE / "calls").open("a") as calls:
        calls.write(json.dumps([command, *given]) + "\n")
    commands: dict[str, Callable[..., str | None]] = {"gh": gh, "docker": docker, "deploy": deploy}
    answer = commands[command](*given)
    if answer is None:
        sys.exit(f"{command}: refused")
    print(answer)
