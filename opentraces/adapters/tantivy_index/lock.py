"""One writer at a time, whatever becomes of the folder that it writes to."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless

LOCK = "writer.lock"
"""The lock file of an index, beside its folder."""

_LONGEST_SLEEP_S = 0.1
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def held(path: Path, wait_s: float) -> Iterator[None]:
    """Hold a lock file; the system frees it when the process ends, however it ends.

    Raises:
        Busy: another process holds it, and did for `wait_s`.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _FILE, 0o600)
    try:
        _wait(descriptor, fcntl.LOCK_EX, time.monotonic() + wait_s, path)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def kept_from_writers(path: Path, wait_s: float) -> Iterator[None]:
    """Hold a lock file together with others who only read; where there is none, nobody writes.

    Raises:
        Busy: another process writes, and did for `wait_s`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _FILE)
    except FileNotFoundError:
        yield
        return
    try:
        _wait(descriptor, fcntl.LOCK_SH, time.monotonic() + wait_s, path)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, kind: int, until: float, path: Path) -> None:
    sleep_s = 0.001
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy("another process is writing to the index") from None
            time.sleep(sleep_s)
            sleep_s = min(sleep_s * 2, _LONGEST_SLEEP_S)
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise StorageUnavailable(lockless(str(path.parent), str(error.strerror))) from error
