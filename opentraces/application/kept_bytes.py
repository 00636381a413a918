"""The bytes of a kept source, wherever they are, held to what its envelope says."""

from collections.abc import Iterable, Iterator

from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.errors import Corrupt
from opentraces.ports.blobs import BlobStore
from opentraces.ports.traces import TraceStore


def kept_bytes(
    traces: TraceStore, blobs: BlobStore, envelope: Envelope, number: int
) -> Iterator[bytes]:
    """Yield the plain bytes of a source, in pieces.

    Raises Corrupt when they are more or fewer than the envelope says: when too many come, before
    they are yielded.
    """
    kept = envelope.header.sources[number]
    if kept.blob is not None:
        return exactly(kept, blobs.get(kept.blob.blob))
    return exactly(kept, traces.source(envelope, number, 0))


def exactly(kept: KeptSource, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a source's bytes. Raises Corrupt when there are more or fewer than `kept` says."""
    left = kept.size
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise Corrupt(f"{kept.name} holds more or less than its envelope says")


def taken(pieces: Iterator[bytes], length: int) -> bytes:
    """Return so many bytes of what comes in pieces; fewer where there are no more."""
    held = b""
    while len(held) < length and (piece := next(pieces, b"")):
        held += piece
    return held[:length]
