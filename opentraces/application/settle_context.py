"""Leave the nodes of copied steps to the trace that the steps are of."""

from collections.abc import Callable, Iterable

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.seen import call_of, without
from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class SettleContext:
    """Leave the nodes of copied steps to the trace that the steps are of.

    A fork adds its own nodes only; those before follow from its bytes whenever they are asked for.
    """

    traces: TraceStore
    writer: TraceWriter
    derive: Callable[[Envelope], Iterable[ContextEvent]]
    """Makes all events of a trace again."""

    def execute(self, trace: TraceId, has_fewer: bool) -> Envelope | None:
        """Return the trace as it is then. None: nothing had to change.

        `has_fewer`: steps that were another's are this trace's now.
        Raises TraceNotFound, Corrupt, NewerFormat, StorageUnavailable.
        """
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            envelope = edit.envelope
            if envelope is None or not envelope.context_length:
                return None
            stored = tuple(self.traces.context(envelope))
            events = self.derive(envelope) if has_fewer else stored
            own = tuple(without(events, self._copied(envelope)))
            if own == stored:
                return None
            edit.restart_context()
            for event in own:
                edit.append_context(event)
            edit.commit(envelope.header)
        return edit.committed

    def _copied(self, envelope: Envelope) -> frozenset[tuple[int, str]]:
        header = envelope.header
        steps = tuple(self.traces.steps(envelope, 1, None))
        copied = copied_steps(steps, header.replays)
        calls = (call_of(header.agent, each) for each in steps if each.step.step_index in copied)
        return frozenset(call for call in calls if call is not None)
