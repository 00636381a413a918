"""Bytes of a file, read without ever waiting for anybody."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from opentraces.domain.errors import SourceGone, SourceUnreadable

PIECE = 1024 * 1024
"""Bytes that are read at a time."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened(path: str) -> Iterator[int]:
    """Open a regular file.

    Raises SourceGone, SourceUnreadable; a link, a pipe or a device is unreadable.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise SourceGone(path) from error
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceUnreadable(f"{path}: not a regular file")
        yield descriptor
    except OSError as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    finally:
        os.close(descriptor)


def read_pieces(path: str, offset: int, piece: int = PIECE) -> Iterator[bytes]:
    """Yield a regular file's bytes from `offset` on, `piece` at a time.

    Raises SourceGone, SourceUnreadable.
    """
    with opened(path) as descriptor:
        os.lseek(descriptor, offset, os.SEEK_SET)
        while read := os.read(descriptor, piece):
            yield read
