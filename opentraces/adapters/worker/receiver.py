"""The process that receives telemetry: started, asked and ended."""

import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from opentraces.adapters.worker.processes import began, held
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.ids import canonical_bytes, read_json
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.ports.receiver import Receiver

LISTENING = "listening"
"""Begins the line by which a receiver says that it takes requests."""

REFUSING = "opentraces: "
"""Begins the line by which it says why it does not."""

_STARTS_S, _ENDS_S, _ANSWERS_S = 15.0, 5.0, 2.0
_PAUSE_S = 0.02
_HOST = "127.0.0.1"
_LINE = 4096
_LOG = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Running(NamedTuple):
    """A receiver as it wrote itself down."""

    pid: int
    """Its process."""

    began: str | None
    """When that began, in the kernel's words: of a recycled pid it is another. None: not told."""

    port: int
    """Where it listens."""

    def stored(self) -> bytes:
        """Return it as a file."""
        return canonical_bytes(self._asdict())


@frozen_dataclass
class ReceiverProcess(Receiver):
    """See Receiver. It holds a lock of the home, and wrote down which process it is."""

    record: Path
    """What it wrote down."""

    log: Path
    """What it says beside that."""

    command: tuple[str, ...]
    """What starts it, in the foreground; its first line begins with LISTENING, or says why not."""

    environment: Mapping[str, str]
    """All that it is told by its environment."""

    is_held: Callable[[], bool]
    """Whether a receiver holds the lock."""

    told: Callable[[], tuple[int, str]]
    """Returns the port and the token that one is told when it starts."""

    def start(self) -> None:
        """See Receiver."""
        if self.is_held():
            return
        reading, writing = os.pipe()
        try:
            self._spawn(writing)
            said = _first_line(reading)
        finally:
            os.close(reading)
        if said is None:
            raise Busy(f"the receiver does not say that it runs → {self.log}")
        if not said.startswith(LISTENING):
            why = said.removeprefix(REFUSING)
            raise StorageUnavailable(why or f"the receiver ended at once → {self.log}")

    def stop(self) -> None:
        """See Receiver."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.is_held():
                return
            self._tell(number)
            until = monotonic() + _ENDS_S
            while self.is_held() and monotonic() < until:
                sleep(_PAUSE_S)
        if self.is_held():
            raise Busy("the receiver does not end")

    def state(self) -> ReceiverState:
        """See Receiver."""
        port, token = self.told()
        if not self.is_held():
            return ReceiverState(is_running=False, port=port)
        running = self._running()
        port = running.port if running else port
        said = _asked(port, token)
        numbers = {key: said.get(key) for key in ("requests", "records", "refused")}
        counted = {key: number for key, number in numbers.items() if isinstance(number, int)}
        return ReceiverState(True, port, len(counted) == len(numbers), **counted)

    def _spawn(self, writing: int) -> None:
        log = -1
        try:
            self.log.parent.mkdir(0o700, parents=True, exist_ok=True)
            log = os.open(self.log, _LOG, 0o600)
            os.posix_spawn(
                self.command[0],
                self.command,
                self.environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, writing, 1),
                    (os.POSIX_SPAWN_DUP2, log, 2),
                ],
                setsid=True,
            )
        except OSError as error:
            raise StorageUnavailable(f"{self.log}: {error.strerror}") from error
        finally:
            os.close(writing)
            if log >= 0:
                os.close(log)

    def _running(self) -> Running | None:
        try:
            said = read_json(self.record.read_bytes())
            return Running(int(said["pid"]), said["began"], int(said["port"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _tell(self, number: int) -> None:
        """Send a signal to the receiver that holds the lock, and to no other process."""
        running = self._running()
        if running is None:
            raise Busy(f"which process the receiver is cannot be told: {self.record} is damaged")
        with suppress(ProcessLookupError), held(running.pid) as send:
            if began(running.pid) == running.began and self.is_held():
                send(number)


def run_here(command: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """Let this process become a receiver; does not return."""
    sys.stdout.flush()
    os.execve(command[0], command, environment)  # noqa: S606


def _first_line(reading: int) -> str | None:
    """Return what a process says first; empty: it ended. None: it says nothing for too long."""
    until = monotonic() + _STARTS_S
    said = b""
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while b"\n" not in said and len(said) < _LINE:
        if not poll.poll(max(until - monotonic(), 0) * 1000):
            return None
        piece = os.read(reading, _LINE)
        if not piece:
            break
        said += piece
    return said.partition(b"\n")[0].decode("utf-8", "replace").strip()


def _asked(port: int, token: str) -> dict[str, Any]:
    """Return what a receiver says of itself; empty: nothing. It closes the connection itself."""
    request = (
        f"GET /health HTTP/1.1\r\nHost: {_HOST}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    said = b""
    try:
        with socket.create_connection((_HOST, port), _ANSWERS_S) as connection:
            connection.sendall(request.encode())
            while len(said) < _LINE and (piece := connection.recv(_LINE)):
                said += piece
        told = read_json(said.partition(b"\r\n\r\n")[2])
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
