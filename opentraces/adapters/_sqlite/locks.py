"""Locks beside a database, which are not SQLite's own: they outlive the file that is replaced."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless

_POLL_S = 0.005

_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def held(lock: Path, wait_s: float, name: str, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock file, which is made where it is not there, and never unlinked.

    `name`: of the database. Raises Busy, StorageUnavailable, OSError.
    """
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _taken(lock, os.O_RDWR | os.O_CREAT, wait_s, name, shared=shared):
        yield


@contextmanager
def looked(lock: Path, wait_s: float, name: str) -> Iterator[None]:
    """Hold a lock file against those who replace the database, and change nothing.

    Where there is none, nobody ever replaced it. Raises as `held` does.
    """
    if not os.path.lexists(lock):
        yield
        return
    with _taken(lock, os.O_RDONLY, wait_s, name, shared=True):
        yield


@contextmanager
def _taken(lock: Path, flags: int, wait_s: float, name: str, *, shared: bool) -> Iterator[None]:
    descriptor = os.open(lock, flags | _FLAGS, 0o600)
    try:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        _take(descriptor, kind, time.monotonic() + wait_s, lock, name)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int, deadline: float, lock: Path, name: str) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise Busy(f"another process holds the {name}") from error
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise StorageUnavailable(lockless(str(lock.parent), str(error.strerror))) from error
        time.sleep(_POLL_S)
