"""Kept traces as files, for writing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from opentraces.adapters.filesystem.bucket_file import refuse_later
from opentraces.adapters.filesystem.deleting import Deleting
from opentraces.adapters.filesystem.durable import Barrier
from opentraces.adapters.filesystem.edit import FilesystemTraceEdit, check_presence
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import (
    envelope_bytes,
    envelope_name,
    has_lost_envelope,
    is_deleted,
)
from opentraces.adapters.filesystem.layout import is_trace_id
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.packers import Packers
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.envelope import Envelope, TraceHeader
from opentraces.domain.errors import Corrupt, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.ports.markers import Markers
from opentraces.ports.trace_writing import Revised, TraceBatch, TraceEdit, TraceWriter


class FilesystemTraceBatch(TraceBatch):
    """See TraceBatch."""

    def __init__(self, bucket: Path, state: Path, locks: Locks, markers: Markers) -> None:
        self._bucket = Tree(bucket)
        self._state = Tree(state)
        self._locks = locks
        self._markers = markers
        self._edits: list[FilesystemTraceEdit] = []
        self._held = ExitStack()
        self._packers = Packers()
        self._held.callback(self._packers.close)
        self._held.callback(locks.hold(Locks.BLOBS, wait=True, shared=True).close)

    def edit(self, trace: TraceId, *, wait: bool) -> TraceEdit:
        """See TraceBatch. Raises TraceNotFound for a deleted trace."""
        if wait and self._edits:
            raise ValueError("only the first edit of a batch may wait for other processes")
        if not is_trace_id(trace):
            raise TraceNotFound(f"{trace} is no trace's id")
        with ExitStack() as held:
            held.callback(self._locks.hold(trace, wait=wait).close)
            edit = FilesystemTraceEdit(self._bucket, trace, self._committed(trace), self._packers)
            held.callback(edit.close)
            self._held.push(held.pop_all())
        self._edits.append(edit)
        return edit

    def make_durable(self) -> None:
        """Let every commit take effect."""
        make_durable(self._bucket.root, self._edits, self._markers)

    def close(self) -> None:
        """Let everything go."""
        self._held.close()

    def _committed(self, trace: TraceId) -> Envelope | None:
        if is_deleted(self._bucket, trace):
            raise TraceNotFound(f"{trace} was deleted")
        try:
            stored = envelope_bytes(self._bucket, trace)
        except TraceNotFound:
            if has_lost_envelope(self._bucket, self._state, trace):
                name = envelope_name(trace)
                raise Corrupt(f"{name} is missing → opentraces bucket repair") from None
            return None
        committed = decode_to_change(stored, envelope_name(trace))
        check_presence(self._bucket, committed)
        return committed


def make_durable(bucket: Path, edits: Sequence[FilesystemTraceEdit], markers: Markers) -> None:
    """Let commits take effect: data and new envelopes, a barrier, the renames, a barrier."""
    for edit in edits:
        edit.seal()
    changed = [edit for edit in edits if edit.is_changed]
    if not changed:
        return
    barrier = Barrier(bucket)
    for edit in changed:
        for name in edit.write_envelope():
            barrier.add(name)
    markers.mark([edit.trace for edit in changed])
    barrier.flush()
    for edit in changed:
        barrier.add(edit.publish())
    barrier.flush()
    for edit in changed:
        edit.clean()


class FilesystemTraceWriter(TraceWriter):
    """See TraceWriter."""

    def __init__(self, bucket: Path, state: Path, markers: Markers) -> None:
        self._bucket = bucket
        self._state = state
        self._locks = Locks(state)
        self._markers = markers
        self._deleting = Deleting(bucket, self._locks)

    @contextmanager
    def batch(self) -> Iterator[TraceBatch]:
        """See TraceWriter."""
        batch = FilesystemTraceBatch(self._bucket, self._state, self._locks, self._markers)
        try:
            # Only now: whoever changes the bucket's format has the blobs to itself meanwhile.
            refuse_later(self._bucket)
            yield batch
            batch.make_durable()
        finally:
            batch.close()

    def delete(self, trace: TraceId) -> None:
        """See TraceWriter. Of a trace with blobs, reads all envelopes to see who shares them.

        Waits for all open batches then, so it is never called inside one.
        """
        self._deleting.delete(trace, self._markers)

    def is_deleted(self, trace: TraceId) -> bool:
        """See TraceWriter."""
        return is_deleted(Tree(self._bucket), trace)

    def revise(self, trace: TraceId, change: Callable[[TraceHeader], TraceHeader]) -> Revised:
        """See TraceWriter."""
        with self.batch() as batch:
            edit = batch.edit(trace, wait=True)
            before = edit.envelope
            if before is None:
                raise TraceNotFound(f"no trace {trace}")
            was_marked = trace in self._markers.marked()
            edit.commit(change(before.header))
        return Revised(before, edit.committed, was_marked)
