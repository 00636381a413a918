"""Give each response, and each copied step, to the one trace that had it first."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from opentraces.domain.claiming import account_of
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.header import seniority
from opentraces.domain.ids import TraceId
from opentraces.domain.ledger import Claim, Settlement, UsageCount
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.ledger import Settling, UsageLedger
from opentraces.ports.trace_writing import Revised, TraceWriter
from opentraces.ports.traces import TraceStore

SettleTree = Callable[[TraceId, bool], Envelope | None]
"""Leaves the nodes of copied steps to the trace they are of, as `SettleContext` does.

The second says whether steps that were another's are this trace's now. None: nothing had to change.
"""


@frozen_dataclass
class Holding:
    """What one trace holds."""

    envelope: Envelope
    """The trace."""

    claims: Collection[Claim]
    """Steps of it; those claimed before may be left out, or stand here again."""

    anew: bool
    """Whether earlier claims of it are void; but for those of a later commit."""


@frozen_dataclass
class Settled:
    """What settling did."""

    usage: UsageCount
    """Responses that were claimed."""

    rewritten: Mapping[TraceId, Revised]
    """Traces whose replays changed."""

    left: frozenset[TraceId] = frozenset()
    """Traces whose replays should change, and that only a later release can write to."""


@frozen_dataclass
class SettleUsage:
    """Give each response, and each copied step, to the one trace that had it first."""

    ledger: UsageLedger
    traces: TraceStore
    writer: TraceWriter
    settle_tree: SettleTree

    def execute(self, holdings: Iterable[Holding], gone: Collection[TraceId] = ()) -> Settled:
        """Settle some traces, and every other trace that shares a step with them.

        Idempotent; the order never matters. Raises Busy, StorageUnavailable.
        """
        count = UsageCount()
        with self.ledger.settling() as settling:
            for trace in gone:
                settling.release(trace)
            for holding in holdings:
                count += self._claim(settling, holding)
            written, left = self._write_all(settling.settlements())
        return Settled(count, written, left)

    def _claim(self, settling: Settling, holding: Holding) -> UsageCount:
        trace = holding.envelope.trace_id
        if holding.anew:
            if self._is_older(holding.envelope):
                return UsageCount()
            settling.release(trace)
        header = holding.envelope.header
        count = settling.claim(trace, seniority(header), holding.claims)
        settling.describe(account_of(trace, header))
        return count

    def _is_older(self, envelope: Envelope) -> bool:
        """Whether the trace was committed since: then what a later run claimed must stay.

        It found the trace marked, so it claims all of it.
        """
        try:
            return self.traces.envelope(envelope.trace_id).commit != envelope.commit
        except Corrupt:
            return False
        except (TraceNotFound, NewerFormat):
            return True

    def _write_all(
        self, settlements: Iterable[Settlement]
    ) -> tuple[dict[TraceId, Revised], frozenset[TraceId]]:
        """Return the traces that were changed, and those that could not be."""
        written: dict[TraceId, Revised] = {}
        left: set[TraceId] = set()
        for each in settlements:
            try:
                revised = self._write(each)
            except NewerFormat:
                left.add(each.trace)
                continue
            if revised is not None:
                written[each.trace] = revised
        return written, frozenset(left)

    def _write(self, settlement: Settlement) -> Revised | None:
        """Put a trace's replays into its header. None: nothing had to change.

        A trace that is gone or damaged is left alone. Raises NewerFormat.
        """
        try:
            before = self.traces.envelope(settlement.trace).header.replays
            if before == settlement.replays:
                return None
            said = {"replays": settlement.replays}
            revised = self.writer.revise(settlement.trace, lambda header: header.but(**said))
            has_fewer = not set(before) <= set(settlement.replays)
            after = self.settle_tree(settlement.trace, has_fewer)
            return replace(revised, after=after or revised.after)
        except (TraceNotFound, Corrupt):
            return None
