"""Run a program to which the kernel refuses some calls: `python refusing.py CALL NUMBER PROGRAM …`.

As a file system of a network does, which has no locks or maps no files; but everywhere, and also to
libraries. It is a filter of the kernel's (seccomp), which anybody may put on himself.
"""

import ctypes
import os
import platform
import struct
import sys
from typing import Final

NUMBERS: Final = {
    "x86_64": {"flock": 73, "fcntl": 72, "mmap": 9},
    "aarch64": {"flock": 32, "fcntl": 25, "mmap": 222},
}
"""What the kernel calls its calls."""

_LOAD, _AND, _IS, _END = 0x20, 0x54, 0x15, 0x06
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SET_FILTER = 38, 22
_ARGUMENTS, _WIDTH = 16, 8
_SHARED_FILE = 0x21
"""MAP_SHARED and MAP_ANONYMOUS: of a file that is shared, the first alone is set."""

_SET_LOCKS = (6, 7)
"""F_SETLK and F_SETLKW."""


def is_possible() -> bool:
    """Whether this machine can refuse calls in this way."""
    return sys.platform == "linux" and platform.machine() in NUMBERS


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)


def _argument(number: int) -> bytes:
    return _step(_LOAD, _ARGUMENTS + _WIDTH * number)


def _filter(call: str, error: int) -> bytes:
    refused, allowed = _step(_END, _REFUSED | error), _step(_END, _ALLOWED)
    which: list[bytes] = []
    if call == "mmap":
        which = [_argument(3), _step(_AND, _SHARED_FILE), _step(_IS, 1, 0, 1)]
    elif call == "fcntl":
        which = [_argument(1), _step(_IS, _SET_LOCKS[0], 1, 0), _step(_IS, _SET_LOCKS[1], 0, 1)]
    of_call = _step(_IS, NUMBERS[platform.machine()][call], 0, len(which) + 1)
    return b"".join([_step(_LOAD, 0), of_call, *which, refused, allowed])


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def refuse(call: str, error: int) -> None:
    """Let the kernel refuse a call to this process, and to all that it becomes and starts."""
    steps = _filter(call, error)
    held = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.addressof(held))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(
        _SET_FILTER, 2, ctypes.byref(program)
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    refuse(sys.argv[1], int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606
