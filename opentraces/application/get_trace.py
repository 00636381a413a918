"""Read one kept trace: whole, or some of its steps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.assemble import NO_HOOKS, assemble
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import StepNotFound
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.step import Step
from opentraces.domain.trace import TraceRecord
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class Gotten:
    """A trace, and which of its steps were asked for."""

    record: TraceRecord
    """The whole trace."""

    steps: tuple[Step, ...]
    """The steps meant; all of them, when the address names none."""

    is_whole: bool
    """Whether the address names the trace as a whole."""

    responses: Mapping[str, JsonValue] = field(default_factory=dict)
    """What tools gave back to calls of the steps meant, whole, by id of the call: of calls that a
    hook was told of. Empty, when the trace is meant as a whole."""


@dataclass(frozen=True, slots=True)
class GetTrace:
    """Read one kept trace: whole, or some of its steps."""

    traces: TraceStore
    resolve: ResolveTrace
    events: HookEvents

    def execute(self, address: Address) -> Gotten:
        """Raises TraceNotFound, StepNotFound, Ambiguous, Corrupt, StorageUnavailable."""
        envelope = self.traces.envelope(self.resolve.execute(address.trace))
        hooks = self._hooks(envelope)
        record = assemble(envelope, tuple(self.traces.steps(envelope, 1, None)), hooks)
        if address.first is None:
            return Gotten(record, record.steps, is_whole=True)
        first, last = _bounds(address, envelope)
        steps = tuple(step for step in record.steps if first <= step.step_index <= last)
        responses = dict(self._responses(envelope, hooks, steps))
        return Gotten(record, steps, is_whole=False, responses=responses)

    def _hooks(self, envelope: Envelope) -> HookFacts:
        source = envelope.events_source
        if source is None:
            return NO_HOOKS
        return self.events.facts(self.traces.source(envelope, source, 0))

    def _responses(
        self, envelope: Envelope, hooks: HookFacts, steps: Iterable[Step]
    ) -> Iterator[tuple[str, JsonValue]]:
        source = envelope.events_source
        calls = [call.tool_call_id for step in steps for call in step.tool_calls]
        for call in calls if source is not None else ():
            end = hooks.tools.get(call)
            if source is None or end is None or not end.has_response:
                continue
            pieces = self.traces.source(envelope, source, end.place.offset)
            yield call, self.events.response(_taken(pieces, end.place.length))


def _taken(pieces: Iterator[bytes], length: int) -> bytes:
    held = b""
    while len(held) < length and (piece := next(pieces, b"")):
        held += piece
    return held[:length]


def _bounds(address: Address, envelope: Envelope) -> tuple[int, int]:
    count = envelope.header.steps
    first = count if address.first == -1 else address.first or 1
    last = first if address.last is None else address.last
    if not 1 <= first <= count:
        raise StepNotFound(f"no step {first} in {envelope.trace_id}: it has {count}")
    return first, last
