"""Make the steps of every kept trace again, with today's parser."""

from collections.abc import Callable, Collection

from opentraces.application.reproject_trace import ReprojectTrace
from opentraces.domain.amounts import size
from opentraces.domain.errors import (
    Corrupt,
    NewerFormat,
    NotFound,
    StorageUnavailable,
)
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.room import Room
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore

OnTrace = Callable[[int, int], None]
"""Told how many traces are done, and of how many."""


@frozen_dataclass
class ReprojectBucket:
    """Make the steps of every kept trace again; what comes out the same is not written.

    A trace at a time, each durable before the next: one that is interrupted is run again.
    """

    keeper: BucketKeeper
    traces: TraceStore
    writer: TraceWriter
    reproject: ReprojectTrace
    room: Room
    dry_run: bool

    def check_room(self) -> None:
        """Raises StorageUnavailable when steps, trail and index would not fit in once more."""
        status = self.keeper.status()
        lines = 0
        for trace in self.traces.ids():
            try:
                envelope = self.traces.envelope(trace)
                lines += envelope.steps_length + envelope.trail_length
            except (Corrupt, NotFound, NewerFormat):
                continue
        # An envelope may say anything; all files together are as large as they are.
        needed = status.index_bytes + min(lines, status.bucket_bytes)
        free = self.room.free()
        if free < needed:
            raise StorageUnavailable(
                f"{size(needed)} of room may be needed, and {size(free)} are free: nothing was done"
            )

    def execute(self, but: Collection[TraceId], on_trace: OnTrace) -> int:
        """Return how many traces come out different; `but`: traces that are left alone."""
        ids = [trace for trace in self.traces.ids() if trace not in but]
        differ = 0
        for number, trace in enumerate(ids):
            on_trace(number, len(ids))
            try:
                differ += self._would_differ(trace) if self.dry_run else self._differs(trace)
            except (Corrupt, NotFound, NewerFormat):
                continue
        return differ

    def _would_differ(self, trace: TraceId) -> bool:
        envelope = self.traces.envelope(trace)
        projected = self.reproject.project(envelope)
        has_steps = self.reproject.has_same_steps(envelope, projected)
        return not has_steps or projected.header != envelope.header

    def _differs(self, trace: TraceId) -> bool:
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            before = edit.envelope
            if before is None:
                return False
            projected = self.reproject.project(before)
            if self.reproject.has_same_steps(before, projected):
                edit.commit(projected.header)
            else:
                projected = self.reproject.write(before, edit)
        if edit.committed.commit == before.commit:
            return False
        self.reproject.remember(projected, edit.committed)
        return True
