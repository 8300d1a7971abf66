"""Deliveries are copied whole and once, whatever they are called and wherever they lie."""

import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pytest
from small_project import ROOT, make_params
from typer.testing import CliRunner

from {{ cookiecutter.__package_name }} import cli
from {{ cookiecutter.__package_name }}.common.errors import DataError, SettingsError
from {{ cookiecutter.__package_name }}.common.io import write_json, write_text
from {{ cookiecutter.__package_name }}.common.settings import Source
from {{ cookiecutter.__package_name }}.data.sources import find_files
from {{ cookiecutter.__package_name }}.ingest.arrivals import UNFINISHED
from {{ cookiecutter.__package_name }}.ingest.ingest import ingest
from {{ cookiecutter.__package_name }}.ingest.place import find_place

LISTING = Path("new.txt")
SECONDS = 60


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The folder of the deliveries in a project, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    point_to("data/incoming/*.csv")
    for name in ("1.csv", "2.csv", "notes.txt"):
        write_text(Path("data/incoming") / name, f"{name}\n")
    return Path("data/raw/orders")


def point_to(url: str | None) -> None:
    params = make_params("binary")
    params["prepare"]["deliveries_url"] = url
    write_json(Path("params.yaml"), params)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


class Stopping(Quiet):
    """Sends half of what it promises, then closes the line, or waits while it may not."""

    may_end = threading.Event()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"half")
        self.wfile.flush()
        self.may_end.wait(SECONDS)


@pytest.fixture
def serve():
    """Serve a folder over HTTP."""
    servers = []

    def start(handler, folder=Path("data/incoming")):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_new_deliveries_are_copied_once(place):
    assert "2 found, 2 new" in ingest(Path(), LISTING)
    assert LISTING.read_text().splitlines() == ["data/raw/orders/1.csv", "data/raw/orders/2.csv"]
    write_text(Path("data/incoming/3.csv"), "3.csv\n")
    assert "3 found, 1 new" in ingest(Path(), LISTING)
    assert LISTING.read_text() == "data/raw/orders/3.csv\n"
    assert "3 found, 0 new" in ingest(Path(), LISTING)
    assert LISTING.read_text() == ""
    assert names(place) == ["1.csv", "2.csv", "3.csv"]
    assert (place / "1.csv").read_bytes() == b"1.csv\n"


@pytest.mark.parametrize("other", ["1.CSV\n", "longer than before\n"])
def test_changed_delivery_overwrites_nothing_and_stops_no_other(place, other):
    write_text(place / "1.csv", other)
    done = CliRunner().invoke(cli.app, ["ingest", "--list", str(LISTING)])
    assert done.exit_code == 2
    assert "incoming/1.csv and data" in done.stderr.replace("\\", "/")
    assert "same name and other content" in done.stderr
    assert (place / "1.csv").read_text() == other
    assert names(place) == ["1.csv", "2.csv"]
    assert LISTING.read_text() == "data/raw/orders/2.csv\n"


def test_deliveries_come_from_a_web_server(place, serve):
    write_text(Path("data/incoming/in May.csv"), "May\n")
    url = serve(Quiet)
    point_to(f"{url}/1.csv")
    assert "1 found, 1 new" in ingest(Path(), None)
    point_to(f"{url}/*.csv")
    assert "3 found, 2 new" in ingest(Path(), None)
    assert names(place) == ["1.csv", "2.csv", "in May.csv"]
    assert (place / "in May.csv").read_bytes() == b"May\n"


def test_half_a_delivery_is_none(place, serve, monkeypatch):
    monkeypatch.setattr(Stopping.may_end, "wait", lambda _: True)
    point_to(f"{serve(Stopping)}/1.csv")
    with pytest.raises(DataError, match="can't be read"):
        ingest(Path(), None)
    assert names(place) == []


