"""Kept traces in a dict, for reading."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from opentraces.adapters.memory.bucket import MemoryBucket, checked_runs
from opentraces.domain.built import built
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import KINDS as CONTEXT_KINDS
from opentraces.domain.envelope import Envelope, is_lines_of
from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import TraceId, read_json
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.lines import KINDS
from opentraces.ports.traces import TraceStore

_Event = TypeVar("_Event", bound=Frozen)


class MemoryTraceStore(TraceStore):
    """See TraceStore."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket

    def ids(self) -> Iterator[TraceId]:
        """See TraceStore."""
        return iter(sorted(self._bucket.traces))

    def envelope(self, trace: TraceId) -> Envelope:
        """See TraceStore."""
        return self._bucket.trace(trace).envelope

    def steps(self, envelope: Envelope, first: int, last: int | None) -> Iterator[KeptStep]:
        """See TraceStore."""
        latest = {kept.step.step_index: kept for kept in self.step_lines(envelope, 0)}
        for index in sorted(latest):
            if first <= index and (last is None or index <= last):
                yield latest[index]

    def step_lines(self, envelope: Envelope, offset: int) -> Iterator[KeptStep]:
        """See TraceStore."""
        for line in self._lines(envelope, "steps", offset):
            yield built(KeptStep, read_json(line))

    def trail(self, envelope: Envelope, offset: int = 0) -> Iterator[TrailEvent]:
        """See TraceStore."""
        for line in self._lines(envelope, "trail", offset):
            yield _event(line, KINDS)

    def context(self, envelope: Envelope) -> Iterator[ContextEvent]:
        """See TraceStore."""
        for line in self._lines(envelope, "context", 0):
            yield _event(line, CONTEXT_KINDS)

    def source(self, envelope: Envelope, number: int, offset: int) -> Iterator[bytes]:
        """See TraceStore. Yields nothing for a blob."""
        for start, run in self._runs(envelope, envelope.source_file(number) or ""):
            if start + len(run) > offset:
                yield run[max(offset - start, 0) :]

    def _lines(self, envelope: Envelope, stem: str, offset: int) -> Iterator[bytes]:
        for start, run in self._runs(envelope, _name(envelope, stem)):
            yield from run.splitlines() if start >= offset else ()

    def _runs(self, envelope: Envelope, name: str) -> list[tuple[int, bytes]]:
        kept = self._bucket.trace(envelope.trace_id)
        if name not in envelope.files:
            return []
        if name not in kept.files:
            return self._runs(kept.envelope, _name(kept.envelope, name.partition(".")[0]))
        return checked_runs(name, kept.files[name], envelope.files[name])


def _name(envelope: Envelope, stem: str) -> str:
    return next((name for name in envelope.files if is_lines_of(stem, name)), "")


def _event(line: bytes, kinds: Mapping[str, type[_Event]]) -> _Event:
    said = read_json(line)
    return built(kinds[said["event"]], said)
