"""Runs of stored bytes, found without knowing where they begin: each says where it ends."""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

from opentraces.adapters.filesystem.frames import FRAME
from opentraces.adapters.filesystem.tree import OpenFile
from opentraces.domain.envelope import Member
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import digest
from opentraces.domain.limits import LARGEST_RUN
from opentraces.domain.slotted import frozen_dataclass

_GZIP = 31
"""What zlib calls a gzip header."""

_PIECE = 4 * 1024
"""Bytes that are unpacked at a time: of whatever they are, nothing makes more than 128 MB."""

_HEAD = 18
"""Bytes in which a zstd frame says how much it holds."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


@frozen_dataclass
class Run:
    """One run that can be read alone."""

    stored: bytes
    """Its bytes in the file."""

    plain: bytes
    """What it holds."""

    def member(self, first: int = 0, last: int = 0) -> Member:
        """Describe it as an envelope does; `first` and `last`: numbers of steps in it."""
        return Member(
            first=first,
            last=last,
            plain=len(self.plain),
            stored=len(self.stored),
            digest=digest(self.stored),
            content=digest(self.plain),
        )


def whole_frames(opened: OpenFile) -> Iterator[Run]:
    """Yield the zstd frames of a source's file, up to the first that is not whole."""
    return _runs(opened, _frame_reader)


def whole_members(opened: OpenFile) -> Iterator[Run]:
    """Yield the gzip members of a file of lines, up to the first that is not whole."""
    return _runs(opened, lambda _: zlib.decompressobj(_GZIP))


def _runs(opened: OpenFile, reader_of: Callable[[bytes], _Unpacker]) -> Iterator[Run]:
    offset = 0
    while offset < opened.size:
        try:
            head = opened.read(offset, min(_HEAD, opened.size - offset))
            run = _run_at(opened, offset, reader_of(head))
        except (Corrupt, StorageUnavailable, zlib.error, zstandard.ZstdError):
            return
        yield run
        offset += len(run.stored)


def _run_at(opened: OpenFile, offset: int, reader: _Unpacker) -> Run:
    """Return the run that begins at `offset`. Raises Corrupt when it does not end."""
    stored, plain = bytearray(), bytearray()
    while not reader.eof:
        left = opened.size - offset - len(stored)
        if not left:
            raise Corrupt(f"{opened.name} is cut short")
        piece = opened.read(offset + len(stored), min(_PIECE, left))
        plain += reader.decompress(piece)
        stored += piece
        if len(plain) > LARGEST_RUN:
            raise Corrupt(f"{opened.name} holds more than a run ever does")
    length = len(stored) - len(reader.unused_data)
    return Run(bytes(stored[:length]), bytes(plain))


def _frame_reader(head: bytes) -> _Unpacker:
    if not 0 < zstandard.frame_content_size(head) <= FRAME:
        raise Corrupt("a frame does not say how much it holds")
    return zstandard.ZstdDecompressor(max_window_size=FRAME).decompressobj()
