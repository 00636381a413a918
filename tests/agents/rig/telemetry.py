"""A receiver of telemetry in a home of a user, and what it wrote down."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.program import Program


@dataclass(frozen=True)
class Receiving:
    """A receiver that runs."""

    program: Program

    port: int
    """Where it listens."""

    @property
    def token(self) -> str:
        """What a client has to say."""
        return (self.program.store / "otlp" / "token").read_text().strip()

    @property
    def bodies(self) -> Path:
        """Where Claude Code writes what it sends and is answered."""
        return self.program.store / "spool" / "bodies"

    def spooled(self, session: str) -> list[dict[str, Any]]:
        """Return what was written down of a session, in order; nothing where nothing was."""
        file = self.program.store / "spool" / "otlp" / f"{session}.jsonl"
        return [*map(orjson.loads, file.read_bytes().splitlines())] if file.exists() else []

    def records(self, session: str, signal: str) -> list[dict[str, Any]]:
        """Return the records of one signal of a session, in order."""
        return [line["record"] for line in self.spooled(session) if line["signal"] == signal]

    def status(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return self.program.json("capture-otlp", "status")


@contextmanager
def receiving(program: Program) -> Iterator[Receiving]:
    """Set a home up for telemetry, and start the receiver; it is ended afterwards."""
    port = free_port()
    program.run("setup", "capture-otlp", "--port", str(port))
    program.run("capture-otlp", "start")
    try:
        yield Receiving(program, port)
    finally:
        program.run("capture-otlp", "stop")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
