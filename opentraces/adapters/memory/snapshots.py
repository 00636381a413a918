"""A copy of a bucket in dicts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentraces.adapters.memory.bucket import MemoryBucket, checked_runs
from opentraces.domain.errors import BadRequest, Busy, Corrupt
from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace, CopyFate
from opentraces.ports.snapshots import Snapshots, SnapshotUpdate


class MemorySnapshots(Snapshots):
    """See Snapshots."""

    def __init__(self, bucket: MemoryBucket, copy: MemoryBucket) -> None:
        """Copy `bucket` to `copy`."""
        self._bucket = bucket
        self._copy = copy
        self._is_held = False

    def needed(self) -> int:
        """See Snapshots."""
        if self._copy.name not in (None, self._bucket.name):
            raise BadRequest("another bucket is there")
        return max(_size(self._bucket) - _size(self._copy), 0)

    @contextmanager
    def updating(self) -> Iterator[SnapshotUpdate]:
        """See Snapshots."""
        self.needed()
        if self._is_held:
            raise Busy("another process writes to the copy")
        self._is_held = True
        try:
            self._copy.name = self._bucket.name
            yield _Update(self._bucket, self._copy)
        finally:
            self._is_held = False


class _Update(SnapshotUpdate):
    def __init__(self, bucket: MemoryBucket, copy: MemoryBucket) -> None:
        self._bucket = bucket
        self._copy = copy

    def copy(self, traces: Sequence[TraceId]) -> Sequence[CopiedTrace]:
        """See SnapshotUpdate."""
        return [self._copy_one(trace) for trace in traces]

    def finish(self) -> Sequence[CopiedTrace]:
        """See SnapshotUpdate."""
        deleted = [trace for trace in self._copy.traces if trace in self._bucket.deleted]
        for trace in deleted:
            del self._copy.traces[trace]
        self._copy.deleted |= self._bucket.deleted
        return [CopiedTrace(trace, CopyFate.DELETED) for trace in sorted(deleted)]

    def _copy_one(self, trace: TraceId) -> CopiedTrace:
        kept, there = self._bucket.traces.get(trace), self._copy.traces.get(trace)
        if kept is None:
            return CopiedTrace(trace, CopyFate.GONE)
        if there is not None and there.envelope == kept.envelope:
            return CopiedTrace(trace, CopyFate.UNCHANGED)
        if trace in self._copy.deleted:
            return CopiedTrace(trace, CopyFate.DIFFERENT, reason="it was deleted in the copy")
        blobs = [blob.blob for blob in kept.envelope.header.blobs]
        try:
            for name, listed in kept.envelope.files.items():
                checked_runs(name, kept.files[name], listed)
            self._copy.blobs |= {blob: self._bucket.blobs[blob] for blob in blobs}
        except (Corrupt, KeyError) as error:
            return CopiedTrace(trace, CopyFate.DAMAGED, reason=str(error))
        self._copy.traces[trace] = kept
        return CopiedTrace(trace, CopyFate.WRITTEN, sum(map(len, kept.files.values())))


def _size(bucket: MemoryBucket) -> int:
    files = (data for kept in bucket.traces.values() for data in kept.files.values())
    return sum(map(len, files)) + sum(map(len, bucket.blobs.values()))
