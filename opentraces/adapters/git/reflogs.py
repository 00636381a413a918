"""What reflogs tell of where branches were."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from opentraces.adapters._reading.regular_files import opened
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId

_ENTRY = re.compile(
    rb"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) "
    rb"(?:[^\t]* )?(\d{1,15}) [+-]\d+(?:\t(.*))?"
)
_AMENDED = (
    *(b"commit (amend)", b"rebase (fixup)", b"rebase (squash)"),
    *(b"rebase -i (fixup)", b"rebase -i (squash)"),
)
"""What moves are called that put a commit in the place of the one before it."""

_COMMITTED = (b"commit: ", b"commit (amend): ", b"commit (initial): ")
"""What a move is called that `git commit` made; not that of a merge, nor of a cherry-pick."""

_MOST_BYTES = 8 * 1024 * 1024
_MOST_LOGS = 10_000


@frozen_dataclass
class Logged:
    """One move of HEAD or of a branch."""

    old: CommitId | None
    """Where it was. None: nowhere."""

    new: CommitId | None
    """Where it is then. None: nowhere."""

    at: int
    """When, in seconds since 1970."""

    is_amended: bool
    """Whether the new commit replaced the old one."""

    is_committed: bool = False
    """Whether `git commit` made the new one."""


def read_log(path: str) -> tuple[Logged, ...]:
    """Read a reflog that is a file, the oldest entry first; of a giant one, its end.

    Empty: there is none, or it cannot be read.
    """
    try:
        with opened(path) as descriptor:
            size = os.lseek(descriptor, 0, os.SEEK_END)
            data = os.pread(descriptor, _MOST_BYTES, max(0, size - _MOST_BYTES))
    except SourceUnreadable:
        return ()
    return tuple(entry for line in data.split(b"\n") for entry in _entries(line))


def read_logs(folder: str) -> Iterator[Logged]:
    """Read the reflogs below a folder, links not followed."""
    left = _MOST_LOGS
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names)[:left]:
            yield from read_log(os.path.join(place, name))  # noqa: PTH118 - a path of any bytes
        left -= len(names)
        if left <= 0:
            return


def logged(old: bytes, new: bytes, at: int, message: bytes) -> Logged:
    """Return an entry of which the parts are known; an id of zeros is none."""
    is_amended, is_committed = map(message.startswith, (_AMENDED, _COMMITTED))
    return Logged(_commit(old), _commit(new), at, is_amended, is_committed)


def checked_out(log: Iterable[Logged], moment: int) -> CommitId | None:
    """Return where HEAD was at a moment, in seconds since 1970. `log`: the oldest entry first."""
    at = None
    for entry in log:
        at = entry if entry.at <= moment else at
    return at.new if at else None


def told(
    log: Collection[Logged], is_there: Callable[[CommitId], bool]
) -> tuple[frozenset[CommitId], dict[CommitId, CommitId]]:
    """Return the commits of reflogs that are there, and which of all were amended to which."""
    named = {commit for entry in log for commit in (entry.old, entry.new) if commit is not None}
    amended = {
        entry.old: entry.new
        for entry in log
        if entry.is_amended and entry.old and entry.new and entry.old != entry.new
    }
    return frozenset(commit for commit in named if is_there(commit)), amended


def _entries(line: bytes) -> Iterator[Logged]:
    found = _ENTRY.fullmatch(line)
    if found:
        yield logged(found[1], found[2], int(found[3]), found[4] or b"")


def _commit(name: bytes) -> CommitId | None:
    return CommitId(name.decode("ascii")) if name.strip(b"0") else None
