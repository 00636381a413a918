"""Folders in a repository, which may come with anything, and what of them is the user's own.

No level is followed through a link, and what is another's, or has a second name, is as if it were
not there.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from opentraces.adapters.filesystem.tree import FOLDER, translated

Found = TypeVar("Found")

_NOT_THERE = (
    *(errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENXIO),
    *(errno.EISDIR, errno.ENAMETOOLONG, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN),
)
"""Nothing of the user's is there, or the machine that has it is away."""


@contextmanager
def own_folder(place: str, levels: tuple[str, ...]) -> Iterator[int | None]:
    """Open a folder below a place, level by level. None: there is none of the user's.

    Raises StorageUnavailable, Exhausted: it cannot be told.
    """
    opened: list[int] = []
    try:
        yield present(place, lambda: _descended(place, levels, opened))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def names_in(folder: int | None) -> list[str]:
    """Return what is in an open folder, sorted; nothing where there is none."""
    if folder is None:
        return []
    with translated("a folder in a repository"), os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def own_file(folder: int | None, name: str) -> os.stat_result | None:
    """Return what a file in an open folder is like. None: there is none of the user's."""
    if folder is None:
        return None
    found = present(name, lambda: os.stat(name, dir_fd=folder, follow_symlinks=False))
    return found if found is not None and is_own(found) else None


def present(name: str, look: Callable[[], Found]) -> Found | None:
    """Return what a look finds. None: there is nothing that may be looked into.

    Raises StorageUnavailable, Exhausted for any other reason.
    """
    try:
        return look()
    except OSError as error:
        if error.errno in _NOT_THERE:
            return None
        with translated(name):
            raise


def is_own(found: os.stat_result) -> bool:
    """Whether it is a regular file of the user's, and has no other name."""
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()


def _descended(place: str, levels: tuple[str, ...], opened: list[int]) -> int | None:
    opened.append(os.open(place, FOLDER))
    for level in levels:
        opened.append(os.open(level, FOLDER, dir_fd=opened[-1]))
        if os.fstat(opened[-1]).st_uid != os.geteuid():
            return None
    return opened[-1]
