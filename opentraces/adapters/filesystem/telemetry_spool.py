"""Telemetry that waits, as a file a session in a folder of its own."""

import fcntl
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import sleep

from opentraces.adapters.filesystem.durable import Folder, sync
from opentraces.adapters.filesystem.event_files import file_of
from opentraces.adapters.filesystem.locks import take
from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.errors import Busy, SpoolFull, StorageUnavailable
from opentraces.domain.telemetry.records import UNKNOWN, SessionLines
from opentraces.ports.telemetry_spool import TelemetrySpool

MOST = 512 << 20
"""Bytes that may wait."""

MOST_UNKNOWN = 32 << 20
"""Bytes of them that may be of no session: nobody takes those up."""

RESERVE = 64 << 20
"""Bytes of the disk that are left to others."""

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | FILE
_LOCK_TRIES, _LOCK_PAUSE_S = 500, 0.002
_MANY = 1000


class FilesystemTelemetrySpool(TelemetrySpool):
    """`<folder>/<session>.jsonl`, as the event spool of the same folder reads it."""

    def __init__(self, home: Path, name: str, most: int = MOST, reserve: int = RESERVE) -> None:
        """Write below `home`, into the folder of a `name`, which is made."""
        self._place = Folder(home, name)
        self._path = home / name
        self._most = most
        self._reserve = reserve
        self._lock = Lock()
        self._waiting: dict[str, int] = {}
        self._size = 0
        self._is_short = False
        self._unsynced: set[str] = set()
        self._whole: set[str] = set()
        self._has_new = True
        self._count()

    def add(self, told: Sequence[SessionLines]) -> int:
        """See TelemetrySpool."""
        left_out = 0
        with self._lock:
            self._check_room(sum(len(each.lines) for each in told))
            for each in told:
                name = file_of(each.session)
                size = self._waiting.get(name, 0) + len(each.lines)
                if each.session == UNKNOWN and size > MOST_UNKNOWN:
                    left_out += each.count
                    continue
                with translated(str(self._path / name)):
                    self._append(name, each.lines)
                self._unsynced.add(name)
                self._waiting[name] = size
                self._size += len(each.lines)
        return left_out

    def sync(self) -> None:
        """See TelemetrySpool."""
        with self._lock:
            names, self._unsynced = self._unsynced, set()
            has_new, self._has_new = self._has_new, False
        try:
            with translated(str(self._path)):
                for name in names:
                    with suppress(FileNotFoundError):  # taken up meanwhile
                        self._sync(name)
                if has_new:
                    sync(self._place.descriptor)
        except BaseException:
            with self._lock:
                self._unsynced |= names
                self._has_new = self._has_new or has_new
            raise
        self._count()

    def size(self) -> int:
        """See TelemetrySpool."""
        return self._size

    def _check_room(self, size: int) -> None:
        if self._size + size > self._most:
            raise SpoolFull(f"{self._path}: {self._most:,} bytes wait to be taken up, no more may")
        if self._is_short:
            raise StorageUnavailable(f"{self._path}: the disk is nearly full")

    def _append(self, name: str, lines: bytearray) -> None:
        """Add lines to a file, all or none; whoever takes the file away holds it alone."""
        for left in range(_LOCK_TRIES, -1, -1):
            descriptor = os.open(name, _APPEND, 0o600, dir_fd=self._place.descriptor)
            try:
                found = _shared(descriptor, name, self._path)
                if found is not None:
                    self._write(descriptor, found.st_size, name, lines)
                    return
            finally:
                os.close(descriptor)
            if left:
                sleep(_LOCK_PAUSE_S)
        raise Busy(f"another process holds {self._path / name}")

    def _write(self, descriptor: int, size: int, name: str, lines: bytearray) -> None:
        self._has_new = self._has_new or not size
        if name not in self._whole and size and os.pread(descriptor, 1, size - 1) != b"\n":
            size += os.write(descriptor, b"\n")  # whoever was killed had not answered yet
        self._whole.discard(name)
        rest = memoryview(lines)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        if len(self._whole) > _MANY:
            self._whole.clear()
        self._whole.add(name)

    def _sync(self, name: str) -> None:
        descriptor = os.open(name, os.O_RDWR | FILE, dir_fd=self._place.descriptor)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)

    def _count(self) -> None:
        """Count what waits, and what the disk has left."""
        waiting: dict[str, int] = {}
        with self._lock, translated(str(self._path)):
            with os.scandir(self._place.descriptor) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        if stat.S_ISREG(found.st_mode):
                            waiting[entry.name] = found.st_size
            disk = os.fstatvfs(self._place.descriptor)
            self._is_short = disk.f_bavail * disk.f_frsize < self._reserve
            self._waiting, self._size = waiting, sum(waiting.values())


def _shared(descriptor: int, name: str, folder: Path) -> os.stat_result | None:
    """Share a file with those that read it. None: it is held alone, or was taken away."""
    try:
        take(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, name, folder)
    except Busy:
        return None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise StorageUnavailable(f"{folder / name} is no file of ours")
    return found if found.st_nlink else None
