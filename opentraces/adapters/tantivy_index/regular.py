"""Reading files of an index: a named pipe in the place of one would be waited for, for ever."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


class NoFile(ValueError):
    """Something else is in the place of a file."""


def opened(path: Path) -> BinaryIO:
    """Open a file to be read. Raises NoFile, FileNotFoundError and what else the disk says."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoFile(f"{path} is no regular file")
    return os.fdopen(descriptor, "rb")


def content(path: Path) -> bytes:
    """Return all that a file holds; raises as `opened` does."""
    with opened(path) as file:
        return file.read()
