"""The trails of traces, as they are kept today."""

from collections.abc import Iterable
from dataclasses import dataclass

from opentraces.application.read_actions import Happened
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class KeptTrail:
    """The trail of one trace."""

    envelope: Envelope
    """Of the trace."""

    trail: KnownTrail
    """What it says."""

    @property
    def happened(self) -> tuple[Happened, ...]:
        """What the session did to files, and saw of them."""
        return (*self.trail.patches.values(), *self.trail.sights)


@dataclass(frozen=True, slots=True)
class ReadTrail:
    """Reads trails."""

    traces: TraceStore

    def execute(self, traces: Iterable[TraceId]) -> list[KeptTrail]:
        """Return those that can be read, in the order asked for. Raises StorageUnavailable."""
        found = (self._read(trace) for trace in traces)
        return [kept for kept in found if kept is not None]

    def _read(self, trace: TraceId) -> KeptTrail | None:
        try:
            envelope = self.traces.envelope(trace)
            return KeptTrail(envelope, known_trail(self.traces.trail(envelope)))
        except (Corrupt, NewerFormat, TraceNotFound):
            return None
