"""A client that was started: to be sent a signal, or waited for."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

_LIMIT_S = 120


@dataclass(frozen=True)
class Ended:
    """A client that ran, as seen from outside."""

    code: int
    """Negative: the signal that ended it."""

    out: bytes
    err: bytes
    at: float
    """When its end was seen, as `time.monotonic` counts."""

    @property
    def result(self) -> dict[str, Any]:
        """What it printed of its work; fails when it could not."""
        assert self.out.startswith(b"{"), self
        result: dict[str, Any] = orjson.loads(self.out)
        return result

    @property
    def session(self) -> str:
        """The id of the session it worked in; of a fork, the new one."""
        return str(self.result["session_id"])


@dataclass(frozen=True)
class Running:
    """A client at work."""

    process: subprocess.Popen[bytes]
    out: IO[bytes]
    err: IO[bytes]

    def send(self, number: Signals) -> None:
        """Send a signal to the client and to nothing that it started."""
        self.process.send_signal(number)

    def wait(self) -> Ended:
        """Wait for its end, and fail when it takes too long."""
        code = self.process.wait(_LIMIT_S)
        at = time.monotonic()
        self.out.seek(0)
        self.err.seek(0)
        return Ended(code, self.out.read(), self.err.read(), at)


@contextmanager
def started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Running]:
    """Start a client; it is ended when the block is left."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        try:
            yield Running(process, out, err)
        finally:
            process.kill()
            process.wait()
