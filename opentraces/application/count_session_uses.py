"""Count what one kept session used."""

from collections import Counter

from opentraces.application.read_trail import ReadTrail
from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope
from opentraces.domain.header import milliseconds_or_zero
from opentraces.domain.ids import TraceId
from opentraces.domain.skills.counted import SessionUses, UseCounts
from opentraces.domain.skills.counting import count_uses
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.shown import fates
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class CountSessionUses:
    """Count what one kept session used: steps that it copied from another one are that one's."""

    traces: TraceStore
    trails: ReadTrail

    def execute(self, trace: TraceId, stamp: str) -> SessionUses:
        """Read all of its steps; `stamp` of the trace is passed on.

        Raises TraceNotFound, Corrupt, NewerFormat, StorageUnavailable.
        """
        envelope = self.traces.envelope(trace)
        header = envelope.header
        return SessionUses(
            trace=trace,
            stamp=stamp,
            agent=header.agent.value,
            folder=header.folder or header.project or "",
            ended=milliseconds_or_zero(header.ended),
            uses=() if header.skipped is not None else self._uses(envelope),
        )

    def _uses(self, envelope: Envelope) -> tuple[UseCounts, ...]:
        steps = tuple(self.traces.steps(envelope, 1, None))
        copied = copied_steps(steps, envelope.header.replays)
        return count_uses(steps, copied, self._edits(envelope))

    def _edits(self, envelope: Envelope) -> dict[int, tuple[int, int]]:
        """Return how many changes to files each step made, and how many of them are kept."""
        if not envelope.trail_length:
            return {}
        trail = self.trails.of(envelope).trail
        found = fates(trail, None)
        made: Counter[int] = Counter()
        kept: Counter[int] = Counter()
        for patch, event in trail.patches.items():
            made[event.step_index] += 1
            kept[event.step_index] += found[patch].fate == "anchored"
        return {step: (number, kept[step]) for step, number in made.items()}
