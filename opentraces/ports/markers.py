"""The port to what remains to be done after a trace was written."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Protocol

from opentraces.domain.ids import TraceId


class Markers(Protocol):
    """Traces whose index entries and ledger claims may be behind their envelope.

    A trace is marked by the TraceWriter, durably, before its envelope changes. Contract:
    tests/contracts/markers.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def marked(self) -> Collection[TraceId]:
        """Return the marked traces, ascending."""

    @abstractmethod
    def mark(self, traces: Collection[TraceId]) -> None:
        """Mark traces. Durable on return."""

    @abstractmethod
    def clear(self, trace: TraceId, commit: int) -> None:
        """Take a mark away unless the trace was committed again, or deleted, after `commit`.

        `commit` 0: the trace is gone.
        """
