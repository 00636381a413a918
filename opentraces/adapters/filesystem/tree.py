"""Files below one folder, reached without following a symbolic link; for reading."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import FileIO
from pathlib import Path

from opentraces.domain.errors import Corrupt, Exhausted, StorageUnavailable
from opentraces.domain.limits import LARGEST_RUN

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ABSENT = (FileNotFoundError, NotADirectoryError)
_FOR_NOW = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EINTR)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Say what the machine refused in the words of the ports; `name` is the file at fault."""
    try:
        yield
    except OSError as error:
        kind = Exhausted if error.errno in _FOR_NOW else StorageUnavailable
        raise kind(f"{name}: {error.strerror or error}") from error


class OpenFile:
    """A regular file, open for reading."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self.name = name
        self.size = os.fstat(descriptor).st_size

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly `length` bytes.

        Raises Corrupt when the file ends before, or when they are too many to be held: memory is
        taken for all that is asked for, and whoever wrote the bucket may have said how much.
        """
        if length > LARGEST_RUN:
            raise Corrupt(f"{self.name} is too long to be read at once")
        with translated(self.name):
            if not 0 <= offset <= offset + length <= os.fstat(self._descriptor).st_size:
                raise Corrupt(f"{self.name} is cut short")
            data = os.pread(self._descriptor, length, offset)
            while len(data) < length:
                more = os.pread(self._descriptor, length - len(data), offset + len(data))
                if not more:
                    raise Corrupt(f"{self.name} is cut short")
                data += more
        return data

    def stream(self) -> FileIO:
        """Return it as a stream from its start on; whoever reads it translates its errors."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return FileIO(self._descriptor, closefd=False)

    @property
    def is_there(self) -> bool:
        """Whether it still has a name; a file that was removed can be read, and is out of date."""
        return os.fstat(self._descriptor).st_nlink > 0

    def close(self) -> None:
        """Let it go."""
        os.close(self._descriptor)


class Tree:
    """The files below `root`, named relative to it with `/`.

    `root` itself may be a link; no name below it is followed through one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def _place(self, name: str) -> str:
        return f"{self.root}/{name}" if name else str(self.root)

    def open(self, name: str) -> OpenFile | None:
        """Open a file. None: it is not there. Raises Corrupt when it is no regular file."""
        folder, _, last = name.rpartition("/")
        with translated(self._place(name)):
            parent = self.enter(folder)
            if parent is None:
                return None
            try:
                descriptor = os.open(last, os.O_RDONLY | FILE, dir_fd=parent)
            except _ABSENT:
                return None
            except OSError as error:
                if _is_link(last, parent):
                    raise Corrupt(f"{name} is a symbolic link") from error
                raise
            finally:
                os.close(parent)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise Corrupt(f"{name} is no regular file")
            return OpenFile(descriptor, name)

    def read(self, name: str) -> bytes | None:
        """Return a document's bytes. None: it is not there.

        Raises Corrupt when it is too long; an envelope of 40 GB of steps is not.
        """
        file = self.open(name)
        if file is None:
            return None
        with closing(file):
            return file.read(0, file.size)

    def names(self, name: str) -> list[str]:
        """Return what a folder holds, ascending; nothing when it is not there."""
        with translated(self._place(name)):
            folder = self.enter(name)
            if folder is None:
                return []
            try:
                return names_in(folder)
            finally:
                os.close(folder)

    def size(self, name: str) -> int | None:
        """Return a regular file's size. None: none is there."""
        folder, _, last = name.rpartition("/")
        with translated(self._place(name)):
            parent = self.enter(folder)
            if parent is None:
                return None
            try:
                found = os.stat(last, dir_fd=parent, follow_symlinks=False)
            except _ABSENT:
                return None
            finally:
                os.close(parent)
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def enter(self, name: str) -> int | None:
        """Return a descriptor of a folder; None: it is not there, or behind a link.

        Raises Corrupt when the name leaves `root`: it may be out of a file that another wrote.
        """
        if ".." in name.split("/"):
            raise Corrupt(f"{name} leaves the folder that it should be in")
        try:
            descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except _ABSENT:
            return None
        for part in name.split("/") if name else ():
            outer = descriptor
            try:
                descriptor = os.open(part, FOLDER, dir_fd=outer)
            except _ABSENT:
                return None
            finally:
                os.close(outer)
        return descriptor


def names_in(folder: int) -> list[str]:
    """Return what an open folder holds, ascending."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _is_link(name: str, folder: int) -> bool:
    return stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode)
