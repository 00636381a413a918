"""How sessions are kept together: each batch is made durable at once."""

from collections.abc import Iterator, Sequence

from opentraces.domain.session import FoundSession

BATCH_SESSIONS = 64
BATCH_BYTES = 32 * 1024 * 1024


def batches(sessions: Sequence[FoundSession], share: int = 1) -> Iterator[list[FoundSession]]:
    """Cut the sessions into runs of bounded number and size; `share`: so many times smaller."""
    most, most_bytes = BATCH_SESSIONS // share, BATCH_BYTES // share
    batch: list[FoundSession] = []
    size = 0
    for session in sessions:
        if batch and (len(batch) == most or size + session.size > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(session)
        size += session.size
    if batch:
        yield batch
