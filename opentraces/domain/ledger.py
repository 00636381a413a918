"""The usage ledger: each response of a model's service belongs to exactly one kept trace."""

from dataclasses import dataclass

from opentraces.domain.ids import SessionId, StepKey, TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.usage.spent import Spent


@dataclass(frozen=True, slots=True, order=True)
class Seniority:
    """Which of several sessions that hold the same step has it first: the smallest."""

    first_moment: int
    """The first timestamp of the session, in file order, in milliseconds since 1970."""

    session: SessionId
    """Decides when the first moments are equal."""


@frozen_dataclass
class Claim:
    """One trace holds one step."""

    key: StepKey
    """The step, by the agent's own ids."""

    counted: bool
    """Whether it is a response that was paid for."""

    spent: Spent | None = None
    """What its response used. None: it is none, and nothing is booked."""


@frozen_dataclass
class Settlement:
    """What became of a trace's claims."""

    trace: TraceId
    """Whose replays may have changed."""

    replays: tuple[StepKey, ...]
    """All its steps that a more senior trace holds, ascending."""


@frozen_dataclass
class UsageCount:
    """How many responses were claimed."""

    responses: int = 0
    """Responses that no kept trace had claimed before."""

    replays_skipped: int = 0
    """Responses that were there already: copies of history."""

    def __add__(self, other: "UsageCount") -> "UsageCount":
        return UsageCount(
            self.responses + other.responses, self.replays_skipped + other.replays_skipped
        )
