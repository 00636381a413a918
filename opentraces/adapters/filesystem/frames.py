"""Runs of a source's or a blob's bytes: zstd frames that state what they hold."""

import zstandard

from opentraces.domain.errors import Corrupt

FRAME = 1024 * 1024
"""Plain bytes that one frame holds at most."""


def expanded(stored: bytes, plain: int, name: str) -> bytes:
    """Return what one frame holds: exactly `plain` bytes. Raises Corrupt."""
    try:
        stated = zstandard.frame_content_size(stored)
        if stated != plain or plain > FRAME:
            raise Corrupt(f"{name} holds more or less than its envelope says")
        return zstandard.ZstdDecompressor().decompress(stored, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Corrupt(f"{name} cannot be decompressed: {error}") from error
