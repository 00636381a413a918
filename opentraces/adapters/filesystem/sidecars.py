"""What hooks wrote down in the repositories that are enrolled, as a file a session in each."""

import os
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
from opentraces.adapters.filesystem.own_folder import (
    is_own,
    names_in,
    own_file,
    own_folder,
    present,
)
from opentraces.adapters.filesystem.tree import FILE
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting

MOVED = ".taken"
"""Ends the name of a file that is being taken away; one that is left was interrupted in it, or
somebody wrote to it meanwhile."""

_BEGIN = b'{"opentraces":1,"at":'
_DIGITS = 19
"""Of nanoseconds since 1970."""

_LAST = b"~"
"""Sorts behind all digits."""


class FilesystemSidecars(EventSpool):
    """`.opentraces/<agent>/hooks/<session>.jsonl` in each checkout; leases as those of the spool.

    A session that went on in another checkout has a file in each: the one begun first is all that
    there is of it until that is taken away. So is one that is being taken away, before whatever
    was written since.
    """

    def __init__(
        self,
        listed: Callable[[], tuple[str, ...]],
        state: Path,
        agent: Agent,
        folder: str = "hooks",
    ) -> None:
        """Look into the checkouts that are `listed`, by their paths, for events of `agent`.

        `folder`: the innermost that they are in.
        """
        self._listed = listed
        self._levels = (".opentraces", agent.value, folder)
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
        if checkout is None:
            return
        with own_folder(checkout, self._levels) as folder:
            opened = _opened(folder, session)
        if opened is not None:
            yield from read_events(opened.descriptor, offset, opened.name, Path(checkout))

    def clear(self, session: SessionId, length: int) -> bool:
        """See EventSpool."""
        checkout = self._checkout_of(session)
        if checkout is None:
            return True
        with own_folder(checkout, self._levels) as folder:
            opened = _opened(folder, session)
            if opened is None:
                return True
            remove = partial(_removed, folder, opened, length)
            return take_away(opened.descriptor, length, opened.name, Path(checkout), remove)

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
        with own_folder(file.checkout, self._levels) as folder:
            opened = _opened(folder, file.waiting.session)
        if opened is None:
            return _LAST, file.checkout
        try:
            head = os.pread(opened.descriptor, len(_BEGIN) + _DIGITS, 0)
        finally:
            os.close(opened.descriptor)
        return head.removeprefix(_BEGIN).rjust(_DIGITS, b"0"), file.checkout

    def _waiting_in(self, checkout: str, only: SessionId | None = None) -> Iterator[Waiting]:
        """Yield what waits in one checkout, of all sessions or of one."""
        with own_folder(checkout, self._levels) as folder:
            for session in _sessions(folder) if only is None else [only]:
                for name in _names_of(session):
                    found = own_file(folder, name)
                    if found is not None and found.st_size:
                        place = str(Path(checkout, *self._levels, name))
                        yield waiting_in(found, session, self._agent, place)
                        break


class _Sidecar(NamedTuple):
    checkout: str
    waiting: Waiting


class _Opened(NamedTuple):
    descriptor: int
    name: str


def _sessions(folder: int | None) -> list[SessionId]:
    found = (session_in(name.removesuffix(MOVED)) for name in names_in(folder))
    return sorted({session for session in found if session is not None})


def _names_of(session: SessionId) -> tuple[str, str]:
    """Return the names that a session's events may have, in the order in which they are read."""
    return file_of(session) + MOVED, file_of(session)


def _opened(folder: int | None, session: SessionId) -> _Opened | None:
    """Open the first of a session's files. None: there is none of the user's."""
    for name in _names_of(session):
        found = own_file(folder, name)
        if found is None or not found.st_size:
            continue
        opening = partial(os.open, name, os.O_RDWR | FILE, dir_fd=folder)
        descriptor = present(name, opening)
        if descriptor is not None:
            if is_own(os.fstat(descriptor)):
                return _Opened(descriptor, name)
            os.close(descriptor)
    return None


def _removed(folder: int | None, file: _Opened, length: int) -> bool:
    """Remove an open file, unless more than `length` bytes are in it; returns whether it is gone.

    It is moved first. Whoever writes without a lock sees afterwards whether the file is in its
    place, and writes again where it is not; so all that counts as written stands in it once it was
    moved, and one that then holds more is read again. FileNotFoundError: it is not in its place.
    """
    number = os.fstat(file.descriptor).st_ino
    if os.stat(file.name, dir_fd=folder, follow_symlinks=False).st_ino != number:
        raise FileNotFoundError(file.name)
    moved = file.name.removesuffix(MOVED) + MOVED
    if moved != file.name:
        os.rename(file.name, moved, src_dir_fd=folder, dst_dir_fd=folder)
    if os.fstat(file.descriptor).st_size > length:
        return False
    os.unlink(moved, dir_fd=folder)
    return True
