"""Processes of this machine, told apart although their numbers are used again."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

_BEGAN = 19
"""Which of the words that /proc has behind a process's name is its start."""


def began(pid: int) -> str | None:
    """Return when a process began, in the kernel's words. None: it is gone, or nobody says."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return said.rpartition(")")[2].split()[_BEGAN]
    except (OSError, IndexError):
        return None


@contextmanager
def held(pid: int) -> Iterator[Callable[[int], None]]:
    """Give what sends signals to the process that has a number now, and to no later one.

    Raises ProcessLookupError: there is none. Where the kernel cannot hold a process, the number
    is all there is.
    """
    if not hasattr(os, "pidfd_open"):
        yield partial(os.kill, pid)
        return
    process = os.pidfd_open(pid)
    try:
        yield partial(signal.pidfd_send_signal, process)
    finally:
        os.close(process)
