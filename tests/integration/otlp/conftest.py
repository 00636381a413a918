"""A receiver in a process of its own, in a home of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from opentraces.adapters.otlp.admission import JSON

COMMAND = (sys.executable, "-P", "-m", "opentraces.entrypoints.otlp")


class Receiver:
    """One that runs, and what it wrote down."""

    def __init__(self, store: Path) -> None:
        self.store = store
        (store / "otlp").mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        (store / "otlp" / "port").write_text(f"{self.port}\n")
        self.process = self.started()

    def started(self) -> subprocess.Popen[bytes]:
        """Start it, and return when it takes requests."""
        environment = {**os.environ, "OPENTRACES_HOME": str(self.store)}
        process = subprocess.Popen(
            COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        with process.stdout:
            said = process.stdout.readline()
        assert said == b"listening on 127.0.0.1:%d\n" % self.port, said
        return process

    def kill(self) -> None:
        """End it at once, whatever it is at."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        """End it as a command does."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    @property
    def headers(self) -> dict[str, str]:
        token = (self.store / "otlp" / "token").read_text().strip()
        return {"Authorization": f"Bearer {token}", "Content-Type": JSON}

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def post(self, body: bytes, path: str = "/v1/logs", **headers: str) -> int:
        """Post a body by a connection of its own; returns the status."""
        with closing(self.connection()) as connection:
            connection.request("POST", path, body, {**self.headers, **headers})
            with connection.getresponse() as answer:
                return answer.status

    def spooled(self) -> dict[str, list[bytes]]:
        """What was written down, by session."""
        files = (self.store / "spool" / "otlp").iterdir()
        return {file.stem: file.read_bytes().splitlines() for file in files}

    def memory_mb(self, key: str = "VmHWM") -> float:
        """The most that it ever held, in MB."""
        rows = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(row.split()[1] for row in rows if row.startswith(key))) * 1024 / 1e6

    def modules(self) -> str:
        """The files that it has mapped."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def store(home: Path) -> Path:
    return home / ".opentraces"


@pytest.fixture
def receiver(store: Path) -> Iterator[Receiver]:
    receiver = Receiver(store)
    yield receiver
    receiver.kill()
