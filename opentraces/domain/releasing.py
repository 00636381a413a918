"""Which kept bytes a retention lets go, and what an envelope says of them then."""

from collections.abc import Mapping
from datetime import datetime

from opentraces.domain.envelope import KeptSource, ReleasedBytes, TraceHeader


def is_due(header: TraceHeader, latest: datetime) -> bool:
    """Whether a trace ended at `latest` or before, by its own lines, and can do without bytes.

    A trace of which nothing was read has only its bytes; one without a time is of no age.
    """
    if header.ended is None or not header.steps or header.skipped is not None:
        return False
    try:
        ended = datetime.fromisoformat(header.ended)
    except ValueError:  # out of a bucket that another wrote
        return False
    return ended.tzinfo is not None and ended <= latest


def releasable(header: TraceHeader) -> tuple[int, ...]:
    """Return the numbers of the sources whose bytes may go: all but what waited in a spool.

    That is joined whenever a record is read, so the record would be another without it.
    """
    return tuple(
        number
        for number, kept in enumerate(header.sources)
        if not kept.kind.is_spooled and kept.released is None and kept.size
    )


def without_bytes(header: TraceHeader, gone: Mapping[int, ReleasedBytes]) -> TraceHeader:
    """Return the header once the bytes of sources are let go.

    A source that has grown since it was read stays as it is, and so does the whole header.
    """
    sources = list(header.sources)
    for number, released in gone.items():
        if sources[number].size != released.size:
            return header
        sources[number] = _released(sources[number], released)
    return header.but(sources=tuple(sources))


def _released(kept: KeptSource, released: ReleasedBytes) -> KeptSource:
    return kept.but(size=0, blob=None, released=released)
