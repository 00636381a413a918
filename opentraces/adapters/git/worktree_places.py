"""The files of a worktree as they are: looked at, and read, without following a link."""

import os
import stat

from opentraces.adapters._reading.regular_files import opened
from opentraces.domain.errors import SourceUnreadable

LARGEST = 512 * 1024
"""Bytes; a larger file is not read."""

MOST_FILES = 200
"""So many changed files are told at most."""

MOST_BYTES = 3 * 1024 * 1024
"""And so much of what they hold."""

_COARSE_NS = 10_000_000
"""A file system's clock goes in steps: a time may be so much too early."""


class WorktreePlaces:
    """The files of one worktree, by their paths from its root."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def look(self, path: str) -> os.stat_result | None:
        """Return what is at a path. None: nothing, or nothing that can be looked at."""
        try:
            return os.lstat(self._place(path))
        except OSError:
            return None

    def may_have_gone(self, path: str, since_ns: int) -> bool:
        """Whether what is not there may have been there at a moment: a folder of it changed."""
        while path:
            path = os.path.dirname(path)  # noqa: PTH120 - millions of them
            found = self.look(path)
            if found is not None:
                return was_written(found, since_ns)
        return True

    def read(self, path: str) -> bytes | None:
        """Return what a file holds, or where a link leads.

        None: it is neither, or large, or its folder is behind a link.
        """
        place = self._place(path)
        folder = os.path.dirname(place)  # noqa: PTH120 - as above
        if os.path.realpath(folder) != folder:
            return None
        try:
            if os.path.islink(place):  # noqa: PTH114 - as above
                return os.fsencode(os.readlink(place))  # noqa: PTH115 - as above
            with opened(place) as descriptor:
                content = os.read(descriptor, LARGEST + 1)
        except (OSError, SourceUnreadable):
            return None
        return content if len(content) <= LARGEST else None

    def _place(self, path: str) -> str:
        return os.path.join(self._root, path) if path else self._root  # noqa: PTH118 - as above


def was_written(found: os.stat_result, since_ns: int) -> bool:
    """Whether something may have been written, renamed or given other rights since a moment."""
    return max(found.st_mtime_ns, found.st_ctime_ns) >= since_ns - _COARSE_NS


def is_link(found: os.stat_result) -> bool:
    """Whether it is a symbolic link."""
    return stat.S_ISLNK(found.st_mode)
