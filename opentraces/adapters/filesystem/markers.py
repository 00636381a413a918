"""Dirty markers as empty files, one a trace."""

import os
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from pathlib import Path

from opentraces.adapters.filesystem.durable import Barrier, Folder
from opentraces.adapters.filesystem.layout import is_trace_id
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Busy, NewerFormat
from opentraces.domain.ids import TraceId
from opentraces.ports.markers import Markers

_FOLDER = "dirty"


class FilesystemMarkers(Markers):
    """`state/dirty/<trace_id>`: there, or not there.

    Why no mark is lost: whoever commits a trace holds `state/locks/<trace_id>` from before
    it marks until its envelope is replaced, and `clear` takes the same lock. So a commit that
    comes between the reading of a trace and `clear` is either finished, and its number is
    higher than the one that was read: the mark stays; or it has not begun, and marks again
    after the unlink. A lock that is held says that another commit may be under way: the mark
    stays then too, which costs whoever finds it a second look and never a step. `clear` never
    waits, so it may be called by a process that itself holds traces.
    """

    def __init__(self, state: Path, committed: Callable[[TraceId], int]) -> None:
        """Keep markers in `state`; `committed` says a trace's commit number, 0 if it is gone."""
        self._state = state
        self._locks = Locks(state)
        self._committed = committed

    def marked(self) -> Collection[TraceId]:
        """See Markers."""
        names = Tree(self._state).names(_FOLDER)
        return tuple(TraceId(name) for name in names if is_trace_id(name))

    def mark(self, traces: Collection[TraceId]) -> None:
        """See Markers. One barrier, however many traces."""
        if not traces:
            return
        with closing(Folder(self._state, _FOLDER)) as folder:
            for trace in traces:
                os.close(folder.open_or_create(trace))
        # Also when all were there: whoever made them may not have come to its own barrier.
        barrier = Barrier(self._state)
        barrier.add(_FOLDER)
        barrier.flush()

    def clear(self, trace: TraceId, commit: int) -> None:
        """See Markers. The unlink is not durable: a mark that returns costs a second look."""
        if Tree(self._state).size(f"{_FOLDER}/{trace}") is None:
            return
        with suppress(Busy, NewerFormat), closing(self._locks.hold(trace, wait=False)):
            if min(commit, 1) <= self._committed(trace) <= commit:
                with closing(Folder(self._state, _FOLDER)) as folder:
                    folder.remove(trace)
