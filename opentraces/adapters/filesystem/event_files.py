"""A file of events of one session, wherever it is, shared with the hooks that add to it.

A hook shares a lock on the file while it adds its line; whoever ends a torn line or takes the file
away holds that lock alone. So no line goes into a file that is gone, and none is cut in two.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from opentraces.adapters.filesystem.locks import take
from opentraces.adapters.filesystem.tree import translated
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import Waiting

_ENDING = ".jsonl"
_PIECE = 1 << 20
_PLAIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")


def file_of(session: SessionId) -> str:
    """Return the name of a session's file."""
    return f"{session}{_ENDING}"


def session_in(name: str) -> SessionId | None:
    """Return whose events a file holds by its name. None: it is none of ours."""
    session = name.removesuffix(_ENDING)
    is_ours = name.endswith(_ENDING) and session and _PLAIN.issuperset(session)
    return SessionId(session) if is_ours else None


def waiting_in(found: os.stat_result, session: SessionId, agent: Agent, location: str) -> Waiting:
    """Return what waits in a file."""
    newest = datetime.fromtimestamp(found.st_mtime, UTC)
    return Waiting(agent, session, location, found.st_size, newest)


def read_events(descriptor: int, offset: int, name: str, folder: Path) -> Iterator[bytes]:
    """Yield the events in an open file, its last line whole; the file is closed at the end."""
    try:
        end = _ended(descriptor, name, folder)
        while offset < end:
            with translated(name):
                piece = os.pread(descriptor, min(_PIECE, end - offset), offset)
            if not piece:
                return
            offset += len(piece)
            yield piece
    finally:
        os.close(descriptor)


def take_away(
    descriptor: int, length: int, name: str, folder: Path, remove: Callable[[], bool]
) -> bool:
    """Take an open file away by `remove`, unless it holds more than `length` bytes; closes it.

    `remove` runs while the file is held, and returns whether nothing of it is left; so does this.
    """
    try:
        with translated(name):
            take(descriptor, fcntl.LOCK_EX, name, folder)
            found = os.fstat(descriptor)
            # Without a name it was taken away by another, and what has its name is newer.
            if found.st_size > length or not found.st_nlink:
                return False
            with suppress(FileNotFoundError):
                return remove()
            return True
    finally:
        os.close(descriptor)


def _ended(descriptor: int, name: str, folder: Path) -> int:
    """Return how long the file is, once its last line is whole."""
    with translated(name):
        take(descriptor, fcntl.LOCK_EX, name, folder)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                size += os.pwrite(descriptor, b"\n", size)
            return size
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
