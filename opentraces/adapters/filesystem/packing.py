"""Companion files being written: runs of bytes, packed by helper threads, written in order."""

import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Protocol

import zstandard
from isal import igzip_lib

from opentraces.adapters.filesystem.durable import Folder, write_at
from opentraces.domain.envelope import Member, StoredFile
from opentraces.domain.ids import digest

_GZIP_LEVEL = 2
_ZSTD_LEVEL = 3
_PENDING = 4
"""Runs of one file that may wait for a thread: what bounds the memory."""

_own = threading.local()


@dataclass(frozen=True, slots=True)
class Packed:
    """One run, ready to be written."""

    stored: bytes
    """What goes into the file."""

    member: Member
    """What the envelope says of it."""


class Pack(Protocol):
    """Packs plain bytes that hold the steps `first` to `last` (0: no steps)."""

    def __call__(self, plain: bytes, first: int = 0, last: int = 0) -> Packed:
        """Return the run. Equal bytes give equal runs."""


def gzip_member(plain: bytes, first: int = 0, last: int = 0) -> Packed:
    """Pack whole lines as one gzip member, without a time in its header."""
    stored = igzip_lib.compress(plain, _GZIP_LEVEL, igzip_lib.COMP_GZIP)
    return _packed(stored, plain, first, last)


def zstd_frame(plain: bytes, first: int = 0, last: int = 0) -> Packed:
    """Pack bytes as one zstd frame, which states its plain size."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    return _packed(_own.compressor.compress(plain), plain, first, last)


def _packed(stored: bytes, plain: bytes, first: int, last: int) -> Packed:
    member = Member(
        first=first,
        last=last,
        plain=len(plain),
        stored=len(stored),
        digest=digest(stored),
        content=digest(plain),
    )
    return Packed(stored, member)


class GrowingFile:
    """A companion file that is written to, from its committed length on."""

    def __init__(
        self, folder: Folder, file: str, committed: StoredFile | None, helpers: Executor
    ) -> None:
        """Make the file, or open it and cut off what was never committed."""
        self._descriptor = (
            folder.reopen(file, committed.length) if committed else folder.create(file)
        )
        self._name = f"{folder.name}/{file}"
        self._length = committed.length if committed else 0
        self._members = list(committed.members) if committed else []
        self._helpers = helpers
        self._pending: deque[Future[Packed]] = deque()

    def submit(self, pack: Callable[[], Packed]) -> Future[Packed]:
        """Let a helper pack a run that may or may not be added later."""
        return self._helpers.submit(pack)

    def add(self, run: Future[Packed]) -> None:
        """Add the next run."""
        if len(self._pending) >= _PENDING:
            self._write_next()
        self._pending.append(run)

    def finish(self) -> StoredFile:
        """Write what is left, close the file, and say what it holds."""
        while self._pending:
            self._write_next()
        self.close()
        return StoredFile(length=self._length, members=tuple(self._members))

    def close(self) -> None:
        """Let it go; what is not written yet is dropped."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
        self._pending.clear()

    def _write_next(self) -> None:
        run = self._pending.popleft().result()
        write_at(self._descriptor, self._length, run.stored, self._name)
        self._length += len(run.stored)
        self._members.append(run.member)
