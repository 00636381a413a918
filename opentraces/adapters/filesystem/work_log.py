"""The log of workers: one file that hooks hand to them, and the one before it."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.ports.work_log import Failure, WorkLog

_MOST_BYTES = 1_000_000
_TAIL = 1 << 16
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=  )")
_ERROR = "opentraces: "
_FAILED = ": failed: "
_TRACEBACK = "Traceback (most recent call last):"


class FilesystemWorkLog(WorkLog):
    """See WorkLog. Times in it are those of the zone that it was written in: ours."""

    def __init__(self, log: Path) -> None:
        """Look into `log`."""
        self._log = log
        self._before = log.with_name(f"{log.name}.1")

    def written(self, agent: str | None = None) -> datetime | None:
        """See WorkLog."""
        logs = (self._log, self._before)
        found = map(_written, logs) if agent is None else (_told(log, agent) for log in logs)
        return max((at for at in found if at is not None), default=None)

    def last_failure(self) -> Failure | None:
        """See WorkLog."""
        lines = [*_tail(self._before), *_tail(self._log)]
        at = self.written()
        for number in range(len(lines) - 1, -1, -1):
            at = _moment(lines[number]) or at
            if at is not None and _is_failure(lines, number):
                return Failure(lines[number].strip(), at)
        return None

    def turn_over(self) -> None:
        """See WorkLog. A log that a worker still writes to is the one before then."""
        with translated(str(self._log)):
            try:
                is_long = self._log.stat().st_size > _MOST_BYTES
            except FileNotFoundError:
                return
            if is_long:
                self._log.replace(self._before)


def _written(log: Path) -> datetime | None:
    with translated(str(log)):
        try:
            return datetime.fromtimestamp(log.stat().st_mtime, UTC)
        except (FileNotFoundError, NotADirectoryError):
            return None


def _told(log: Path, agent: str) -> datetime | None:
    """Return when a line last told of an agent's events. None: none does."""
    lines = (line for line in reversed(_tail(log, _MOST_BYTES)) if f"  {agent}  " in line)
    return next(filter(None, map(_moment, lines)), None)


def _tail(log: Path, most: int = _TAIL) -> list[str]:
    """Return the last whole lines of a log, `most` bytes of them."""
    with translated(str(log)):
        try:
            descriptor = os.open(log, os.O_RDONLY | FILE)
        except (FileNotFoundError, NotADirectoryError):
            return []
        try:
            start = max(os.fstat(descriptor).st_size - most, 0)
            lines = os.pread(descriptor, most, start).decode("utf-8", "replace").splitlines()
        finally:
            os.close(descriptor)
    return lines[1:] if start else lines


def _moment(line: str) -> datetime | None:
    """Return when a line was written. None: it does not say."""
    found = _TIME.match(line)
    try:
        return datetime.fromisoformat(found[0]).astimezone(UTC) if found else None
    except ValueError:
        return None


def _is_failure(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    if line.startswith(_ERROR):
        return True
    return _FAILED in line if _TIME.match(line) else _ends_a_traceback(lines, number)


def _ends_a_traceback(lines: Sequence[str], number: int) -> bool:
    """Whether a line is the first behind the indented ones of a traceback."""
    above = number - 1
    while above >= 0 and lines[above].startswith(" "):
        above -= 1
    is_outside = not lines[number].startswith(" ")
    return is_outside and 0 <= above < number - 1 and lines[above] == _TRACEBACK
