"""What hooks wrote down, as a file a session in the spool folder.

A hook shares a lock on the file while it adds its line; whoever ends a torn line or takes the file
away holds that lock alone. So no line goes into a file that is gone, and none is cut in two.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from opentraces.adapters.filesystem.locks import Locks, take
from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting

_ENDING = ".jsonl"
_PIECE = 1 << 20
_PLAIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")


class FilesystemEventSpool(EventSpool):
    """`spool/<agent>/<session>.jsonl`; leases are locks in `state/locks`."""

    def __init__(self, spool: Path, state: Path, agent: Agent) -> None:
        """Look into `spool` for events of `agent`."""
        self._folder = spool / agent.value
        self._locks = Locks(state)
        self._agent = agent

    def waiting(self) -> tuple[Waiting, ...]:
        """See EventSpool."""
        with translated(str(self._folder)):
            try:
                with os.scandir(self._folder) as entries:
                    found = list(filter(None, map(self._waiting, entries)))
            except FileNotFoundError:
                return ()
        return tuple(sorted(found, key=lambda each: each.session))

    def read(self, session: SessionId, offset: int) -> Iterator[bytes]:
        """See EventSpool."""
        descriptor = self._open(session)
        if descriptor is None:
            return
        try:
            end = self._ended(descriptor, session)
            while offset < end:
                with translated(self._name(session)):
                    piece = os.pread(descriptor, min(_PIECE, end - offset), offset)
                if not piece:
                    return
                offset += len(piece)
                yield piece
        finally:
            os.close(descriptor)

    def clear(self, session: SessionId, length: int) -> bool:
        """See EventSpool."""
        descriptor = self._open(session)
        if descriptor is None:
            return True
        try:
            with translated(self._name(session)):
                take(descriptor, fcntl.LOCK_EX, self._name(session), self._folder)
                found = os.fstat(descriptor)
                # Without a name it was taken away by another, and what has its name is newer.
                if found.st_size > length or not found.st_nlink:
                    return False
                with suppress(FileNotFoundError):
                    self._path(session).unlink()
                return True
        finally:
            os.close(descriptor)

    @contextmanager
    def lease(self, session: SessionId) -> Iterator[None]:
        """See EventSpool."""
        with closing(self._locks.hold(f"ingest-{session}", wait=False)):
            yield

    def _waiting(self, entry: os.DirEntry[str]) -> Waiting | None:
        """Return the events in one file. None: it holds none, or is none of ours."""
        session = entry.name.removesuffix(_ENDING)
        is_ours = entry.name.endswith(_ENDING) and session and _PLAIN.issuperset(session)
        try:
            if not is_ours or not entry.is_file(follow_symlinks=False):
                return None
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # taken away a moment ago
            return None
        if not found.st_size:
            return None
        newest = datetime.fromtimestamp(found.st_mtime, UTC)
        return Waiting(self._agent, SessionId(session), entry.path, found.st_size, newest)

    def _ended(self, descriptor: int, session: SessionId) -> int:
        """Return how long the file is, once its last line is whole."""
        with translated(self._name(session)):
            take(descriptor, fcntl.LOCK_EX, self._name(session), self._folder)
            try:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    size += os.pwrite(descriptor, b"\n", size)
                return size
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _open(self, session: SessionId) -> int | None:
        """Return a descriptor of a session's file. None: there is none."""
        with translated(self._name(session)):
            try:
                return os.open(self._path(session), os.O_RDWR | FILE)
            except FileNotFoundError:
                return None

    def _path(self, session: SessionId) -> Path:
        return self._folder / self._name(session)

    def _name(self, session: SessionId) -> str:
        return f"{session}{_ENDING}"
