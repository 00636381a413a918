"""What hooks wrote down in the repositories that are enrolled, as a file a session in each.

A repository may come with anything: no level is followed through a link, and what is not the
user's own, or has a second name, is as if it were not there.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from opentraces.adapters.filesystem.event_files import (
    file_of,
    read_events,
    session_in,
    take_away,
    waiting_in,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import FILE, FOLDER, translated
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting

_BEGIN = b'{"opentraces":1,"at":'
_DIGITS = 19
"""Of nanoseconds since 1970."""

MOVED = ".taken"
"""Ends the name of a file that is being taken away; one that is left was interrupted in it."""

_PIECE = 1 << 20
_NOT_THERE = (
    *(errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENXIO),
    *(errno.EISDIR, errno.ENAMETOOLONG, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN),
)
"""Nothing of the user's is there, or the machine that has it is away."""

_LAST = b"~"
"""Sorts behind all digits."""


class FilesystemSidecars(EventSpool):
    """`.opentraces/<agent>/hooks/<session>.jsonl` in each checkout; leases as those of the spool.

    A session that went on in another checkout has a file in each: the one begun first is all that
    there is of it until that is taken away.
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
            number = os.fstat(descriptor).st_ino
            remove = partial(_moved_away, folder, name, number, length)
            return take_away(descriptor, length, name, Path(checkout), remove)

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
                if name.endswith(MOVED):
                    _recover(folder, name.removesuffix(MOVED))
                    continue
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
        with _present(checkout) as found:
            opened.append(os.open(checkout, FOLDER))
            for level in self._levels:
                opened.append(os.open(level, FOLDER, dir_fd=opened[-1]))
                if os.fstat(opened[-1]).st_uid != os.geteuid():
                    return None
            found.append(opened[-1])
        return found[0] if found else None


class _Sidecar(NamedTuple):
    checkout: str
    waiting: Waiting


@contextmanager
def _present(name: str) -> Iterator[list[Any]]:
    """Give a list for what is found; it stays empty where there is none that may be looked into.

    Raises StorageUnavailable, Exhausted for any other reason.
    """
    found: list[Any] = []
    try:
        yield found
    except OSError as error:
        if error.errno not in _NOT_THERE:
            with translated(name):
                raise


def _names(folder: int | None, only: SessionId | None) -> list[str]:
    if folder is None:
        return []
    if only is not None:
        return [file_of(only) + MOVED, file_of(only)]
    with translated("events in a repository"), os.scandir(folder) as entries:
        names = {entry.name for entry in entries}
    moved = {name for name in names if name.endswith(MOVED)}
    return [*moved, *(names - moved | {name.removesuffix(MOVED) for name in moved})]


def _stat(folder: int | None, name: str) -> os.stat_result | None:
    """Return what a file with events is like. None: there is none of the user's."""
    with _present(name) as found:
        found.append(os.stat(name, dir_fd=folder, follow_symlinks=False))
    return next((each for each in found if each.st_size and _is_sound(each)), None)


def _moved_away(folder: int | None, name: str, number: int, offset: int) -> bool:
    """Remove a file, known by its number, but for what stands in it from `offset` on.

    Whoever writes without a lock sees afterwards whether the file is in its place, and writes again
    where it is not; so all that counts as written stands in it once it was moved. Returns whether
    nothing is left. FileNotFoundError: it is not in its place.
    """
    if os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino != number:
        raise FileNotFoundError(name)
    os.rename(name, name + MOVED, src_dir_fd=folder, dst_dir_fd=folder)
    moved = os.open(name + MOVED, os.O_RDONLY | FILE, dir_fd=folder)
    try:
        return not _give_back(folder, name, moved, offset)
    finally:
        os.close(moved)


def _recover(folder: int | None, name: str) -> None:
    """Give back what an interrupted removal left, unless it goes on."""
    try:
        moved = os.open(name + MOVED, os.O_RDWR | FILE, dir_fd=folder)
    except OSError:
        return
    try:
        if _is_sound(os.fstat(moved)):
            fcntl.flock(moved, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(moved).st_nlink:
                _give_back(folder, name, moved, 0)
    except OSError:
        return
    finally:
        os.close(moved)


def _give_back(folder: int | None, name: str, moved: int, offset: int) -> int:
    """Put what stands in a moved file from `offset` on where it was, and remove the file.

    Returns how many bytes that were.
    """
    end, held = offset, b""
    while piece := os.pread(moved, _PIECE, end):
        end += len(piece)
        lines, newline, held = (held + piece).rpartition(b"\n")
        _add(folder, name, lines + newline)
    _add(folder, name, held and held + b"\n")
    os.unlink(name + MOVED, dir_fd=folder)
    return end - offset


def _add(folder: int | None, name: str, lines: bytes) -> None:
    """Add whole lines to a file as hooks do."""
    if not lines:
        return
    descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | FILE, 0o600, dir_fd=folder)
    try:
        os.write(descriptor, lines)
    finally:
        os.close(descriptor)


def _opened(folder: int | None, session: SessionId) -> int | None:
    """Return a descriptor of a session's file. None: there is none of the user's."""
    if folder is None:
        return None
    with _present(file_of(session)) as found:
        found.append(os.open(file_of(session), os.O_RDWR | FILE, dir_fd=folder))
    if not found:
        return None
    descriptor: int = found[0]
    if _is_sound(os.fstat(descriptor)):
        return descriptor
    os.close(descriptor)
    return None


def _is_sound(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
