"""What the receiver of telemetry takes: beside a server that reads each body and keeps nothing."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import rmtree
from statistics import median
from time import perf_counter

from benchmarks.table import Row, at_least

_BOUND = 1 / 4
_CLIENTS = 4
_REQUESTS = 1_500
"""Of each client, one after the other, on a connection that stays."""

_RECORDS = 5
_SESSION = "5e0c6d4a-0f7b-4b53-9a51-7d1d7a9f2c11"
_ANSWER = b"HTTP/1.1 200 "


class _Bare(BaseHTTPRequestHandler):
    """Reads a body and answers; the fairest floor there is."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:  # the library calls it so
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its name there
        """Say nothing."""


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Measure both in turn; fail where a record that was answered is not written down."""
    home = cache / "homes" / "telemetry"
    rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    body = _body()
    floors, rates = [], []
    for _ in range(rounds):
        with _started((sys.executable, "-m", __name__), {}) as port:
            floors.append(_rate(port, "", body))
        with _receiver(home) as (port, token):
            rates.append(_rate(port, token, body))
    lines = (home / "spool" / "otlp" / f"{_SESSION}.jsonl").read_bytes().count(b"\n")
    expected = rounds * _CLIENTS * _REQUESTS * _RECORDS
    assert lines == expected, f"{lines} of {expected} records were written down"
    yield at_least(
        f"requests of telemetry, {len(body) / 1000:.1f} kB, {_CLIENTS} clients",
        "/s",
        median(rates),
        median(floors),
        _BOUND,
    )


@contextmanager
def _receiver(home: Path) -> Iterator[tuple[int, str]]:
    (home / "otlp").mkdir(exist_ok=True)
    (home / "otlp" / "port").write_text(str(_free_port()))
    command = (sys.executable, "-m", "opentraces.entrypoints.otlp")
    with _started(command, {"OPENTRACES_HOME": str(home), "HOME": str(home)}) as port:
        yield port, (home / "otlp" / "token").read_text().strip()


@contextmanager
def _started(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[int]:
    """Start a server that says its port at the end of its first line."""
    told = {**os.environ, **environment}
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline().rpartition(b":")[2])
        process.terminate()


def _rate(port: int, token: str, body: bytes) -> float:
    """Return how many requests a second are answered."""
    head = (
        f"POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        "User-Agent: OTel-OTLP-Exporter-JavaScript/0.208.0\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    began = perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(lambda _: _client(port, head + body), range(_CLIENTS)))
    return _CLIENTS * _REQUESTS / (perf_counter() - began)


def _client(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for _ in range(_REQUESTS):
            connection.sendall(request)
            answer = b""
            while not answer.endswith(b"{}"):
                piece = connection.recv(4096)
                assert piece, answer
                answer += piece
            assert answer.startswith(_ANSWER), answer


def _body() -> bytes:
    """Return records as Claude Code sends them."""
    said = {
        "user.id": "0" * 64,
        "session.id": _SESSION,
        "terminal.type": "xterm-256color",
        "event.name": "tool_result",
        "event.timestamp": "2026-11-27T05:00:00.000Z",
        "prompt.id": "3d8a5f80-2f4f-4f7c-8f1c-2b1b7d6f5a11",
        "tool_name": "Bash",
        "tool_use_id": "toolu_01scripted0001",
        "success": "true",
        "tool_input": json.dumps({"command": "python3 -m pytest -q tests/unit", "timeout": 1}),
    }
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in said.items()]
    attributes.append({"key": "event.sequence", "value": {"intValue": 7}})
    record = {
        "timeUnixNano": "1795756699025000000",
        "observedTimeUnixNano": "1795756699025000000",
        "body": {"stringValue": "claude_code.tool_result"},
        "attributes": attributes,
        "droppedAttributesCount": 0,
    }
    service = [{"key": "service.name", "value": {"stringValue": "claude-code"}}]
    scope = {"name": "com.anthropic.claude_code.events", "version": "2.1.197"}
    logs = [{"scope": scope, "logRecords": [record] * _RECORDS}]
    tree = {"resourceLogs": [{"resource": {"attributes": service}, "scopeLogs": logs}]}
    return json.dumps(tree, separators=(",", ":")).encode()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), _Bare) as bare:
        sys.stdout.write(f"bare:{bare.server_address[1]}\n")
        sys.stdout.flush()
        bare.serve_forever()
