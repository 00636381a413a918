"""Companion files being written: runs of bytes, packed by threads, written in order."""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence

import zstandard
from isal import igzip_lib

from opentraces.adapters.filesystem.durable import Folder, write_at
from opentraces.adapters.filesystem.packers import Packers
from opentraces.domain.envelope import Member, StoredFile
from opentraces.domain.ids import digest
from opentraces.domain.slotted import frozen_dataclass

_GZIP_LEVEL = 2
_ZSTD_LEVEL = 3
_PENDING = 4
"""Hand-overs of one file that may wait for a thread: what bounds the memory."""

_own = threading.local()

Packing = Callable[[], "tuple[Packed, ...]"]
"""Gives runs when they are packed; waits for it."""


@frozen_dataclass
class Packed:
    """One run, ready to be written."""

    stored: bytes
    """What goes into the file."""

    member: Member
    """What the envelope says of it."""


@frozen_dataclass
class Lines:
    """Whole lines that make one member."""

    plain: bytes
    """Their bytes."""

    first: int
    """Lowest step number among them; 0: they are no steps."""

    last: int
    """Highest step number among them; 0: they are no steps."""


def gzip_members(runs: Sequence[Lines]) -> tuple[Packed, ...]:
    """Pack each run as one gzip member, without a time in its header."""
    return tuple(
        _packed(igzip_lib.compress(run.plain, _GZIP_LEVEL, igzip_lib.COMP_GZIP), run)
        for run in runs
    )


def zstd_frame(plain: bytes) -> tuple[Packed, ...]:
    """Pack bytes as one zstd frame, which states its plain size."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    return (_packed(_own.compressor.compress(plain), Lines(plain, 0, 0)),)


def _packed(stored: bytes, run: Lines) -> Packed:
    member = Member(
        first=run.first,
        last=run.last,
        plain=len(run.plain),
        stored=len(stored),
        digest=digest(stored),
        content=digest(run.plain),
    )
    return Packed(stored, member)


class GrowingFile:
    """A companion file that is written to, from its committed length on."""

    def __init__(
        self, folder: Folder, file: str, committed: StoredFile | None, packers: Packers
    ) -> None:
        """Make the file, or open it and cut off what was never committed."""
        self._descriptor = (
            folder.reopen(file, committed.length) if committed else folder.create(file)
        )
        self._name = f"{folder.name}/{file}"
        self._length = committed.length if committed else 0
        self._members = list(committed.members) if committed else []
        self._packers = packers
        self._pending: deque[Packing] = deque()

    def submit(self, pack: Packing, plain: int) -> Packing:
        """Pack runs of `plain` bytes that may or may not be added later; a thread may do it."""
        return self._packers.submit(pack, plain)

    def add(self, runs: Packing) -> None:
        """Add the next runs."""
        if len(self._pending) >= _PENDING:
            self._write(self._pending.popleft()())
        self._pending.append(runs)

    def finish(self) -> StoredFile:
        """Write what is left, close the file, and say what it holds."""
        while self._pending:
            self._write(self._pending.popleft()())
        self.close()
        return StoredFile(length=self._length, members=tuple(self._members))

    def close(self) -> None:
        """Let it go; what is not written yet is dropped."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
        self._pending.clear()

    def _write(self, runs: tuple[Packed, ...]) -> None:
        stored = b"".join(run.stored for run in runs)
        write_at(self._descriptor, self._length, stored, self._name)
        self._length += len(stored)
        self._members += [run.member for run in runs]
