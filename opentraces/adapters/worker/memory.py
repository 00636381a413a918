"""Memory that a process needs no more, given back to the machine."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""What glibc's `mallopt` calls what is set here."""

_LARGE = 64 << 10


def give_back_memory() -> None:
    """Let large blocks of memory go as soon as they are free, and threads share the small ones.

    Else glibc keeps some of each for each thread. Where there is no glibc it is as it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, value in (
            (_MMAP_THRESHOLD, _LARGE),
            (_TRIM_THRESHOLD, _LARGE),
            (_ARENA_MAX, 1),
        ):
            mallopt(setting, value)
