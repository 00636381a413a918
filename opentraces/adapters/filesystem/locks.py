"""Locks of the kernel on files in the state folder; a process that dies lets go of them.

A lock file is never unlinked: two processes would hold two files of one name.
"""

import fcntl
import os
from pathlib import Path

from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.tree import translated
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless

_FOLDER = "locks"


class Lock:
    """A lock that is held."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)


class Locks:
    """The locks of one state folder."""

    BLOBS = "blobs"
    """Shared by every batch, so that no blob it found is removed before its envelope names it."""

    TRASH = "trash"
    """Held while what was deleted is removed."""

    BUCKET = "bucket"
    """Held while the bucket is made."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder: Folder | None = None

    def hold(self, name: str, *, wait: bool, shared: bool = False) -> Lock:
        """Take a lock. Raises Busy: another holds it, and `wait` is False."""
        descriptor = self._open(name)
        kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            take(descriptor, kind, name, self._state)
        except BaseException:
            os.close(descriptor)
            raise
        return Lock(descriptor)

    def _open(self, name: str) -> int:
        if self._folder is None:
            self._folder = Folder(self._state, _FOLDER)
        return self._folder.open_or_create(name)


def take(descriptor: int, kind: int, name: str, folder: Path) -> None:
    """Take a lock of the kernel on an open file; `folder` is where it is, `name` what it is of.

    Raises Busy where it is held and not to be waited for; StorageUnavailable where there are none.
    """
    with translated(name):
        try:
            fcntl.flock(descriptor, kind)
        except BlockingIOError as error:
            raise Busy(f"another process writes to {name}") from error
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise StorageUnavailable(lockless(str(folder), str(error.strerror))) from error
