"""The trail of a trace without what is another trace's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope
from opentraces.domain.trail.events import PatchCreated, TrailEvent
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class OwnTrail:
    """Reads what a session did to files itself: a fork's copied history is its parent's."""

    traces: TraceStore

    def execute(self, envelope: Envelope, events: Iterable[TrailEvent] | None = None) -> KnownTrail:
        """Return the trail; `events`: the trail's. None: as they are kept.

        Raises TraceNotFound, Corrupt, NewerFormat, StorageUnavailable.
        """
        told = self.traces.trail(envelope) if events is None else events
        copied = self._copied(envelope)
        return known_trail(event for event in told if not _is_of(event, copied))

    def _copied(self, envelope: Envelope) -> Collection[int]:
        replays = envelope.header.replays
        return copied_steps(self.traces.steps(envelope, 1, None), replays) if replays else ()


def _is_of(event: TrailEvent, steps: Collection[int]) -> bool:
    return isinstance(event, PatchCreated) and event.step_index in steps
