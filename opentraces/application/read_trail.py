"""The trails of traces, as they are kept today, with what hooks were told."""

from collections.abc import Iterable, Mapping

from opentraces.application.joined_trail import joined_trail
from opentraces.application.read_actions import Happened
from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import PatchCreated, TrailEvent
from opentraces.domain.trail.hook_changes import wants_hook
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class KeptTrail:
    """The trail of one trace."""

    envelope: Envelope
    """Of the trace."""

    trail: KnownTrail
    """What it says; what steps did that were copied from another trace is left out, but where it
    was asked for."""

    @property
    def happened(self) -> tuple[Happened, ...]:
        """What the session did to files, and saw of them."""
        return (*self.trail.patches.values(), *self.trail.sights)


@frozen_dataclass
class ReadTrail:
    """Reads trails."""

    traces: TraceStore
    events: Mapping[Agent, HookEvents]

    def execute(self, traces: Iterable[TraceId]) -> list[KeptTrail]:
        """Return those that can be read, in the order asked for. Raises StorageUnavailable."""
        found = (self._read(trace) for trace in traces)
        return [kept for kept in found if kept is not None]

    def of(self, envelope: Envelope) -> KeptTrail:
        """Return the trail of a trace. Raises Corrupt, NewerFormat, StorageUnavailable."""
        return KeptTrail(envelope, known_trail(self._events(envelope), self._copied(envelope)))

    def whole(self, envelope: Envelope) -> KeptTrail:
        """Return it with what steps did that were copied from another trace. Raises as `of`."""
        return KeptTrail(envelope, known_trail(self._events(envelope)))

    def _read(self, trace: TraceId) -> KeptTrail | None:
        try:
            return self.of(self.traces.envelope(trace))
        except (Corrupt, NewerFormat, TraceNotFound):
            return None

    def _events(self, envelope: Envelope) -> Iterable[TrailEvent]:
        events = tuple(self.traces.trail(envelope))
        if any(isinstance(each, PatchCreated) and wants_hook(each.change) for each in events):
            return joined_trail(envelope, self._hooks(envelope), self.traces, self.events)
        return events

    def _copied(self, envelope: Envelope) -> frozenset[int]:
        replays = envelope.header.replays
        return (
            copied_steps(self.traces.steps(envelope, 1, None), replays) if replays else frozenset()
        )

    def _hooks(self, envelope: Envelope) -> HookFacts:
        source, events = envelope.events_source, self.events.get(envelope.header.agent)
        if source is None or events is None:
            return HookFacts()
        return events.facts(self.traces.source(envelope, source, 0))
