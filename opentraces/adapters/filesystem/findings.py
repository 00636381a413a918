"""What a verification has seen so far."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.audit import Audit, Problem
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import TraceId


class Findings:
    """Counts what is read, and turns each error into a Problem."""

    def __init__(self, bucket: Tree) -> None:
        self.bucket = bucket
        self._traces = 0
        self._files = 0
        self._bytes = 0
        self._problems: dict[Problem, None] = {}

    def add(self, kind: str, name: str, trace: TraceId | None) -> None:
        """Add a problem, once."""
        self._problems[Problem(kind, name, trace)] = None

    def saw_trace(self) -> None:
        """Count an envelope."""
        self._traces += 1

    @contextmanager
    def noting(self, name: str, trace: TraceId | None) -> Iterator[None]:
        """Make a Problem of what is raised inside, and go on after it."""
        try:
            yield
        except Corrupt:
            self.add("damaged", name, trace)
        except NewerFormat:
            self.add("newer", name, trace)
        except StorageUnavailable:
            self.add("unreadable", name, trace)

    def read(self, name: str, trace: TraceId | None) -> bytes | None:
        """Return a small file's bytes. None: it is not there, or cannot be read and was noted."""
        stored = None
        with self.noting(name, trace):
            stored = self.bucket.read(name)
        if stored is not None:
            self._count(len(stored))
        return stored

    def open(self, name: str, trace: TraceId | None, length: int) -> OpenFile | None:
        """Open a file that must have `length` bytes. None: it has not, and that was noted."""
        file = None
        with self.noting(name, trace):
            file = self.bucket.open(name)
            if file is None:
                self.add("missing", name, trace)
        if file is None:
            return None
        self._count(length)
        if file.size < length:
            self.add("short", name, trace)
            file.close()
            return None
        return file

    def audit(self) -> Audit:
        """Sum up."""
        return Audit(self._traces, self._files, self._bytes, tuple(self._problems))

    def include(self, audit: Audit) -> None:
        """Add what another verification has seen."""
        self._traces += audit.traces
        self._files += audit.files
        self._bytes += audit.bytes
        self._problems |= dict.fromkeys(audit.problems)

    def _count(self, length: int) -> None:
        self._files += 1
        self._bytes += length
