"""Read one kept trace: whole, or some of its steps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from opentraces.application.context_events import context_events
from opentraces.application.joined_trail import joined_trail
from opentraces.application.kept_bytes import taken
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.read_dependencies import ReadDependencies
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.whole_steps import whole_steps
from opentraces.domain.address import Address
from opentraces.domain.assemble import NO_HOOKS, Derived, assemble
from opentraces.domain.branches import every_step, left_out
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.copies import copied_steps
from opentraces.domain.dependencies.gathered import Dependencies
from opentraces.domain.dependencies.recorded import NONE_SEEN
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, StepNotFound
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.json_value import JsonValue
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import Step
from opentraces.domain.trace import TraceRecord
from opentraces.domain.trail.events import TrailEvent
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class _Read:
    kept: tuple[KeptStep, ...]
    hooks: HookFacts
    trail: tuple[TrailEvent, ...]
    derived: Derived
    damage: tuple[str, ...] = ()
    """What of these is damaged and left out."""


@frozen_dataclass
class Gotten:
    """A trace, and which of its steps were asked for."""

    record: TraceRecord
    """The whole trace."""

    steps: tuple[Step, ...]
    """The steps meant, on whatever branch; all of the record, when the address names none."""

    is_whole: bool
    """Whether the address names the trace as a whole."""

    responses: Mapping[str, JsonValue] = field(default_factory=dict)
    """What tools gave back to calls of the steps meant, whole, by id of the call: of calls that a
    hook was told of. Empty, when the trace is meant as a whole."""

    damage: tuple[str, ...] = ()
    """What of the trace is damaged and left out, in words; empty: it is whole."""

    @property
    def inactive(self) -> tuple[int, ...]:
        """The numbers of the steps meant that are not on the active branch."""
        left = {step["step_index"] for step in left_out(self.record)}
        return tuple(step.step_index for step in self.steps if step.step_index in left)


@frozen_dataclass
class GetTrace:
    """Read one kept trace: whole, or some of its steps."""

    traces: TraceStore
    resolve: ResolveTrace
    events: Mapping[Agent, HookEvents]

    def execute(self, address: Address, *, around_damage: bool = False) -> Gotten:
        """`around_damage`: what is whole is wanted, too, where something is not.

        Raises TraceNotFound, StepNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(address.trace))
        read = self._read_whole if around_damage else self._read
        found = read(envelope)
        hooks, damage = found.hooks, found.damage
        record = assemble(envelope, found.kept, hooks, damage, found.trail, found.derived)
        if address.first is None:
            return Gotten(record, record.steps, is_whole=True, damage=damage)
        first, last = _bounds(address, envelope)
        steps = tuple(step for step in every_step(record) if first <= step.step_index <= last)
        responses: dict[str, JsonValue] = {}
        try:
            responses.update(self._responses(envelope, hooks, steps))
        except Corrupt as error:
            if not around_damage:
                raise
            damage = (*damage, str(error))
        return Gotten(record, steps, is_whole=False, responses=responses, damage=damage)

    def _read(self, envelope: Envelope) -> _Read:
        hooks = self._hooks(envelope)
        steps = tuple(self.traces.steps(envelope, 1, None))
        trail = self._trail(envelope, hooks)
        dependencies = self._dependencies(envelope, steps, trail)
        return _Read(steps, hooks, trail, Derived(dependencies, self._context(envelope)))

    def _read_whole(self, envelope: Envelope) -> _Read:
        found = whole_steps(self.traces, envelope)
        damage = [] if found.damage is None else [found.damage]
        hooks = NO_HOOKS
        trail: tuple[TrailEvent, ...] = ()
        try:
            hooks = self._hooks(envelope)
        except Corrupt as error:
            damage.append(f"what hooks told is left out: {error}")
        try:
            trail = self._trail(envelope, hooks)
        except Corrupt as error:
            damage.append(f"what was changed, and became of it, is left out: {error}")
        dependencies = NONE_SEEN
        try:
            dependencies = self._dependencies(envelope, found.steps, trail)
        except Corrupt as error:
            damage.append(f"what the project is built on is left out: {error}")
        context: tuple[ContextEvent, ...] = ()
        try:
            context = self._context(envelope)
        except Corrupt as error:
            damage.append(f"what the model saw is left out: {error}")
        return _Read(found.steps, hooks, trail, Derived(dependencies, context), tuple(damage))

    def _dependencies(
        self, envelope: Envelope, kept: Sequence[KeptStep], trail: Iterable[TrailEvent]
    ) -> Dependencies:
        copied = copied_steps(kept, envelope.header.replays)
        read = ReadDependencies(KeptTexts(self.traces))
        return read.execute(envelope, kept, trail, copied)

    def _context(self, envelope: Envelope) -> tuple[ContextEvent, ...]:
        return tuple(context_events(envelope, self.traces, self.events))

    def _trail(self, envelope: Envelope, hooks: HookFacts) -> tuple[TrailEvent, ...]:
        return tuple(joined_trail(envelope, hooks, self.traces, self.events))

    def _hooks(self, envelope: Envelope) -> HookFacts:
        source, events = envelope.events_source, self.events.get(envelope.header.agent)
        if source is None or events is None:
            return NO_HOOKS
        return events.facts(self.traces.source(envelope, source, 0))

    def _responses(
        self, envelope: Envelope, hooks: HookFacts, steps: Iterable[Step]
    ) -> Iterator[tuple[str, JsonValue]]:
        source, events = envelope.events_source, self.events.get(envelope.header.agent)
        if source is None or events is None:
            return
        for call in (call.tool_call_id for step in steps for call in step.tool_calls):
            end = hooks.tools.get(call)
            if end is None or not end.has_response:
                continue
            pieces = self.traces.source(envelope, source, end.place.offset)
            yield call, events.response(taken(pieces, end.place.length))


def _bounds(address: Address, envelope: Envelope) -> tuple[int, int]:
    count = envelope.header.steps
    first = count if address.first == -1 else address.first or 1
    last = first if address.last is None else address.last
    if not 1 <= first <= count:
        raise StepNotFound(f"no step {first} in {envelope.trace_id}: it has {count}")
    return first, last
