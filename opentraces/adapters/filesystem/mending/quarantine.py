"""Evidence: what was damaged and replaced, or belongs to nobody.

A file that is to be replaced gets a second name in quarantine first, durably, and keeps its own:
so there is no moment at which it is missing, and whatever takes its name afterwards leaves the
evidence as it was.
"""

import errno
import os
import shutil
import stat
from contextlib import closing
from pathlib import Path

from opentraces.adapters.filesystem.durable import Barrier, Folder
from opentraces.adapters.filesystem.layout import QUARANTINE
from opentraces.adapters.filesystem.tree import FILE, Tree, translated
from opentraces.domain.ids import TraceId

_BUCKET = "_"
"""Names the folder of what is no trace's."""

_LONGEST = 200
"""Bytes of a name that are kept: with its number it is to be one still."""

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
"""How a file system says that a file has one name only."""


class Quarantine:
    """`quarantine/<trace or _>/<name>.<n>`, in one bucket."""

    def __init__(self, bucket: Path) -> None:
        self._bucket = Tree(bucket)
        self.taken: list[str] = []
        """Where all is that was set aside by this object, relative to the bucket."""

    def copy(self, name: str, trace: TraceId | None) -> None:
        """Keep a second name, or a copy, of what stands at `name`; a folder is moved.

        Does nothing where nothing is, or where a run that was interrupted came as far as this.
        """
        self._set_aside(name, trace, leaves=True)

    def move(self, name: str, trace: TraceId | None) -> str | None:
        """Move what stands at `name`, a folder with all that is in it; returns where it is.

        None: nothing stood there.
        """
        return self._set_aside(name, trace, leaves=False)

    def _set_aside(self, name: str, trace: TraceId | None, *, leaves: bool) -> str | None:
        folder, _, file = name.rpartition("/")
        root = self._bucket.root
        with translated(name):
            parent = self._bucket.enter(folder)
        if parent is None:
            return None
        try:
            if not _is_there(file, parent):
                return None
            with closing(Folder(root, f"{QUARANTINE}/{trace or _BUCKET}")) as place:
                new = self._put(file, parent, place, leaves=leaves)
        finally:
            os.close(parent)
        if new is None:
            return None
        self.taken.append(f"{place.name}/{new}")
        barrier = Barrier(root)
        barrier.add(f"{place.name}/.")
        barrier.add(f"{folder}/." if folder else ".")
        barrier.flush()
        return self.taken[-1]

    def _put(self, file: str, parent: int, place: Folder, *, leaves: bool) -> str | None:
        """Put a file into its place; returns its name there. None: there is nothing to do."""
        with translated(f"{place.name}/{file}"):
            found = os.stat(file, dir_fd=parent, follow_symlinks=False)
            new = _free_name(file, found, place)
            if new is None:
                return None
            if leaves and not stat.S_ISDIR(found.st_mode):
                _double(file, parent, place, new)
            else:
                os.rename(file, new, src_dir_fd=parent, dst_dir_fd=place.descriptor)
            return new


def _is_there(file: str, parent: int) -> bool:
    with translated(file):
        try:
            os.stat(file, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True


def _free_name(file: str, found: os.stat_result, place: Folder) -> str | None:
    """Return the name that evidence of a file gets. None: it has one already."""
    stem = os.fsdecode(os.fsencode(file)[:_LONGEST])
    taken = frozenset(place.names())
    number = 0
    while (name := f"{stem}.{number}") in taken:
        other = os.stat(name, dir_fd=place.descriptor, follow_symlinks=False)
        if (other.st_dev, other.st_ino) == (found.st_dev, found.st_ino):
            return None
        number += 1
    return name


def _double(file: str, parent: int, place: Folder, new: str) -> None:
    """Give a file a second name, or where the file system knows but one, a copy."""
    folder = place.descriptor
    try:
        os.link(file, new, src_dir_fd=parent, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        source = os.open(file, os.O_RDONLY | FILE, dir_fd=parent)
        with os.fdopen(source, "rb") as old, os.fdopen(place.create(new), "wb") as copy:
            shutil.copyfileobj(old, copy)
            copy.flush()
            os.fsync(copy.fileno())
