"""Hooks as files, the user's own: read and replaced whole, never through a symbolic link."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.git_hooks import LARGEST
from opentraces.domain.slotted import frozen_dataclass

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PREFIX = ".opentraces-"


@frozen_dataclass
class HookFile:
    """A file as it was found."""

    data: bytes | None
    """What it holds. None: there is none, or it may not be touched."""

    obstacle: str | None = None
    """Why it may not be touched. None: it may."""


def look_at(path: Path) -> HookFile:
    """Return a file that a hook is, or may become, as it is."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return HookFile(None)
    except OSError as error:
        return HookFile(None, f"cannot be read: {error.strerror}")
    if stat.S_ISLNK(found.st_mode):
        return HookFile(None, "is a symbolic link, and none is followed")
    if not stat.S_ISREG(found.st_mode):
        return HookFile(None, "is no file")
    if found.st_uid != os.geteuid():
        return HookFile(None, "belongs to another user")
    try:
        return HookFile(_read(path))
    except OSError as error:
        return HookFile(None, f"cannot be read: {error.strerror}")


def is_run(path: Path) -> bool:
    """Whether Git would run a file: it passes over what is not executable."""
    return os.access(path, os.X_OK)


def refuse_folder(folder: Path) -> str | None:
    """Say why nothing may be written into a folder. None: it may, or it is not there yet."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if stat.S_ISLNK(found.st_mode):
        return "is a symbolic link, and none is followed"
    if not stat.S_ISDIR(found.st_mode):
        return "is no folder"
    return "belongs to another user" if found.st_uid != os.geteuid() else None


def put(path: Path, data: bytes, mode: int) -> None:
    """Put a file in place, whole or not at all, durably; `mode`: of one that was not there.

    Its folder is made where it is missing. Raises StorageUnavailable.
    """
    with _translated(path):
        path.parent.mkdir(mode=0o700 if mode == 0o600 else 0o755, parents=True, exist_ok=True)
        folder = os.open(path.parent, _FOLDER)
        temporary = f"{_PREFIX}{token_hex(8)}.tmp"
        try:
            _fill(os.open(temporary, _NEW, 0o600, dir_fd=folder), data, _mode(path, mode))
            os.rename(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            os.close(folder)


def take_away(path: Path) -> None:
    """Remove a file, if it is there. Raises StorageUnavailable."""
    with _translated(path), suppress(FileNotFoundError):
        path.unlink()


def remove_folder(path: Path) -> None:
    """Remove a folder if it is empty."""
    with suppress(OSError):  # something is in it, or it is gone
        path.rmdir()


def _read(path: Path) -> bytes:
    descriptor = os.open(path, _READ)
    try:
        data = b""
        while len(data) <= LARGEST and (piece := os.read(descriptor, LARGEST + 1 - len(data))):
            data += piece
        return data
    finally:
        os.close(descriptor)


def _mode(path: Path, mode: int) -> int:
    try:
        return stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:
        return mode


def _fill(descriptor: int, data: bytes, mode: int) -> None:
    try:
        os.fchmod(descriptor, mode)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"{path}: {error.strerror}") from error
