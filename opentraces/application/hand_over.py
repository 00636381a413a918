"""Tell another agent of a kept session, as far as it can be told in so many tokens."""

from collections.abc import Collection, Iterator

from opentraces.application.get_trace import GetTrace
from opentraces.application.list_compactions import SUMMARY
from opentraces.application.show_context import single
from opentraces.domain.address import Address
from opentraces.domain.envelope import Envelope
from opentraces.domain.handover.items import Change, Done, Item, items_of
from opentraces.domain.ids import TraceId
from opentraces.domain.session import SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.subagents import helpers_of
from opentraces.domain.trail.known import known_trail
from opentraces.domain.trail.located import located
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class HandedOver:
    """What there is to tell of a session."""

    trace: TraceId
    """Whose."""

    agent: str
    """Whose session."""

    step: int
    """The last step that is told of."""

    steps: int
    """How many steps it has."""

    items: tuple[Item, ...]
    """In each section the newest first."""


@frozen_dataclass
class HandOver:
    """Tell another agent of a kept session."""

    get: GetTrace
    traces: TraceStore

    def execute(self, address: Address, most: int) -> HandedOver:
        """`most`: bytes of one text.

        Raises BadRequest, TraceNotFound, StepNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        single(address)
        record = self.get.execute(address).record
        envelope = self.traces.envelope(record.trace_id)
        kept = tuple(self.traces.steps(envelope, 1, None))
        count, sources = envelope.header.steps, envelope.header.sources
        last = address.first if address.first is not None and address.first > 0 else count
        helpers = helpers_of(sources, kept)
        own = {
            each.step.step_index
            for each in kept
            if each.source not in helpers and sources[each.source].kind is not SourceKind.SUBAGENT
        }
        summaries = {each.step.step_index for each in kept if each.native.get("origin") == SUMMARY}
        steps = [s for s in record.steps if s.step_index <= last and s.step_index in own]
        worktree = envelope.header.worktree
        roots = (worktree.path,) if worktree is not None else ()
        changes = [c for c in self._changes(envelope, roots) if (c.step or 0) <= last]
        return HandedOver(
            trace=record.trace_id,
            agent=record.agent.name,
            step=last,
            steps=count,
            items=tuple(items_of(Done(steps, summaries, changes, roots), most)),
        )

    def _changes(self, envelope: Envelope, roots: Collection[str]) -> Iterator[Change]:
        """Yield what the trail tells of: also what steps did that were copied from another trace.

        For whoever goes on with a fork, that is part of what was done.
        """
        trail = known_trail(self.traces.trail(envelope), ())
        for made in sorted(trail.patches.values(), key=lambda made: made.step_index):
            anchors = trail.anchors_of(made.patch_id)
            commits = (each.commit for each in anchors if each.commit not in trail.replaced)
            place = located(made.change.path, roots)
            yield Change(
                path=place.path if place is not None else made.change.path,
                step=made.step_index or None,
                commit=next(commits, None),
            )
