"""A process that answers one line at a time."""

import os
import select
import subprocess
from types import TracebackType

from opentraces.domain.errors import RepositoryUnreadable

TOO_SLOW = "git took too long"

_PIECE = 65536
_LONGEST_LINE = 65536


class EndedEarly(RepositoryUnreadable):
    """The process ended before it had answered."""


class Conversation:
    """Asks a running process, and never waits longer than it was told to."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        """`process`: its ends are unbuffered pipes."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes cannot be asked")
        self._process = process
        self._asking = process.stdin
        self._answers = process.stdout.fileno()
        self._poll = select.poll()  # unlike select, for any number of open files
        self._poll.register(self._answers, select.POLLIN)
        self._seconds = seconds
        self._held = b""

    def __enter__(self) -> "Conversation":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def say(self, line: str) -> None:
        """Ask something. Raises RepositoryUnreadable: the process has ended."""
        try:
            self._asking.write(line.encode("ascii", "replace") + b"\n")
        except OSError as error:
            raise EndedEarly("git ended early") from error

    def until(self, end: bytes) -> bytes:
        """Return what comes before the next `end`, one byte. Raises RepositoryUnreadable."""
        while end not in self._held:
            if len(self._held) > _LONGEST_LINE:
                raise RepositoryUnreadable("git does not answer as it should")
            self._held += self._more()
        line, _, self._held = self._held.partition(end)
        return line

    def take(self, count: int) -> bytes:
        """Return so many bytes. Raises RepositoryUnreadable."""
        pieces = [self._held]
        missing = count - len(self._held)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        data = b"".join(pieces)
        self._held = data[count:]
        return data[:count]

    def drop(self, count: int) -> None:
        """Pass over so many bytes. Raises RepositoryUnreadable."""
        while count > len(self._held):
            count -= len(self._held)
            self._held = self._more()
        self._held = self._held[count:]

    def _more(self) -> bytes:
        if not self._poll.poll(self._seconds * 1000):
            raise RepositoryUnreadable(TOO_SLOW)
        data = os.read(self._answers, _PIECE)
        if not data:
            raise EndedEarly("git ended early")
        return data
