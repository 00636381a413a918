"""What hooks wrote down, as a file a session in the spool folder."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from opentraces.adapters.filesystem.event_files import (
    file_of,
    read_events,
    session_in,
    take_away,
    waiting_in,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting


class FilesystemEventSpool(EventSpool):
    """`spool/<folder>/<session>.jsonl`; leases are locks in `state/locks`."""

    def __init__(self, spool: Path, state: Path, agent: Agent, folder: str | None = None) -> None:
        """Look into a folder of `spool` for events of `agent`. None: into that of its name."""
        self._folder = spool / (folder or agent.value)
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
        if descriptor is not None:
            yield from read_events(descriptor, offset, file_of(session), self._folder)

    def clear(self, session: SessionId, length: int) -> bool:
        """See EventSpool."""
        descriptor = self._open(session)
        if descriptor is None:
            return True
        path = self._folder / file_of(session)
        return take_away(descriptor, length, path.name, self._folder, partial(_removed, path))

    @contextmanager
    def lease(self, session: SessionId) -> Iterator[None]:
        """See EventSpool."""
        with closing(self._locks.hold(f"ingest-{session}", wait=False)):
            yield

    def _waiting(self, entry: os.DirEntry[str]) -> Waiting | None:
        """Return the events in one file. None: it holds none, or is none of ours."""
        session = session_in(entry.name)
        try:
            if session is None or not entry.is_file(follow_symlinks=False):
                return None
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # taken away a moment ago
            return None
        return waiting_in(found, session, self._agent, entry.path) if found.st_size else None

    def _open(self, session: SessionId) -> int | None:
        """Return a descriptor of a session's file. None: there is none."""
        with translated(file_of(session)):
            try:
                return os.open(self._folder / file_of(session), os.O_RDWR | FILE)
            except FileNotFoundError:
                return None


def _removed(path: Path) -> bool:
    path.unlink()
    return True
