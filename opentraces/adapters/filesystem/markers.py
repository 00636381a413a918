"""Dirty markers as empty files, one a trace."""

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.filesystem.state_files import (
    locked,
    make_folder,
    sync_folder,
    translated,
)
from opentraces.domain.errors import Busy
from opentraces.domain.ids import TraceId
from opentraces.ports.markers import Markers

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


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
        self._folder = state / "dirty"
        self._locks = state / "locks"
        self._committed = committed

    def marked(self) -> Collection[TraceId]:
        """See Markers."""
        with translated():
            try:
                names = sorted(path.name for path in self._folder.iterdir())
            except FileNotFoundError:
                return ()
        return tuple(TraceId(name) for name in names if not name.startswith("."))

    def mark(self, traces: Collection[TraceId]) -> None:
        """See Markers. One barrier, however many traces."""
        if not traces:
            return
        with translated():
            self._make_folder()
            for trace in traces:
                with suppress(FileExistsError):
                    os.close(os.open(self._folder / trace, _NEW, 0o600))
            # Also when all were there: whoever made them may not have come to its own barrier.
            sync_folder(self._folder)

    def clear(self, trace: TraceId, commit: int) -> None:
        """See Markers. The unlink is not durable: a mark that returns costs a second look."""
        path = self._folder / trace
        with suppress(Busy), translated():
            if not path.exists():
                return
            with locked(self._locks / trace, wait_s=0):
                if self._committed(trace) <= commit:
                    path.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            make_folder(self._folder)
            sync_folder(self._folder.parent)
