"""Writing into folders, and the barriers that make what was written durable.

Folders are 0700 and files 0600, whatever the umask. No name is followed through a symbolic link.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from opentraces.adapters.filesystem.tree import FILE, FOLDER, Tree, names_in, translated
from opentraces.domain.errors import Corrupt
from opentraces.domain.media import NO_FOLDER_SYNC, NO_MODES

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | FILE
_OF_OTHERS = 0o077
_FEW = 8
"""Up to so many files are flushed one by one; more, by one call for the whole file system."""


class Folder:
    """One folder below a root, held open for writing."""

    def __init__(self, root: Path, name: str) -> None:
        """Open it; what is missing of it is made."""
        place = f"{root}/{name}" if name else str(root)
        with translated(place):
            self.descriptor = _made(root, name)
        self.name = name
        self._place = place

    def names(self) -> list[str]:
        """Return what it holds."""
        with translated(self._place):
            return names_in(self.descriptor)

    def create(self, file: str) -> int:
        """Return a descriptor of a new file; what an interrupted write left there goes."""
        with translated(f"{self._place}/{file}"):
            try:
                descriptor = os.open(file, _NEW, 0o600, dir_fd=self.descriptor)
            except FileExistsError:
                os.unlink(file, dir_fd=self.descriptor)
                descriptor = os.open(file, _NEW, 0o600, dir_fd=self.descriptor)
            _make_private(descriptor)
            return descriptor

    def open_or_create(self, file: str) -> int:
        """Return a descriptor of an empty file that is never replaced, such as a lock's."""
        flags = os.O_RDWR | os.O_CREAT | FILE
        with translated(f"{self._place}/{file}"):
            descriptor = os.open(file, flags, 0o600, dir_fd=self.descriptor)
            _make_private(descriptor)
            return descriptor

    def reopen(self, file: str, length: int) -> int:
        """Return a descriptor of a file that was written before, cut to `length`.

        Raises Corrupt when it is shorter, or not there.
        """
        name = f"{self.name}/{file}"
        with translated(name):
            try:
                descriptor = os.open(file, os.O_RDWR | FILE, dir_fd=self.descriptor)
            except FileNotFoundError as error:
                raise Corrupt(f"{name} is missing") from error
            try:
                size = os.fstat(descriptor).st_size
                if size < length:
                    raise Corrupt(f"{name} is cut short")
                if size > length:
                    os.ftruncate(descriptor, length)
            except BaseException:
                os.close(descriptor)
                raise
            return descriptor

    def write(self, file: str, data: bytes) -> None:
        """Write a new file."""
        descriptor = self.create(file)
        try:
            write_at(descriptor, 0, data, f"{self.name}/{file}")
        finally:
            os.close(descriptor)

    def rename(self, file: str, new: str) -> None:
        """Give a file another name; what had that name goes."""
        here = self.descriptor
        with translated(f"{self._place}/{new}"):
            os.rename(file, new, src_dir_fd=here, dst_dir_fd=here)

    def move(self, file: str, other: "Folder", new: str) -> None:
        """Move a file or folder into another folder; a file of that name goes."""
        with translated(f"{self._place}/{file}"):
            os.rename(file, new, src_dir_fd=self.descriptor, dst_dir_fd=other.descriptor)

    def remove(self, file: str) -> None:
        """Remove a file, if it is there."""
        with translated(f"{self._place}/{file}"), suppress(FileNotFoundError):
            os.unlink(file, dir_fd=self.descriptor)

    def remove_folder(self, folder: str) -> None:
        """Remove an empty folder, if it is there."""
        with translated(f"{self._place}/{folder}"), suppress(FileNotFoundError):
            os.rmdir(folder, dir_fd=self.descriptor)

    def close(self) -> None:
        """Let it go."""
        os.close(self.descriptor)


class Barrier:
    """Makes durable what was written below a root since the last flush."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: set[str] = set()

    def add(self, name: str) -> None:
        """Include a file, and the folders it is in."""
        self._names.add(name)

    def flush(self) -> None:
        """Return when all of it is durable."""
        if not self._names:
            return
        with translated(str(self._root)):
            if len(self._names) <= _FEW or not _flushed_whole(self._root):
                self._flush_each()
        self._names.clear()

    def _flush_each(self) -> None:
        folders = {str(above) for name in self._names for above in Path(name).parents}
        for name in (*sorted(self._names), *sorted(folders, reverse=True)):
            descriptor = _opened(self._root, name)
            try:
                sync(descriptor)
            finally:
                os.close(descriptor)


def sync(descriptor: int) -> None:
    """Make an open file durable, or the names in an open folder, where that can be asked for."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC or not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise


def write_at(descriptor: int, offset: int, data: bytes, name: str) -> None:
    """Write all of `data` at `offset`."""
    rest = memoryview(data)
    with translated(name):
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            offset += written
            rest = rest[written:]


def replace(root: Path, name: str, data: bytes) -> None:
    """Put a file in place, whole or not at all; the caller keeps others away. Durable."""
    folder, _, file = name.rpartition("/")
    temporary = f"{file}.tmp"
    barrier = Barrier(root)
    with closing(Folder(root, folder)) as place:
        place.write(temporary, data)
        barrier.add(f"{folder}/{temporary}" if folder else temporary)
        barrier.flush()
        place.rename(temporary, file)
        barrier.add(name)
        barrier.flush()


def _made(root: Path, name: str) -> int:
    """Return a descriptor of a folder; what is missing is made, the root included."""
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        _make_root(root)
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in name.split("/") if name else ():
        outer = descriptor
        try:
            descriptor = _made_in(outer, part)
        finally:
            os.close(outer)
    return descriptor


def _made_in(outer: int, part: str) -> int:
    try:
        return os.open(part, FOLDER, dir_fd=outer)
    except FileNotFoundError:
        try:
            os.mkdir(part, 0o700, dir_fd=outer)
        except FileExistsError:
            return os.open(part, FOLDER, dir_fd=outer)
        return _opened_private(part, outer)


def _opened_private(part: str, outer: int) -> int:
    descriptor = os.open(part, FOLDER, dir_fd=outer)
    try:
        _make_private(descriptor, 0o700)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _make_private(descriptor: int, mode: int = 0o600) -> None:
    """Keep others away, where the file system knows of them, or gives them no right at all."""
    try:
        os.fchmod(descriptor, mode)
    except OSError as error:
        if error.errno not in NO_MODES or os.fstat(descriptor).st_mode & _OF_OTHERS:
            raise


def _make_root(root: Path) -> None:
    if not root.parent.exists():
        _make_root(root.parent)
    with suppress(FileExistsError):
        root.mkdir(0o700)
        root.chmod(0o700)


def _opened(root: Path, name: str) -> int:
    folder, _, last = name.rpartition("/")
    parent = Tree(root).enter(folder)
    if parent is None:
        raise FileNotFoundError(errno.ENOENT, "is gone", name)
    try:
        return os.open(last, os.O_RDONLY | FILE, dir_fd=parent)
    finally:
        os.close(parent)


def _syncfs() -> Callable[[int], int] | None:
    """Return the call that flushes a file system; None: this machine has none."""
    library = ctypes.CDLL(None, use_errno=True)
    return getattr(library, "syncfs", None)


_SYNC = _syncfs()


def _flushed_whole(root: Path) -> bool:
    """Flush the file system that holds `root`; False: this machine cannot."""
    if _SYNC is None:
        return False
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if _SYNC(descriptor) == 0:
            return True
        number = ctypes.get_errno()
    finally:
        os.close(descriptor)
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number))
