"""A folder that a user named, for files that leave the bucket."""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from opentraces.adapters.filesystem.durable import Folder, sync, write_at
from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.errors import BadRequest
from opentraces.ports.destination import Destination

_CHUNK = 1 << 20
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
"""How a medium says that a file cannot have two names."""


class FolderDestination(Destination):
    """See Destination. The folder is made when it is missing; no link in it is followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, pieces: Iterable[bytes]) -> str:
        """See Destination. Durable on return."""
        where = self._folder / _checked(name)
        inner, _, last = name.rpartition("/")
        with closing(Folder(self._folder, inner)) as place:
            temporary = f".opentraces-{token_hex(8)}"
            try:
                _fill(place, temporary, pieces)
                if not _put(place, temporary, last):
                    raise BadRequest(f"{where} is there already, and is another file")
            finally:
                place.remove(temporary)
        return str(where)


def _checked(name: str) -> str:
    """Return the name. Raises BadRequest when it leaves the folder."""
    if "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
        raise BadRequest(f"{name!r} is no name of a file below a folder")
    return name


def _fill(place: Folder, file: str, pieces: Iterable[bytes]) -> None:
    descriptor = place.create(file)
    try:
        offset = 0
        for piece in pieces:
            write_at(descriptor, offset, piece, file)
            offset += len(piece)
        with translated(file):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(place: Folder, temporary: str, file: str) -> bool:
    """Give a file its name, unless one is there. False: another one is there."""
    here = place.descriptor
    with translated(file):
        try:
            os.link(temporary, file, src_dir_fd=here, dst_dir_fd=here, follow_symlinks=False)
        except FileExistsError:
            return _is_same(here, temporary, file)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if _exists(here, file):
                return _is_same(here, temporary, file)
            place.rename(temporary, file)
        sync(here)
    return True


def _exists(folder: int, file: str) -> bool:
    try:
        os.stat(file, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _is_same(folder: int, ours: str, theirs: str) -> bool:
    """Whether both are regular files of the same bytes."""
    if not stat.S_ISREG(os.stat(theirs, dir_fd=folder, follow_symlinks=False).st_mode):
        return False
    descriptors = [os.open(name, os.O_RDONLY | FILE, dir_fd=folder) for name in (ours, theirs)]
    try:
        sizes = {os.fstat(descriptor).st_size for descriptor in descriptors}
        return len(sizes) == 1 and _is_same_to_the_end(*descriptors)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _is_same_to_the_end(ours: int, theirs: int) -> bool:
    while piece := os.read(ours, _CHUNK):
        there = os.read(theirs, len(piece))
        while there and len(there) < len(piece):
            more = os.read(theirs, len(piece) - len(there))
            there += more
            if not more:
                return False
        if there != piece:
            return False
    return True
