"""Map a kept trace: what happened in it, in which order, and what came of it."""

from collections.abc import Sequence

from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.show_trail import ShowTrail
from opentraces.domain.activity.bursts import Burst, bursts_of
from opentraces.domain.activity.course import Course, Passed, course_of
from opentraces.domain.activity.turns import Turn, turns_of
from opentraces.domain.activity.waste import Waste, waste_of
from opentraces.domain.address import Address
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.shown import ShownPatch
from opentraces.domain.usage.prices import PriceTable
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class Mapped:
    """What happened in a trace."""

    trace: TraceId
    """Which."""

    agent: str
    """Whose session."""

    title: str | None
    """Its title. None: it has none."""

    folder: str | None
    """The folder it began in, or that folder's name. None: not said."""

    started: str | None
    """When it began, as the agent wrote it. None: not said."""

    course: Course
    """All that happened, step by step."""

    patches: tuple[ShownPatch, ...]
    """What it changed in files, by step."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Its requests, and what came of each."""
        return turns_of(self.course.steps)

    @property
    def bursts(self) -> tuple[Burst, ...]:
        """Its bursts."""
        return bursts_of(self.course.steps)

    @property
    def waste(self) -> tuple[Waste, ...]:
        """What filled the context for nothing."""
        return waste_of(self.course.steps)

    def patches_of(self, steps: Sequence[Passed]) -> tuple[ShownPatch, ...]:
        """Return what some steps changed."""
        numbers = {step.number for step in steps}
        return tuple(each for each in self.patches if each.made.step_index in numbers)


@frozen_dataclass
class MapTrace:
    """Map a kept trace: what happened in it, in which order, and what came of it."""

    traces: TraceStore
    resolve: ResolveTrace
    trail: ShowTrail
    prices: PriceTable

    def execute(self, typed: str) -> Mapped:
        """`typed`: an id, the beginning of one, or a session's own id. Git is not asked.

        Raises TraceNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        trace = self.resolve.execute(typed)
        envelope = self.traces.envelope(trace)
        return Mapped(
            trace=trace,
            agent=envelope.header.agent.value,
            title=envelope.header.title,
            folder=envelope.header.folder or envelope.header.project,
            started=envelope.header.started,
            course=self._course(envelope),
            patches=self.trail.execute(trace, Address(trace), None).patches,
        )

    def _course(self, envelope: Envelope) -> Course:
        return course_of(envelope, tuple(self.traces.steps(envelope, 1, None)), self.prices.cost_of)
