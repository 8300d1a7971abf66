"""The image is built from the wheel and serves it, as a user who may write nothing."""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Bake, BakedProject
from storage import find_port

SECONDS = 300
# What the image's base offers here, where no image can be fetched: Debian's Python, as an archive.
INCLUDED = "base-files,coreutils,dash,findutils,libgomp1,libstdc++6,python3-pip,python3-venv"
COMPONENTS = {"debian": "main", "ubuntu": "main,universe"}
# What was downloaded, so that a second run needs no network.
CACHE = ROOT / "build" / "image"
CAN_BUILD = all(map(shutil.which, ("buildah", "mmdebstrap")))


def call(*command: str | Path) -> str:
    arguments = [*map(str, command)]
    done = subprocess.run(
        arguments, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def test_dockerfile_has_no_lint(bake: Bake) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    call(hadolint, bake().path / "Dockerfile")


def keep(name: str, download: Callable[[Path], object]) -> Path:
    """Download something once, whole or not at all."""
    kept = CACHE / name
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            download(Path(folder) / name)
            (Path(folder) / name).rename(kept)
    return kept


class Images:
    """Buildah with images of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *arguments: str | Path) -> list[str]:
        places = ["--root", self.folder / "root", "--runroot", self.folder / "run"]
        return [*map(str, ["buildah", "--storage-driver", "vfs", *places, *arguments])]

    def ask(self, *arguments: str | Path) -> str:
        return call(*self.command(*arguments))

    def build(self, context: Path, tag: str, *options: str) -> None:
        always = ["--isolation", "chroot", "--pull-never", "--format", "docker", "--quiet"]
        self.ask("build", *always, *options, "--tag", tag, context)


def make_base(images: Images) -> None:
    """Make a small system with Python of the one that runs here."""
    system = platform.freedesktop_os_release()
    context = images.folder / "base"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM scratch\nADD base.tar /\n")
    # Only unpacked: none of its packages has to be set up to run Python.
    options = ["--variant=extract", f"--include={INCLUDED}", "--quiet"]
    components = f"--components={COMPONENTS[system['ID']]}"
    debootstrap = ["mmdebstrap", *options, components, system["VERSION_CODENAME"]]
    base = keep("base.tar", lambda path: call(*debootstrap, path))
    shutil.copyfile(base, context / "base.tar")
    images.build(context, "localhost/base:1")


def download_requirements(images: Images, trained: BakedProject) -> Path:
    """Put what the wheel requires into a folder, for the base's Python."""
    wheel = next(trained.path.glob("dist/*.whl"))
    base = images.ask("from", "--pull-never", "localhost/base:1")
    version = "import sys; print(*sys.version_info[:2], sep='.')"
    python = images.ask("run", "--isolation", "chroot", base, "--", "python3", "-c", version)
    images.ask("rm", base)
    options = ["--quiet", "--only-binary=:all:", "--python-version", python]
    pins = hashlib.sha256(trained.read("pyproject.toml").encode()).hexdigest()[:12]
    pip = [sys.executable, "-m", "uv", "tool", "run", "--quiet", "pip"]
    download = [*pip, "download", *options, f"{wheel}[postgres]", "--dest"]
    return keep(f"wheels-{python}-{pins}", lambda folder: call(*download, folder))


@pytest.fixture(scope="session")
def images(trained: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """Build the image of the trained project."""
    images = Images(tmp_path_factory.mktemp("images"))
    make_base(images)
    wheels = download_requirements(images, trained)
    pip = images.folder / "pip.conf"
    pip.write_text("[global]\nno-index = true\nfind-links = /wheelhouse\n")
    options = ["--build-arg", "BASE=localhost/base:1", "--secret", f"id=pip,src={pip}"]
    options += ["--volume", f"{wheels}:/wheelhouse:ro"]
    images.build(trained.path, "localhost/model:1", *options)
    yield images
    # Its files belong to other users in part.
    images.ask("rm", "--all")
    images.ask("rmi", "--all", "--force")


def fetch(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> Any:
    end = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            return fetch(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer; the server ended with {server.poll()}")


@pytest.mark.slow
@pytest.mark.skipif(not CAN_BUILD, reason="buildah or mmdebstrap is not installed: apt has both")
def test_image_serves_the_wheel_and_writes_nothing(
    images: Images, trained: BakedProject, tmp_path: Path
) -> None:
    config = json.loads(images.ask("inspect", "--type", "image", "localhost/model:1"))["Docker"]
    config = config["config"]
    assert config["User"] == "10001:10001"
    container = images.ask("from", "--pull-never", "localhost/model:1")
    root, port = Path(images.ask("mount", container)), find_port()
    inside = ["run", "--isolation", "chroot", "--env", f"PORT={port}", container, "--"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(images.command(*inside, *config["Cmd"]), stdout=log, stderr=log)
    try:
        health = wait_for(f"http://127.0.0.1:{port}/health", server)
        row = fetch(f"http://127.0.0.1:{port}/model")["example"]
        answer = fetch(f"http://127.0.0.1:{port}/predict", row)
        kind, *check = config["Healthcheck"]["Test"]
        assert kind == "CMD"
        images.ask(*inside, *check)
    finally:
        server.terminate()
        server.wait(SECONDS)
    assert health["version"] in next(trained.path.glob("dist/*.whl")).name
    assert 0 < answer["predictions"][0]["probability"] < 1
    # The health check has to fail when nothing answers.
    with pytest.raises(AssertionError, match="Connection refused"):
        images.ask(*inside, *check)
    written = [path for path in root.rglob("*") if path.lstat().st_uid == 10001]
    assert written == []
    # No installer, no sources: what the wheel requires, compiled.
    packages = root / "opt/model/lib"
    assert [*packages.rglob("pip")] == []
    assert [*packages.glob("*/site-packages/flight_delays/serving/__pycache__/scorer.*.pyc")]
