"""The lines of a compressed rollout. Nothing a file says of itself decides how much is held."""

import os
from collections.abc import Iterator

import zstandard

from opentraces.adapters._reading.regular_files import PIECE, opened
from opentraces.domain.errors import SourceUnreadable

LARGEST = 4 * 1024**3
"""Bytes that a compressed rollout may inflate to."""

WINDOW = 32 * 1024 * 1024
"""Bytes of what was inflated that a frame may look back on."""


def inflated_pieces(path: str, offset: int) -> Iterator[bytes]:
    """Yield what a compressed file inflates to, from `offset` on.

    What is cut short yields what is there, as a plain file does. Raises SourceGone, and
    SourceUnreadable where it is damaged, looks too far back, or inflates to too much.
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
    frames = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    with opened(path) as descriptor, os.fdopen(descriptor, "rb", closefd=False) as file:
        reader = frames.stream_reader(file, read_across_frames=True, closefd=False)
        try:
            while piece := reader.read(PIECE):
                yield piece
        except zstandard.ZstdError as error:
            raise SourceUnreadable(f"{path}: {error}") from error
