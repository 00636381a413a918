"""Small files of an agent's, read and replaced whole; a link is followed to what it names."""

import errno
import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from opentraces.domain.errors import SettingsInvalid, StorageUnavailable
from opentraces.domain.media import NO_FOLDER_SYNC

_LARGEST = 2 << 20
"""Nobody writes that many hooks; Claude Code reads no settings that are larger."""

_PREFIX = ".opentraces-"
_SUFFIX = ".tmp"
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NOT_TO_BE_REMOVED = (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)
"""A folder that is gone, holds something, or is a link."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise StorageUnavailable, with the path, for what the medium refuses."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"{path}: {error.strerror}") from error


def target_of(path: Path) -> Path:
    """Return the file that a path leads to. Raises SettingsInvalid for a link to nothing."""
    with translated(path):
        if not path.is_symlink():
            return path
    try:
        return Path(os.path.realpath(path, strict=True))
    except OSError as error:
        why = "goes round in a circle" if error.errno == errno.ELOOP else "leads nowhere"
        raise SettingsInvalid(f"{path}: the link {why} → correct or remove it") from error


def read(path: Path) -> bytes | None:
    """Return what a file holds. None: there is none.

    Raises SettingsInvalid when it is no file, or a giant, and StorageUnavailable.
    """
    with translated(path):
        try:
            descriptor = os.open(path, _READ)
        except FileNotFoundError:
            return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsInvalid(f"{path} is not a file → move it away")
            data = b""
            while len(data) <= _LARGEST and (piece := os.read(descriptor, _LARGEST + 1)):
                data += piece
        finally:
            os.close(descriptor)
    if len(data) > _LARGEST:
        raise SettingsInvalid(f"{path} is larger than 2 MiB → make it smaller")
    return data


def check_writable(path: Path) -> None:
    """Raise StorageUnavailable when a file is there and says that it must not be changed.

    Its folder would allow it to be replaced nevertheless, and root may write to anything.
    """
    with translated(path):
        if not path.exists():
            return
        may_be_written = path.stat().st_mode & 0o222 and os.access(path, os.W_OK)
    if not may_be_written:
        advice = f"chmod u+w {shlex.quote(str(path))}"
        raise StorageUnavailable(f"{path} may not be written to → {advice}")


def put(path: Path, data: bytes) -> None:
    """Put a file in place, whole or not at all; mode and owner stay, a new one is 0600. Durable.

    Its folder is made, 0700, where it is missing.
    """
    check_writable(path)
    with translated(path):
        made = list(_made_folders(path.parent))
        try:
            _replace(path, data)
        except BaseException:
            for folder in reversed(made):
                remove_folder(folder)
            raise


def take_away(path: Path) -> None:
    """Remove a file. Durable."""
    check_writable(path)
    with translated(path):
        path.unlink()
        _flush(path.parent)


def remove_folder(path: Path) -> None:
    """Remove a folder if it is empty."""
    with translated(path):
        try:
            path.rmdir()
        except OSError as error:
            if error.errno not in _NOT_TO_BE_REMOVED:
                raise
        else:
            _flush(path.parent)


def sweep(folder: Path) -> None:
    """Remove what an interrupted `put` left in a folder."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with translated(path), suppress(FileNotFoundError):
            path.unlink()


def _made_folders(path: Path) -> Iterator[Path]:
    """Make a folder, and what is missing above it; yield each that was made."""
    if path.is_dir():
        return
    yield from _made_folders(path.parent)
    path.mkdir(0o700)
    path.chmod(0o700)
    _flush(path.parent)
    yield path


def _replace(path: Path, data: bytes) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    temporary = f"{_PREFIX}{token_hex(8)}{_SUFFIX}"
    try:
        _fill(os.open(temporary, _NEW, 0o600, dir_fd=folder), data, path)
        os.rename(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        _sync(folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        os.close(folder)


def _fill(descriptor: int, data: bytes, like: Path) -> None:
    """Write a new file, with owner and mode of the one it replaces."""
    try:
        if like.is_file() and not like.is_symlink():
            old, new = like.stat(), os.fstat(descriptor)
            if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
                os.fchown(descriptor, old.st_uid, old.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: int) -> None:
    """Make the names in an open folder durable, where that can be asked for."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
