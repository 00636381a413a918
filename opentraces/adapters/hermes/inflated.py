"""The lines of a compressed file. Nothing a file says of itself decides how much is held."""

import zlib
from collections.abc import Iterator

from opentraces.adapters._reading.regular_files import PIECE, read_pieces
from opentraces.domain.errors import SourceUnreadable

LARGEST = 4 * 1024**3
"""Bytes that a compressed file may inflate to."""

_GZIP = 16 + zlib.MAX_WBITS
_TAKEN = 64 * 1024


def inflated_pieces(path: str, offset: int) -> Iterator[bytes]:
    """Yield what all members of a gzip file inflate to, from `offset` on.

    Raises SourceGone, and SourceUnreadable where it is damaged, cut short, or inflates to too
    much: after all that could be inflated before.
    """
    passed = 0
    for piece in _inflated(path):
        passed += len(piece)
        if passed > LARGEST:
            raise SourceUnreadable(f"{path}: inflates to more than {LARGEST} bytes")
        new = piece[max(0, len(piece) - (passed - offset)) :] if passed > offset else b""
        if new:
            yield new


def _inflated(path: str) -> Iterator[bytes]:
    members = _Members()
    try:
        for packed in read_pieces(path, 0, _TAKEN):
            yield from members.pieces(packed)
        yield from members.rest()
    except zlib.error as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    if members.is_begun:
        raise SourceUnreadable(f"{path}: its last gzip member is cut short")


class _Members:
    """One gzip member after the other; zeros that fill up the end are none."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self.is_begun = False

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        """Yield what the next bytes of the file inflate to."""
        left = packed
        while left:
            if not self.is_begun:
                left = left.lstrip(b"\0")
                self.is_begun = bool(left)
            piece = self._member.decompress(left, PIECE)
            left = self._member.unconsumed_tail
            if self._member.eof:
                left, self.is_begun = self._member.unused_data, False
                self._member = zlib.decompressobj(_GZIP)
            if piece:
                yield piece

    def rest(self) -> Iterator[bytes]:
        """Yield what is held of a member that did not end."""
        while self.is_begun and (piece := self._member.decompress(b"", PIECE)):
            yield piece
