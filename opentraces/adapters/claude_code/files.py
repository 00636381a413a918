"""Bytes of a file, read without ever waiting for anybody."""

import os
import stat
from collections.abc import Iterator

from opentraces.domain.errors import SourceGone, SourceUnreadable

PIECE = 1024 * 1024
"""Bytes that are read at a time."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_pieces(path: str, offset: int, limit: int | None = None) -> Iterator[bytes]:
    """Yield a regular file's bytes from `offset` on, at most `limit` of them.

    Raises SourceGone, SourceUnreadable; a link, a pipe or a device is unreadable.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise SourceGone(path) from error
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            why = "could not be looked into" if stat.S_ISDIR(mode) else "not a regular file"
            raise SourceUnreadable(f"{path}: {why}")
        os.lseek(descriptor, offset, os.SEEK_SET)
        left = limit
        while piece := os.read(descriptor, PIECE if left is None else min(PIECE, left)):
            yield piece
            if left is not None:
                left -= len(piece)
    except OSError as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    finally:
        os.close(descriptor)


def read_whole(path: str, limit: int | None = None) -> bytes:
    """Return a regular file's bytes, at most `limit`; nothing when it cannot be read."""
    try:
        return b"".join(read_pieces(path, 0, limit))
    except SourceUnreadable:
        return b""
