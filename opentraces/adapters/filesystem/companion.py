"""A companion file of lines that may be begun anew: the steps of a trace, or its trail."""

from collections.abc import Callable, Collection

from opentraces.adapters.filesystem.layout import next_generation
from opentraces.adapters.filesystem.lines_writing import LinesWriter
from opentraces.adapters.filesystem.packing import GrowingFile
from opentraces.domain.envelope import StoredFile, is_lines_of


class GrowingCompanion:
    """Lines that go to the end of the newest generation, or to the next one."""

    def __init__(
        self, stem: str, committed: Collection[str], grow: Callable[[str], GrowingFile]
    ) -> None:
        """`stem`: what its name begins with. `committed`: names of the trace's files.

        `grow` opens a file to be written to; nothing is opened before there is something to write.
        """
        self._stem = stem
        self._before = next((file for file in committed if is_lines_of(stem, file)), None)
        self._grow = grow
        self._restarted = False
        self._lines: LinesWriter | None = None

    @property
    def is_written(self) -> bool:
        """Whether there is anything to commit."""
        return self._lines is not None

    def append(self, line: bytes, number: int) -> None:
        """Take the next line; `number` of the step it is about, or 0."""
        if self._lines is None:
            self._lines = LinesWriter(self._grow(self._name))
        self._lines.append(line, number)

    def restart(self) -> None:
        """Forget what was taken, and all that was committed."""
        self.close()
        self._lines = None
        self._restarted = True
        if self._before is not None:
            self._lines = LinesWriter(self._grow(self._name))

    def pack(self) -> None:
        """Pack what was taken so far."""
        if self._lines is not None:
            self._lines.pack()

    def finish(self, files: dict[str, StoredFile]) -> dict[str, StoredFile]:
        """Write all of it; returns the trace's files with it in the place of what was before."""
        if self._lines is None:
            return files
        others = {file: kept for file, kept in files.items() if not is_lines_of(self._stem, file)}
        return others | {self._name: self._lines.finish()}

    def close(self) -> None:
        """Let it go."""
        if self._lines is not None:
            self._lines.close()

    @property
    def _name(self) -> str:
        if self._before is None:
            return f"{self._stem}.jsonl.gz"
        return next_generation(self._before) if self._restarted else self._before
