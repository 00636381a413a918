"""Bring the index to what the bucket holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from opentraces.application.capture_session import Captured
from opentraces.domain.documents import step_document, trace_document
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.ports.index_writing import Indexed, IndexUpdate
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class IndexTraces:
    """Bring an index, held for writing, to what the bucket holds."""

    traces: TraceStore

    def add_captured(self, update: IndexUpdate, captured: Captured, known: Indexed | None) -> None:
        """Add what a capture read; what it does not hold is read from the store."""
        before = captured.before
        follows = (
            before is not None
            and known is not None
            and known.steps_length == before.steps_length
            and known.generation == before.steps_generation
        )
        fresh = before is None and known is None
        if captured.documents is None or captured.reread or not (fresh or follows):
            self.add(update, captured.envelope, known, anew=captured.reread)
        elif captured.envelope.header.skipped is None:
            for document, replaces in captured.documents:
                update.put_step(document, replaces=replaces)
            update.put_trace(trace_document(captured.envelope, captured.envelope.steps_length))

    def add(
        self, update: IndexUpdate, envelope: Envelope, known: Indexed | None, *, anew: bool = False
    ) -> None:
        """Add what was written since the trace was indexed last; all of it, where that is unknown.

        Raises Corrupt.
        """
        if envelope.header.skipped is not None:
            if known is not None:
                update.forget(envelope.trace_id)
            return
        offset = self._offset(envelope, known) if not anew else 0
        if offset == 0 and known is not None:
            update.forget(envelope.trace_id)
        for kept in self.traces.step_lines(envelope, offset):
            document = step_document(envelope.trace_id, kept)
            update.put_step(document, replaces=kept.revision > 0)
        update.put_trace(trace_document(envelope, envelope.steps_length))

    def forget(self, update: IndexUpdate, traces: Iterable[TraceId]) -> None:
        """Remove traces that are gone."""
        for trace in traces:
            update.forget(trace)

    def _offset(self, envelope: Envelope, known: Indexed | None) -> int:
        """Return how many bytes of the steps are indexed; 0: none that can be relied on."""
        if known is None or known.generation != envelope.steps_generation:
            return 0
        return known.steps_length if known.steps_length <= envelope.steps_length else 0
