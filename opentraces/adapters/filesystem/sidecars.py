"""What hooks wrote down in the repositories that are enrolled, as a file a session in each.

A repository may come with anything: no level is followed through a link, and what is not the
user's own, or has a second name, is as if it were not there.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.filesystem.event_files import (
    file_of,
    read_events,
    session_in,
    take_away,
    waiting_in,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import FILE, FOLDER
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting

_BEGIN = b'{"opentraces":1,"at":'
_DIGITS = 19
"""Of nanoseconds since 1970."""

_LAST = b"~"
"""Sorts behind all digits."""


class FilesystemSidecars(EventSpool):
    """`.opentraces/<agent>/hooks/<session>.jsonl` in each checkout; leases as those of the spool.

    A session that went on in another checkout has a file in each: the one begun first is all that
    there is of it until that is taken away.
    """

    def __init__(self, listed: Callable[[], tuple[str, ...]], state: Path, agent: Agent) -> None:
        """Look into the checkouts that are `listed`, by their paths, for events of `agent`."""
        self._listed = listed
        self._levels = (".opentraces", agent.value, "hooks")
        self._locks = Locks(state)
        self._agent = agent

    def waiting(self) -> tuple[Waiting, ...]:
        """See EventSpool. A file is opened only where a session has several."""
        found: dict[SessionId, list[_Sidecar]] = {}
        for checkout in self._listed():
            for waiting in self._waiting_in(checkout):
                found.setdefault(waiting.session, []).append(_Sidecar(checkout, waiting))
        return tuple(self._first(found[session]).waiting for session in sorted(found))

    def read(self, session: SessionId, offset: int) -> Iterator[bytes]:
        """See EventSpool."""
        checkout = self._checkout_of(session)
        with self._folder(checkout) as folder:
            descriptor = _opened(folder, session)
        if checkout is not None and descriptor is not None:
            yield from read_events(descriptor, offset, file_of(session), Path(checkout))

    def clear(self, session: SessionId, length: int) -> bool:
        """See EventSpool."""
        checkout = self._checkout_of(session)
        with self._folder(checkout) as folder:
            descriptor = _opened(folder, session)
            if checkout is None or descriptor is None:
                return True
            name = file_of(session)
            unlink = partial(os.unlink, name, dir_fd=folder)
            return take_away(descriptor, length, name, Path(checkout), unlink)

    @contextmanager
    def lease(self, session: SessionId) -> Iterator[None]:
        """See EventSpool."""
        with closing(self._locks.hold(f"ingest-{session}", wait=False)):
            yield

    def _checkout_of(self, session: SessionId) -> str | None:
        """Return the checkout whose file is that of the session now. None: there is none."""
        found = [
            _Sidecar(checkout, waiting)
            for checkout in self._listed()
            for waiting in self._waiting_in(checkout, session)
        ]
        return self._first(found).checkout if found else None

    def _first(self, files: Sequence["_Sidecar"]) -> "_Sidecar":
        return files[0] if len(files) == 1 else min(files, key=self._begun)

    def _begun(self, file: "_Sidecar") -> tuple[bytes, str]:
        """Return what sorts files by when their first event was written down."""
        with self._folder(file.checkout) as folder:
            descriptor = _opened(folder, file.waiting.session)
        if descriptor is None:
            return _LAST, file.checkout
        try:
            head = os.pread(descriptor, len(_BEGIN) + _DIGITS, 0)
        finally:
            os.close(descriptor)
        return head.removeprefix(_BEGIN).rjust(_DIGITS, b"0"), file.checkout

    def _waiting_in(self, checkout: str, only: SessionId | None = None) -> Iterator[Waiting]:
        """Yield what waits in one checkout, of all sessions or of one."""
        with self._folder(checkout) as folder:
            for name in _names(folder, only):
                session = session_in(name)
                found = _stat(folder, name)
                if session is not None and found is not None:
                    place = str(Path(checkout, *self._levels, name))
                    yield waiting_in(found, session, self._agent, place)

    @contextmanager
    def _folder(self, checkout: str | None) -> Iterator[int | None]:
        """Open a checkout's folder of events, level by level. None: there is none of the user's."""
        opened: list[int] = []
        try:
            yield self._descended(checkout, opened) if checkout is not None else None
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _descended(self, checkout: str, opened: list[int]) -> int | None:
        try:
            opened.append(os.open(checkout, FOLDER))
            for level in self._levels:
                opened.append(os.open(level, FOLDER, dir_fd=opened[-1]))
                if os.fstat(opened[-1]).st_uid != os.geteuid():
                    return None
        except OSError:
            return None
        return opened[-1]


class _Sidecar(NamedTuple):
    checkout: str
    waiting: Waiting


def _names(folder: int | None, only: SessionId | None) -> list[str]:
    if folder is None:
        return []
    if only is not None:
        return [file_of(only)]
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _stat(folder: int | None, name: str) -> os.stat_result | None:
    """Return what a file with events is like. None: there is none of the user's."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    return found if found.st_size and _is_sound(found) else None


def _opened(folder: int | None, session: SessionId) -> int | None:
    """Return a descriptor of a session's file. None: there is none of the user's."""
    if folder is None:
        return None
    try:
        descriptor = os.open(file_of(session), os.O_RDWR | FILE, dir_fd=folder)
    except OSError:
        return None
    if _is_sound(os.fstat(descriptor)):
        return descriptor
    os.close(descriptor)
    return None


def _is_sound(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
