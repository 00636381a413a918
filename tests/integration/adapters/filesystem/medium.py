"""A disk that remembers what it was asked to do, and may refuse, or lose power, at any point."""

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from threading import RLock
from typing import Any

import pytest

from opentraces.adapters.filesystem import durable, tree
from tests.integration.adapters.filesystem.faults import CHANGES, FULL_ONCE, SYNCS, Fault

WRITES = ("write", "pwrite", "ftruncate", "rename", "link", "unlink", "mkdir", "rmdir", "fsync")
_ASKS = {"pread": "pread", "read": "read", "stat": "stat", "lstat": "stat", "chmod": "chmod"}
"""What else can be refused, and under which name."""

_LSTAT = os.lstat
"""The real one, which no medium stands before."""


@dataclass(frozen=True)
class Operation:
    """One thing that was asked for."""

    kind: str
    path: str
    """Absolute; of a sync of everything, empty."""
    file: int = 0
    """Which file; another number for each, also where the disk uses an inode again."""
    offset: int = 0
    data: bytes = b""
    new_path: str = ""

    @property
    def is_data(self) -> bool:
        return self.kind in ("pwrite", "ftruncate")

    @property
    def is_sync(self) -> bool:
        return self.kind in SYNCS


@dataclass
class Medium:
    """Records each change below `root`, in order; number `fails_at` of what `fault` can strike."""

    root: Path
    fails_at: int = -1
    fault: Fault = FULL_ONCE
    done: list[Operation] = field(default_factory=list)
    asked: int = 0
    """How often the fault could have struck."""
    seen: Callable[[], None] = lambda: None
    """Called before each change."""
    _lock: Any = field(default_factory=RLock)
    _numbers: dict[int, int] = field(default_factory=dict)
    """Of files that were made, by inode."""

    def install(self, patch: pytest.MonkeyPatch, *, has_syncfs: bool) -> None:
        for kind in WRITES:
            patch.setattr(os, kind, self._recording(kind, getattr(os, kind)))
        for name, kind in _ASKS.items():
            patch.setattr(os, name, self._asking(kind, getattr(os, name)))
        patch.setattr(os, "fchmod", self._asking("chmod", os.fchmod))
        patch.setattr(os, "scandir", self._asking("scandir", os.scandir))
        patch.setattr(os, "open", self._recording_open(os.open))
        patch.setattr(tree, "FileIO", self._reading_stream())
        patch.setattr(durable, "_SYNC", self._syncfs if has_syncfs else None)
        patch.setattr(durable, "_FEW", 0 if has_syncfs else 1_000_000)

    @property
    def has_struck(self) -> bool:
        """Whether anything went wrong."""
        return 0 <= self.fails_at < self.asked

    def _note(self, operation: Operation) -> bool:
        """Note what is about to be done. True: only half of it is to be done."""
        with self._lock:
            is_half = self._is_struck(operation.kind)
            if is_half and not self.fault.halves:
                raise self.fault.error()
            if operation.kind in CHANGES or operation.is_sync:
                self.seen()
                file = self._numbers.get(operation.file, operation.file)
                self.done.append(replace(operation, file=file))
        return is_half

    def _is_struck(self, kind: str) -> bool:
        if kind not in self.fault.strikes:
            return False
        number = self.asked
        self.asked += 1
        return number == self.fails_at or (self.fault.lasts and 0 <= self.fails_at < number)

    def _syncfs(self, _: int) -> int:
        try:
            self._note(Operation("syncfs", ""))
        except OSError:
            ctypes.set_errno(self.fault.number)
            return -1
        return 0

    def _recording_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def opened(
            path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
        ) -> int:
            where = _absolute(path, dir_fd)
            if not self._is_mine(where):
                return real(path, flags, mode, dir_fd=dir_fd)
            if not flags & os.O_CREAT or _inode(where):
                writes = flags & (os.O_WRONLY | os.O_RDWR)
                self._note(Operation("open to write" if writes else "open", where))
                return real(path, flags, mode, dir_fd=dir_fd)
            self._note(Operation("create", where))
            descriptor = real(path, flags, mode, dir_fd=dir_fd)
            self._number(where, os.fstat(descriptor).st_ino)
            return descriptor

        return opened

    def _number(self, path: str, inode: int) -> None:
        with self._lock:
            last = max(at for at, done in enumerate(self.done) if done.path == path)
            self._numbers[inode] = -1 - last
            self.done[last] = Operation("create", path, self._numbers[inode])

    def _recording(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if kind == "write" and not self._is_mine(_path_of(args[0])):
                return real(*args)
            operation = _operation(kind, args, kwargs)
            if self._is_mine(operation.path) and self._note(operation):
                half = bytes(args[1])[: max(1, len(args[1]) // 2)]
                return real(args[0], half, *args[2:])
            return real(*args, **kwargs)

        return call

    def _asking(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
            where = _path_of(path) if isinstance(path, int) else ""
            where = where or _absolute(path, kwargs.get("dir_fd"))
            if self._is_mine(where):
                self._note(Operation(kind, where))
            return real(path, *args, **kwargs)

        return call

    def _reading_stream(self) -> type[FileIO]:
        medium = self

        class Stream(FileIO):
            def readinto(self, buffer: Any) -> int | None:
                medium._note(Operation("read", ""))
                return super().readinto(buffer)

            def read(self, size: int | None = -1) -> Any:
                medium._note(Operation("read", ""))
                return super().read(size)

        return Stream

    def _is_mine(self, path: str) -> bool:
        return path == str(self.root) or path.startswith(f"{self.root}/")


def _operation(kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Operation:
    if kind == "write":
        return _operation("pwrite", (*args, os.lseek(args[0], 0, os.SEEK_CUR)), kwargs)
    if kind in ("pwrite", "ftruncate", "fsync"):
        path = _path_of(args[0])
        inode = os.fstat(args[0]).st_ino
        if kind == "pwrite":
            return Operation(kind, path, inode, args[2], bytes(args[1]))
        return Operation(kind, path, inode, args[1] if kind == "ftruncate" else 0)
    if kind in ("rename", "link"):
        old = _absolute(args[0], kwargs.get("src_dir_fd"))
        inode = _inode(old)
        return Operation(kind, old, inode, new_path=_absolute(args[1], kwargs.get("dst_dir_fd")))
    return Operation(kind, _absolute(args[0], kwargs.get("dir_fd")))


def _path_of(descriptor: int) -> str:
    with suppress(OSError):
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    return ""


def _absolute(path: str | bytes | Path, folder: int | None) -> str:
    above = _path_of(folder) if folder is not None else str(Path.cwd())
    return os.path.normpath(Path(above) / os.fsdecode(path))


def _inode(path: str) -> int:
    """Return the number of the file that has a name. 0: none has it."""
    with suppress(OSError):
        return _LSTAT(path).st_ino
    return 0


@dataclass
class Disk:
    """What is on a disk: names, and the bytes behind them."""

    names: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    data: dict[int, bytearray] = field(default_factory=dict)
    _roots: frozenset[str] = frozenset()
    point: int = 0
    """How many operations were done, durable or not."""

    @classmethod
    def of(cls, root: Path) -> "Disk":
        disk = cls(folders={str(root)}, _roots=frozenset({str(root), str(root.parent)}))
        for path in root.rglob("*"):
            if path.is_dir():
                disk.folders.add(str(path))
            else:
                inode = path.stat().st_ino
                disk.names[str(path)] = inode
                disk.data[inode] = bytearray(path.read_bytes())
        return disk

    def apply(self, done: Operation) -> None:
        if done.is_data:
            data = self.data.setdefault(done.file, bytearray())
            end = done.offset + len(done.data) if done.kind == "pwrite" else done.offset
            data.extend(bytes(max(0, done.offset - len(data))))
            data[done.offset : end if done.kind == "pwrite" else None] = done.data
        elif done.kind == "create":
            self.names[done.path] = done.file
            self.data[done.file] = bytearray()
        elif done.kind == "mkdir":
            self.folders.add(done.path)
        elif done.kind == "rmdir":
            self.folders.discard(done.path)
        elif done.kind == "link":
            self.names[done.new_path] = done.file
        elif done.kind == "unlink":
            self.names.pop(done.path, None)
        elif done.kind == "rename":
            self._rename(done)

    def write(self, root: Path, to: Path) -> None:
        """Write it out; what stands in a folder that was never made durable is lost."""
        to.mkdir()
        for folder in sorted(self.seen_folders()):
            (to / Path(folder).relative_to(root)).mkdir(parents=True, exist_ok=True)
        for name, data in self.seen_files().items():
            (to / Path(name).relative_to(root)).write_bytes(data)

    def seen_folders(self) -> set[str]:
        """Return the folders that can be reached."""
        return {folder for folder in self.folders if self._is_reached(folder)}

    def seen_files(self) -> dict[str, bytes]:
        """Return the files that can be reached, and what they hold."""
        return {
            name: bytes(self.data.get(inode, b""))
            for name, inode in self.names.items()
            if self._is_reached(name)
        }

    def _is_reached(self, name: str) -> bool:
        above = str(Path(name).parent)
        while above not in self._roots:
            if above not in self.folders:
                return False
            above = str(Path(above).parent)
        return True

    def _rename(self, done: Operation) -> None:
        if done.path in self.folders:
            for names in (self.folders, set(self.names)):
                for name in [name for name in names if name.startswith(f"{done.path}/")]:
                    moved = done.new_path + name.removeprefix(done.path)
                    if name in self.names:
                        self.names[moved] = self.names.pop(name)
                    else:
                        self.folders.discard(name)
                        self.folders.add(moved)
            self.folders.discard(done.path)
            self.folders.add(done.new_path)
        else:
            self.names.pop(done.path, None)
            self.names[done.new_path] = done.file


Loss = Callable[[Operation], bool]
"""Whether a change that was not made durable is lost."""

LOSSES: dict[str, Loss] = {
    "everything": lambda _: True,
    "bytes": lambda done: done.is_data,
    "names": lambda done: not done.is_data,
    "nothing": lambda _: False,
}


def after_power_loss(before: Disk, done: list[Operation], loses: Loss) -> Disk:
    """Return what is left when the power goes after `done`."""
    disk = before
    for number, operation in enumerate(done):
        is_durable = any(covers(later, operation) for later in done[number + 1 :])
        if not operation.is_sync and (is_durable or not loses(operation)):
            disk.apply(operation)
    return disk


def covers(sync: Operation, done: Operation) -> bool:
    """Whether a sync that came after a change has made it durable."""
    if sync.kind == "syncfs":
        return True
    if sync.kind != "fsync":
        return False
    if done.is_data:
        return sync.file == done.file
    paths = [done.path, done.new_path] if done.new_path else [done.path]
    if done.kind == "link":
        paths = [done.new_path]
    return sync.path in {str(Path(path).parent) for path in paths}
