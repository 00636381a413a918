"""A server in this process, and what a client says to it byte by byte."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest

from opentraces.adapters.otlp import json_form, protobuf_form
from opentraces.adapters.otlp.admission import JSON, PROTOBUF
from opentraces.adapters.otlp.server import OtlpServer
from opentraces.domain.telemetry.environment import MARK
from opentraces.domain.telemetry.records import SessionLines

TOKEN = f"{MARK}0123456789abcdef"
PATIENCE_S = 20


@dataclass
class Kept:
    """Stands for the spool."""

    told: list[SessionLines] = field(default_factory=list)
    refuses: Exception | None = None
    left_out: int = 0

    def keep(self, told: Sequence[SessionLines]) -> int:
        if self.refuses is not None:
            raise self.refuses
        self.told += told
        return self.left_out

    @property
    def lines(self) -> list[bytes]:
        return [line for each in self.told for line in bytes(each.lines).splitlines()]


@dataclass
class Answer:
    """What a client was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> Answer:
        """Read one answer; fails where none comes."""
        line = self.file.readline()
        assert line.startswith(b"HTTP/1.1 "), line
        headers = {}
        while (row := self.file.readline().strip()) != b"":
            name, _, value = row.decode().partition(": ")
            headers[name] = value
        body = self.file.read(int(headers.get("Content-Length", "0")))
        return Answer(int(line.split()[1]), headers, body)

    def head(self, *rows: str, method: str = "POST", path: str = "/v1/logs", **other: Any) -> bytes:
        """Return line and headers of a request as it should be; `other`: headers, None: without."""
        usual: dict[str, Any] = {
            "Host": f"127.0.0.1:{self.port}",
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": JSON,
        }
        usual |= {name.replace("_", "-"): value for name, value in other.items()}
        lines = [f"{name}: {value}" for name, value in usual.items() if value is not None]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, *rows, "", ""]).encode()

    def post(self, body: bytes, *rows: str, **other: Any) -> Answer:
        """Send a whole request, and read its answer."""
        self.send(self.head(*rows, **{"Content_Length": len(body), **other}) + body)
        return self.answer()

    def is_closed(self) -> bool:
        """Whether the server closed the connection; waits until it did, or fails."""
        return self.file.read(1) == b""

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def server(kept: Kept) -> Iterator[OtlpServer]:
    forms = {JSON: json_form.records_in, PROTOBUF: protobuf_form.records_in}
    with OtlpServer(0, TOKEN, forms, kept.keep) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


Connect = Callable[[], Client]


@pytest.fixture
def connect(server: OtlpServer) -> Iterator[Connect]:
    clients = []

    def made() -> Client:
        clients.append(Client(server.port))
        return clients[-1]

    yield made
    for client in clients:
        client.close()


@pytest.fixture
def client(connect: Connect) -> Client:
    return connect()


@contextmanager
def shortened(monkeypatch: pytest.MonkeyPatch, **limits: float) -> Iterator[None]:
    """Let less be allowed than usual."""
    with monkeypatch.context() as patch:
        for name, value in limits.items():
            patch.setattr(f"opentraces.adapters.otlp.handler.{name}", value)
        yield
