"""One writer at a time, whatever becomes of the folder that it writes to."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.domain.errors import Busy

_LONGEST_SLEEP_S = 0.1


@contextmanager
def held(path: Path, wait_s: float) -> Iterator[None]:
    """Hold a lock file; the system frees it when the process ends, however it ends.

    Raises:
        Busy: another process holds it, and did for `wait_s`.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _wait(descriptor, time.monotonic() + wait_s)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, until: float) -> None:
    sleep_s = 0.001
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy("another process is writing to the index") from None
            time.sleep(sleep_s)
            sleep_s = min(sleep_s * 2, _LONGEST_SLEEP_S)
