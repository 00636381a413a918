"""Lines on their way into gzip members."""

from functools import partial

from opentraces.adapters.filesystem.packing import GrowingFile, Lines, gzip_members
from opentraces.domain.envelope import StoredFile

MEMBER = 36 * 1024
"""Plain bytes after which a member is closed; only a longer line makes a longer one."""

_TOGETHER = 16
"""Members that are packed at once: one takes less time than handing it to a thread."""


class LinesWriter:
    """Gathers whole lines into members; the step numbers within one never fall."""

    def __init__(self, file: GrowingFile) -> None:
        self._file = file
        self._lines: list[bytes] = []
        self._runs: list[Lines] = []
        self._size = 0
        self._first = 0
        self._last = 0

    def append(self, line: bytes, number: int = 0) -> None:
        """Take the next line; `number` of the step it holds, or 0."""
        if self._lines and (self._size + len(line) > MEMBER or number < self._last):
            self._close_member()
        if not self._lines:
            self._first = number
        self._last = number
        self._lines.append(line)
        self._size += len(line)

    def finish(self) -> StoredFile:
        """Write all of it, and say what the file holds."""
        self.pack()
        return self._file.finish()

    def pack(self) -> None:
        """Pack what was taken so far."""
        if self._lines:
            self._close_member()
        if self._runs:
            self._pack_runs()

    def close(self) -> None:
        """Let it go."""
        self._file.close()

    def _close_member(self) -> None:
        self._runs.append(Lines(b"".join(self._lines), self._first, self._last))
        self._lines = []
        self._size = 0
        if len(self._runs) == _TOGETHER:
            self._pack_runs()

    def _pack_runs(self) -> None:
        plain = sum(len(run.plain) for run in self._runs)
        self._file.add(self._file.submit(partial(gzip_members, self._runs), plain))
        self._runs = []
