"""Kept traces in a dict, for writing."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket, run_of
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import line_of as context_line
from opentraces.domain.envelope import (
    Envelope,
    StoredFile,
    TraceHeader,
    is_lines_of,
    source_file_name,
)
from opentraces.domain.errors import Busy, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.lines import line_of, step_of
from opentraces.ports.markers import Markers
from opentraces.ports.trace_writing import Revised, TraceBatch, TraceEdit, TraceWriter

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class MemoryTraceEdit(TraceEdit):
    """See TraceEdit."""

    def __init__(self, trace: TraceId, committed: KeptTrace | None) -> None:
        self.trace = trace
        self.next: KeptTrace | None = None
        self._committed = committed
        self._sources: dict[int, bytearray] = {}
        self._steps = _Lines("steps")
        self._trail = _Lines("trail")
        self._context = _Lines("context")

    @property
    def envelope(self) -> Envelope | None:
        """See TraceEdit."""
        return self._committed.envelope if self._committed else None

    def append_source(self, number: int, data: bytes) -> None:
        """See TraceEdit."""
        if data:
            self._sources.setdefault(number, bytearray()).extend(data)

    def append_step(self, step: KeptStep) -> None:
        """See TraceEdit."""
        self._steps.append(step.line(), step.step.step_index)

    def restart_steps(self) -> None:
        """See TraceEdit."""
        self._steps.restart()

    def append_trail(self, event: TrailEvent) -> None:
        """See TrailEdit."""
        self._trail.append(line_of(event), step_of(event))

    def restart_trail(self) -> None:
        """See TrailEdit."""
        self._trail.restart()

    def append_context(self, event: ContextEvent) -> None:
        """See ContextEdit."""
        self._context.append(context_line(event), 0)

    def restart_context(self) -> None:
        """See ContextEdit."""
        self._context.restart()

    @property
    def committed(self) -> Envelope:
        """See TraceEdit."""
        kept = self.next or self._committed
        if kept is None:
            raise ValueError(f"{self.trace} was not committed")
        return kept.envelope

    def commit(self, header: TraceHeader) -> None:
        """See TraceEdit."""
        before = self._committed
        known = before.envelope.files if before else {}
        companions = (self._steps, self._trail, self._context)
        is_written = self._sources or any(each.is_written(known) for each in companions)
        if before and not is_written and before.envelope.header == header:
            return
        kept, files = self._written()
        for number, source in enumerate(header.sources):
            if source.released is not None:
                kept.pop(source_file_name(number), None)
                files.pop(source_file_name(number), None)
        envelope = Envelope(
            trace_id=self.trace,
            commit=before.envelope.commit + 1 if before else 1,
            header=header,
            files=kept,
        )
        self.next = KeptTrace(envelope, files)

    def _written(self) -> tuple[dict[str, StoredFile], dict[str, bytes]]:
        kept = dict(self._committed.envelope.files) if self._committed else {}
        files = dict(self._committed.files) if self._committed else {}
        for number, source in self._sources.items():
            _extend(kept, files, source_file_name(number), (bytes(source), 0, 0))
        self._steps.write(kept, files)
        self._trail.write(kept, files)
        self._context.write(kept, files)
        return kept, files


class _Lines:
    """Lines of one companion file, which may be begun anew."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._lines: list[bytes] = []
        self._numbers: list[int] = []
        self._restarted = False

    def append(self, line: bytes, number: int) -> None:
        self._lines.append(line)
        self._numbers.append(number)

    def restart(self) -> None:
        self._lines, self._numbers = [], []
        self._restarted = True

    def is_written(self, known: Collection[str]) -> bool:
        return bool(self._lines) or (self._restarted and self._before(known) is not None)

    def write(self, kept: dict[str, StoredFile], files: dict[str, bytes]) -> None:
        """Add them to the newest generation, or put the next one in its place."""
        before = self._before(kept)
        if not self.is_written(kept):
            return
        name = before or f"{self._stem}.jsonl.gz"
        if before is not None and self._restarted:
            del kept[before], files[before]
            middle = before.split(".")[1]
            generation = int(middle) + 1 if middle.isdigit() else 1
            name = f"{self._stem}.{generation}.jsonl.gz"
        first, last = min(self._numbers, default=0), max(self._numbers, default=0)
        _extend(kept, files, name, (b"".join(self._lines), first, last))

    def _before(self, known: Collection[str]) -> str | None:
        return next((name for name in known if is_lines_of(self._stem, name)), None)


class MemoryTraceBatch(TraceBatch):
    """See TraceBatch."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket
        self.edits: list[MemoryTraceEdit] = []

    def edit(self, trace: TraceId, *, wait: bool) -> TraceEdit:
        """See TraceBatch. Nobody else could let go while one thread waits: Busy in any case."""
        if wait and self.edits:
            raise ValueError("only the first edit of a batch may wait for other processes")
        if not _UUID.fullmatch(trace):
            raise TraceNotFound(f"{trace} is no trace's id")
        if trace in self._bucket.held:
            raise Busy(f"another batch writes to {trace}")
        if trace in self._bucket.deleted:
            raise TraceNotFound(f"{trace} was deleted")
        committed = self._bucket.trace(trace) if trace in self._bucket.traces else None
        edit = MemoryTraceEdit(trace, committed)
        self._bucket.held.add(trace)
        self.edits.append(edit)
        return edit


class MemoryTraceWriter(TraceWriter):
    """See TraceWriter."""

    def __init__(self, bucket: MemoryBucket, markers: Markers) -> None:
        self._bucket = bucket
        self._markers = markers

    @contextmanager
    def batch(self) -> Iterator[TraceBatch]:
        """See TraceWriter."""
        batch = MemoryTraceBatch(self._bucket)
        try:
            yield batch
            changed = {edit.trace: edit.next for edit in batch.edits if edit.next}
            self._markers.mark(tuple(changed))
            for trace in changed:
                self._bucket.traces.pop(trace, None)
            self._bucket.traces |= changed
        finally:
            self._bucket.held -= {edit.trace for edit in batch.edits}

    def delete(self, trace: TraceId) -> None:
        """See TraceWriter."""
        gone = self._bucket.trace(trace)
        self._markers.mark([trace])
        self._bucket.deleted.add(trace)
        del self._bucket.traces[trace]
        others = (kept.envelope.header.blobs for kept in self._bucket.traces.values())
        used = {blob for blobs in others for blob in blobs}
        for blob in gone.envelope.header.blobs:
            if blob not in used:
                self._bucket.blobs.pop(blob.blob, None)

    def is_deleted(self, trace: TraceId) -> bool:
        """See TraceWriter."""
        return trace in self._bucket.deleted

    def revise(self, trace: TraceId, change: Callable[[TraceHeader], TraceHeader]) -> Revised:
        """See TraceWriter."""
        before = self._bucket.trace(trace).envelope
        was_marked = trace in self._markers.marked()
        with self.batch() as batch:
            edit = batch.edit(trace, wait=True)
            edit.commit(change(before.header))
        return Revised(before, edit.committed, was_marked)


def _extend(
    kept: dict[str, StoredFile], files: dict[str, bytes], name: str, run: tuple[bytes, int, int]
) -> None:
    """Add a run to a file; an empty one only begins it."""
    data, first, last = run
    before = kept.get(name, StoredFile(length=0, members=()))
    members = (*before.members, run_of(data, first, last)) if data else before.members
    kept[name] = StoredFile(length=before.length + len(data), members=members)
    files[name] = files.get(name, b"") + data
