"""Where HEAD of one checkout was at a moment, and what moved it since, as its reflog tells."""

import os

from opentraces.adapters.git.objects import Source
from opentraces.adapters.git.reflogs import Logged
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId

_SECOND = 1_000_000_000
_COARSE_NS = 10_000_000
"""A file system's clock goes in steps."""


@frozen_dataclass
class CheckedOut:
    """What was checked out at a moment."""

    commit: CommitId | None
    """None: there was no commit yet."""

    is_known: bool
    """Whether the reflog reaches back so far; else it is what is checked out now."""


class HeadMoves:
    """The moves of HEAD before a moment in nanoseconds since 1970, and since.

    A reflog knows of seconds. In the second in question, what came first is told by when the file
    of the commit was written; one that is packed is older.
    """

    def __init__(self, source: Source, since_ns: int) -> None:
        self._source = source
        self._since = since_ns
        log = source.head_log()
        later = (at for at, move in enumerate(log) if self._is_since(move))
        first = next(later, len(log))
        self._before = log[:first]
        self.since = log[first:]
        """Those since, the oldest first."""

    def checked_out(self) -> CheckedOut:
        """Return what was checked out. Raises RepositoryUnreadable."""
        if self._before:
            return CheckedOut(self._before[-1].new, is_known=True)
        if self.since:
            return CheckedOut(self.since[0].old, is_known=True)
        head = self._source.head()
        return CheckedOut(head, is_known=head is None)

    def _is_since(self, move: Logged) -> bool:
        second = self._since // _SECOND
        if move.at != second:
            return move.at > second
        name = move.new or ""
        try:
            found = os.lstat(f"{self._source.place.objects}/{name[:2]}/{name[2:]}")
        except OSError:
            return False
        return found.st_mtime_ns >= self._since - _COARSE_NS
