"""`info/exclude` in the folder of a repository's objects."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from opentraces.adapters.filesystem.durable import write_at
from opentraces.adapters.filesystem.tree import FILE, FOLDER, translated
from opentraces.domain.enrolment import Exclusion, Made
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.excluding import addition, without
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.excludes import Excludes

_INFO = "info"
_LIST = "exclude"
_LONGEST = 1 << 20
_BITS = 0o666


class FilesystemExcludes(Excludes):
    """See Excludes. The list is changed in place: its mode, owner and other names stay."""

    def add(self, repository: str) -> Exclusion | None:
        """See Excludes."""
        try:
            with _opened(repository, make=True) as place:
                added = place.add()
        except FileNotFoundError as error:
            raise StorageUnavailable(f"{repository} is gone") from error
        return Exclusion(repository, added, place.made) if added else None

    def take_back(self, exclusion: Exclusion) -> bool:
        """See Excludes."""
        try:
            with _opened(exclusion.repository, make=False) as place:
                listed = place.read()
                left = without(listed, exclusion.added)
                if left == listed:
                    return False
                place.write(listed, left)
                if not left:
                    place.clear(exclusion.made)
                return True
        except FileNotFoundError:
            return False


@frozen_dataclass
class _Place:
    """A list, open."""

    name: str
    repository: int
    info: int
    file: int
    made: Made

    def read(self) -> bytes:
        if not stat.S_ISREG(os.fstat(self.file).st_mode):
            raise StorageUnavailable(f"{self.name} is no regular file")
        with translated(self.name):
            data = os.pread(self.file, _LONGEST + 1, 0)
        if len(data) > _LONGEST:
            raise StorageUnavailable(f"{self.name} is longer than a list of exclusions")
        return data

    def add(self) -> str:
        """Add our line; returns what was added, which is nothing where it was there."""
        listed = self.read()
        added = addition(listed)
        try:
            write_at(self.file, len(listed), added.encode(), self.name)
        except StorageUnavailable:
            os.ftruncate(self.file, len(listed))
            raise
        return added

    def write(self, listed: bytes, left: bytes) -> None:
        if not listed.startswith(left):
            write_at(self.file, 0, left, self.name)
        with translated(self.name):
            os.ftruncate(self.file, len(left))

    def clear(self, made: Made) -> None:
        """Remove an empty list that was made, and the folder with it."""
        with translated(self.name):
            if made is not Made.NOTHING:
                os.unlink(_LIST, dir_fd=self.info)
            if made is Made.FOLDER:
                with suppress(OSError):  # something else is in it now
                    os.rmdir(_INFO, dir_fd=self.repository)


@contextmanager
def _opened(repository: str, *, make: bool) -> Iterator[_Place]:
    """Open a repository's list. Raises FileNotFoundError: there is none, and none is made."""
    with ExitStack() as stack:
        yield _place(stack, repository, make=make)


def _place(stack: ExitStack, repository: str, *, make: bool) -> _Place:
    name = str(Path(repository) / _INFO / _LIST)
    with _refused(name):
        folder = os.open(repository, FOLDER)
        stack.callback(os.close, folder)
        found = os.fstat(folder)
        if found.st_uid != os.geteuid():
            raise StorageUnavailable(f"{repository} belongs to another user")
        info, made_info = _info(folder, found.st_mode, make=make)
        stack.callback(os.close, info)
        file, made_file = _list(info, found.st_mode & _BITS, make=make)
        stack.callback(os.close, file)
    made = Made.FOLDER if made_info else Made.FILE if made_file else Made.NOTHING
    return _Place(name, folder, info, file, made)


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Say what the machine refused; that nothing is there is for the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        why = "no symbolic link is followed there" if is_link else error.strerror or error
        raise StorageUnavailable(f"{name}: {why}") from error


def _info(repository: int, mode: int, *, make: bool) -> tuple[int, bool]:
    """Open the folder of the list; like the repository's own in who may read it."""
    try:
        return os.open(_INFO, FOLDER, dir_fd=repository), False
    except FileNotFoundError:
        if not make:
            raise
        os.mkdir(_INFO, 0o700, dir_fd=repository)
        descriptor = os.open(_INFO, FOLDER, dir_fd=repository)
        os.fchmod(descriptor, stat.S_IMODE(mode))
        return descriptor, True


def _list(info: int, mode: int, *, make: bool) -> tuple[int, bool]:
    try:
        return os.open(_LIST, os.O_RDWR | FILE, dir_fd=info), False
    except FileNotFoundError:
        if not make:
            raise
        descriptor = os.open(_LIST, os.O_RDWR | os.O_CREAT | os.O_EXCL | FILE, 0o600, dir_fd=info)
        os.fchmod(descriptor, mode)
        return descriptor, True
