"""A copy of a database that its owner may be writing to, as it was at one moment.

In WAL mode pages reach the database only by way of the log, which is begun anew under another
header once all of it is in the database. So a copy of the database, and then of the log, is whole
if the log has the same header after as before. The index of the log (`-shm`) is not copied:
whoever opens the copy makes it out of the log.
"""

import os
from contextlib import suppress
from pathlib import Path

from opentraces.adapters._reading.regular_files import opened, read_pieces
from opentraces.domain.errors import SourceGone, SourceUnreadable

LOG, JOURNAL = "-wal", "-journal"

_TRIES = 50
_LOG_HEADER = 32
_MAGIC = b"SQLite format 3\0"

Identity = tuple[object, ...]
"""Differs when a database may have changed."""


def is_database(path: str) -> bool:
    """Whether a file begins as SQLite's do."""
    try:
        return next(read_pieces(path, 0, len(_MAGIC)), b"") == _MAGIC
    except SourceUnreadable:
        return False


def identity_of(path: str) -> Identity:
    """Return what differs when a database may have changed. Raises SourceGone."""
    try:
        return (_stat(path), _stat_or_none(path + LOG))
    except FileNotFoundError as error:
        raise SourceGone(path) from error
    except OSError as error:
        raise SourceUnreadable(f"{path}: {error}") from error


def copy_database(path: str, target: Path) -> None:
    """Copy a database and its log to `target` and beside it.

    Raises:
        SourceGone: it is not there.
        SourceUnreadable: it cannot be read, or its owner does not let it stand still.
    """
    for _ in range(_TRIES):
        before = _generation(path)
        _copy(path, target)
        log = target.with_name(target.name + LOG)
        log.unlink(missing_ok=True)
        with suppress(SourceGone):
            _copy(path + LOG, log)
        if _generation(path) == before and not _size(path + JOURNAL):
            return
    if _size(path + JOURNAL):
        raise SourceUnreadable(f"{path}: a write to it was interrupted → start Hermes once")
    raise SourceUnreadable(f"{path}: it changes while it is copied → try again")


def _generation(path: str) -> object:
    """Return what stays as long as all that reached the database is in its log, too."""
    try:
        log = next(read_pieces(path + LOG, 0, _LOG_HEADER), b"")
    except SourceGone:
        log = b""
    return log or identity_of(path)


def _copy(path: str, target: Path) -> None:
    with opened(path) as source:
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as copy:
                while piece := os.read(source, 1 << 20):
                    copy.write(piece)
        except OSError as error:
            raise SourceUnreadable(f"{path}: no copy of it can be made: {error}") from error


def _stat(path: str) -> tuple[int, int, int, int]:
    stat = os.lstat(path)
    return (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _stat_or_none(path: str) -> tuple[int, int, int, int] | None:
    try:
        return _stat(path)
    except FileNotFoundError:
        return None


def _size(path: str) -> int:
    return (_stat_or_none(path) or (0, 0))[1]
