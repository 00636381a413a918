"""Markers in a set."""

from collections.abc import Callable, Collection
from contextlib import suppress

from opentraces.domain.errors import NewerFormat
from opentraces.domain.ids import TraceId
from opentraces.ports.markers import Markers


class MemoryMarkers(Markers):
    """Marks of one process."""

    def __init__(self, committed: Callable[[TraceId], int]) -> None:
        """`committed` says a trace's commit number, 0 if it is gone."""
        self._marked: set[TraceId] = set()
        self._committed = committed

    def marked(self) -> Collection[TraceId]:
        """See Markers."""
        return tuple(sorted(self._marked))

    def mark(self, traces: Collection[TraceId]) -> None:
        """See Markers."""
        self._marked.update(traces)

    def clear(self, trace: TraceId, commit: int) -> None:
        """See Markers."""
        with suppress(NewerFormat):
            if min(commit, 1) <= self._committed(trace) <= commit:
                self._marked.discard(trace)
