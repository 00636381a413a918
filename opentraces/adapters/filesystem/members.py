"""Runs of stored bytes that can be read alone: gzip members of whole lines."""

import zlib

from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import digest
from opentraces.domain.limits import LARGEST_RUN

GZIP = 31
"""What zlib calls a gzip header."""


def check(stored: bytes, expected: str, name: str) -> None:
    """Compare a run with its digest. Raises Corrupt, naming the file."""
    if digest(stored) != expected:
        raise Corrupt(f"{name} is damaged: its digest does not match")


def refuse_size(plain: int, name: str) -> None:
    """Refuse a run that is said to hold what no run does. Raises Corrupt, naming the file."""
    if not 0 <= plain <= LARGEST_RUN:
        raise Corrupt(f"{name} holds a run of {plain} bytes, as its envelope says")


def gunzipped(stored: bytes, plain: int, name: str) -> bytes:
    """Return what one gzip member holds: exactly `plain` bytes. Raises Corrupt."""
    refuse_size(plain, name)
    reader = zlib.decompressobj(GZIP)
    try:
        data = reader.decompress(stored, plain + 1)
    except zlib.error as error:
        raise Corrupt(f"{name} cannot be decompressed: {error}") from error
    if len(data) != plain or not reader.eof or reader.unused_data:
        raise Corrupt(f"{name} holds more or less than its envelope says")
    return data
