"""Bring the index to what the bucket holds."""

from opentraces.application.captured import Captured
from opentraces.domain.claiming import claim_of
from opentraces.domain.documents import step_document, trace_document
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.noteworthy import Noteworthy, noteworthy
from opentraces.ports.index_writing import Indexed, IndexUpdate
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class IndexTraces:
    """Bring an index, held for writing, to what the bucket holds."""

    traces: TraceStore

    def add_steps(self, update: IndexUpdate, captured: Captured, known: Indexed | None) -> bool:
        """Add the steps that a capture read; may be done before its batch is closed.

        Returns whether they are all that was missing; then only `add_trace` remains to be done.
        Else nothing was added, and `add` does it all.
        """
        before = captured.before
        fresh = before is None and known is None
        follows = (
            before is not None
            and known is not None
            and known.steps_length == before.steps_length
            and known.generation == before.steps_generation
        )
        if captured.documents is None or captured.reread or not (fresh or follows):
            return False
        if not captured.is_trace:
            return False
        for document, replaces in captured.documents:
            update.put_step(document, replaces=replaces)
        return True

    def add_trace(
        self, update: IndexUpdate, envelope: Envelope, trail: Noteworthy | None = None
    ) -> None:
        """Add a trace as a whole, of which all steps were added.

        `trail`: what its whole trail says. None: that is read.
        """
        said = trail if trail is not None else self._said(envelope)
        update.put_trace(trace_document(envelope, envelope.steps_length, said))

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
            document = step_document(envelope.trace_id, kept, claim_of(kept))
            update.put_step(document, replaces=kept.revision > 0)
        self.add_trace(update, envelope)

    def _said(self, envelope: Envelope) -> Noteworthy:
        """Read a trail; one that cannot be read says nothing, and its steps are found still."""
        try:
            return (
                noteworthy(self.traces.trail(envelope)) if envelope.trail_length else Noteworthy()
            )
        except (Corrupt, NewerFormat):
            return Noteworthy()

    def _offset(self, envelope: Envelope, known: Indexed | None) -> int:
        """Return how many bytes of the steps are indexed; 0: none that can be relied on."""
        if known is None or known.generation != envelope.steps_generation:
            return 0
        return known.steps_length if known.steps_length <= envelope.steps_length else 0
