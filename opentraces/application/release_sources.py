"""Let the bytes of old sessions go, where a user has set for how long they are kept."""

from collections.abc import Iterator
from datetime import datetime

from opentraces.application.kept_bytes import kept_bytes
from opentraces.domain.envelope import Envelope, ReleasedBytes
from opentraces.domain.errors import Corrupt, NewerFormat, NotFound
from opentraces.domain.garbage import Garbage, GarbageKind, Heap, added_up
from opentraces.domain.ids import BlobHash, TraceId
from opentraces.domain.releasing import is_due, releasable, without_bytes
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class ReleaseSources:
    """Let the bytes of old sessions go; what was read of them stays, and is found as before."""

    traces: TraceStore
    blobs: BlobStore
    writer: TraceWriter

    def execute(self, latest: datetime, *, dry_run: bool) -> Garbage:
        """Release every source of every trace that ended at `latest` or before.

        A trace whose bytes are damaged is left as it is: what is whole of them may be all there
        is to mend it from. Idempotent. Raises StorageUnavailable.
        """
        return added_up(self._each(latest, dry_run=dry_run))

    def _each(self, latest: datetime, *, dry_run: bool) -> Iterator[Garbage]:
        for trace in self.traces.ids():
            try:
                envelope = self.traces.envelope(trace)
                if is_due(envelope.header, latest):
                    yield self._released(envelope, dry_run=dry_run)
            except (Corrupt, NewerFormat, NotFound):
                continue

    def _released(self, envelope: Envelope, *, dry_run: bool) -> Garbage:
        gone = {number: self._read(envelope, number) for number in releasable(envelope.header)}
        if not gone:
            return Garbage()
        if not dry_run and not self._commit(envelope.trace_id, gone):
            return Garbage()
        size = sum(released.size for released in gone.values())
        return Garbage({GarbageKind.RAW: Heap(len(gone), size)})

    def _commit(self, trace: TraceId, gone: dict[int, ReleasedBytes]) -> bool:
        """Say that they are gone; their files go after that. False: the trace has grown."""
        revised = self.writer.revise(trace, lambda header: without_bytes(header, gone))
        return revised.after.commit != revised.before.commit

    def _read(self, envelope: Envelope, number: int) -> ReleasedBytes:
        """Read all bytes of a source once more, against their digests."""
        taken, size = BlobHash(), 0
        for piece in kept_bytes(self.traces, self.blobs, envelope, number):
            taken.update(piece)
            size += len(piece)
        return ReleasedBytes(size=size, sha256=taken.blob_id())