def test_killed_run_leaves_nothing_that_is_read_or_kept(place, serve):
    point_to(f"{serve(Stopping)}/1.csv")
    code = "from {{ cookiecutter.__package_name }}.cli import app; app()"
    with subprocess.Popen([sys.executable, "-c", code, "ingest"]) as running:
        end = time.monotonic() + SECONDS
        while not list(place.glob(f"{UNFINISHED}*")) and time.monotonic() < end:
            time.sleep(0.05)
        running.kill()
    Stopping.may_end.set()
    assert len(names(place)) == 1
    with pytest.raises(DataError, match="no such file"):
        find_files(Path("data/raw"), Source(files="orders/*"))
    for name in (".gitignore", ".dvcignore"):
        assert f"{UNFINISHED}*" in (ROOT / name).read_text().splitlines()
    point_to(f"{serve(Quiet)}/1.csv")
    assert "1 new" in ingest(Path(), None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dvc.yaml", "unknown format"),
        ("x.csv.dvc", "unknown format"),
        (".x.csv", "can't be a file's name"),
        ("$(touch pwned).csv", "can't be a file's name"),
        ("-o.csv", "can't be a file's name"),
        ("a\nb.csv", "can't be a file's name"),
        ("[ab].csv", "can't be a file's name"),
        ("..\\..\\a.csv", "can't be a file's name"),
        ("con.csv", "can't be a file's name"),
        (f"{'x' * 300}.csv", "can't be a file's name"),
        ("x.parquet", "would not read it"),
    ],
)
def test_name_that_could_do_harm_is_refused(place, tmp_path, name, said):
    for each in (name, "fine.csv"):
        fsspec.filesystem("memory").pipe(f"/{tmp_path.name}/{each}", b"x")
    point_to(f"memory://{tmp_path.name}/*")
    with pytest.raises(DataError, match=said):
        ingest(Path(), LISTING)
    assert names(place) == ["fine.csv"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data/nowhere/*.csv", "can't be read .*nowhere"),
        ("data/incoming/no.csv", "can't be read .*no.csv"),
        ("http://127.0.0.1:9/*.csv", "can't be read .*Cannot connect"),
        ("nonsense://x/*.csv", "can't be read .*Protocol not known"),
        ("smb://x/*.csv", "add that package to the group pipeline"),
    ],
)
@pytest.mark.usefixtures("place")
def test_what_cannot_be_read_is_said(url, said):
    point_to(url)
    with pytest.raises(DataError, match=said):
        ingest(Path(), None)


@pytest.mark.usefixtures("place")
def test_nothing_is_to_do_where_nothing_is_set_or_has_arrived():
    point_to("data/incoming/*.parquet")
    assert "0 found, 0 new" in ingest(Path(), LISTING)
    assert LISTING.read_text() == ""
    point_to(None)
    assert "set it to where new deliveries arrive" in ingest(Path(), LISTING)


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [("orders/*.csv", "orders"), ("*", "."), ("a/b/**/*", "a/b"), ("a/all.csv", "a")],
)
def test_deliveries_go_where_they_will_be_read(pattern, folder):
    assert find_place(Path("raw"), "orders", pattern) == Path("raw") / folder


@pytest.mark.parametrize("pattern", ["../*.csv", "/etc/*", "a/*/x.csv"])
def test_pattern_without_one_folder_is_refused(pattern):
    with pytest.raises(SettingsError, match="must name one folder below"):
        find_place(Path("raw"), "orders", pattern)


@pytest.fixture
def dvc(place, tmp_path, monkeypatch):
    """DVC's command, in a repository of Git and DVC."""
    for name in ("HOME", "DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")

    def run(*arguments):
        command = [sys.executable, "-m", "dvc", *arguments]
        subprocess.run(command, check=True)

    subprocess.run(["git", "init", "--quiet"], check=True)
    write_text(Path(".dvc/config"), "")
    write_text(place / "0.csv", "0.csv\n")
    return run


def test_folder_that_dvc_tracks_is_brought_up_to_date(place, dvc):
    dvc("add", "--quiet", "data/raw")
    ingest(Path(), None)
    assert "nfiles: 3" in Path("data/raw.dvc").read_text()
    (place / "0.csv").unlink()
    write_text(Path("data/incoming/3.csv"), "3.csv\n")
    with pytest.raises(DataError, match=r"0.csv is not as DVC tracks it.*dvc pull"):
        ingest(Path(), None)
    assert "3.csv" not in names(place)


def test_file_is_tracked_by_dvc_where_others_are(place, dvc):
    dvc("add", "--quiet", "data/raw/orders/0.csv")
    ingest(Path(), None)
    assert {"0.csv.dvc", "1.csv.dvc", "2.csv.dvc"} < {*names(place)}
