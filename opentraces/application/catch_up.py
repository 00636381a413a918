"""Finish what an interrupted run left undone: what is derived, after the envelopes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from opentraces.application.index_traces import IndexTraces
from opentraces.application.note_trails import NoteTrails, Unread
from opentraces.application.settle_usage import Holding, SettleUsage
from opentraces.domain.claiming import claim_of
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import (
    Busy,
    Corrupt,
    NewerFormat,
    StorageUnavailable,
    TraceNotFound,
)
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.index import IndexState, TraceIndex
from opentraces.ports.index_writing import IndexUpdate, IndexWriter
from opentraces.ports.ledger import UsageLedger
from opentraces.ports.markers import Markers
from opentraces.ports.traces import TraceStore

OnTrace = Callable[[int, int], None]
"""Told how many traces are done, and of how many."""

_HELD = "another process holds the index; the next search catches up"


@frozen_dataclass
class CaughtUp:
    """What a catch-up did."""

    traces: int
    """Traces that were behind, and are not now."""

    complete: bool
    """Whether nothing is behind; False: another process holds the index, and will finish."""


@frozen_dataclass
class CatchUp:
    """Finish what an interrupted run left undone, or build the index anew when it is lost."""

    traces: TraceStore
    markers: Markers
    index: TraceIndex
    index_writer: IndexWriter
    ledger: UsageLedger
    settle: SettleUsage
    index_traces: IndexTraces
    trails: NoteTrails

    may_settle: bool = True
    """Whether the bucket may be written to. False: of one that a later release made, only an index
    is built where there is none."""

    def is_needed(self) -> bool:
        """Whether anything is behind; cheap."""
        is_behind = self.may_settle and (bool(self.markers.marked()) or not self.are_trails_noted())
        return is_behind or self._is_unready()

    def are_trails_noted(self) -> bool:
        """Whether all trails are noted; False, too, where that cannot be looked at."""
        try:
            return self.trails.noting.is_complete()
        except StorageUnavailable:
            return False

    def execute(self, on_trace: OnTrace = lambda done, total: None) -> CaughtUp:
        """Idempotent. A trace that is damaged, or a later release's, is left out and stays marked.

        Raises Busy when there is no index to answer from and another process is making it.
        """
        try:
            with self.index_writer.updating() as update:
                marked = self.markers.marked() if self.may_settle else ()
                settled = self._settle(marked) if self.may_settle else {}
                done = self._index(update, {*marked, *settled}, on_trace)
                update.commit()
                unread = self._note({*marked, *settled} & done.keys(), done)
        except Busy:
            if self.index.state() is IndexState.ABSENT:
                raise
            return CaughtUp(traces=0, complete=False)
        for trace in settled.keys() & done.keys() - unread.traces:
            if settled[trace] <= done[trace]:  # else it was deleted after it was settled
                self.markers.clear(trace, settled[trace])
        return CaughtUp(traces=len(done), complete=True)

    def attempt(self) -> str | None:
        """Do what `execute` does; returns why it could not, in words. None: it could."""
        try:
            return None if self.execute().complete else _HELD
        except StorageUnavailable as error:
            return str(error)

    def index_all(self, update: IndexUpdate) -> None:
        """Put everything that is kept into an index that holds nothing, and commit that."""
        if self._index(update, (), lambda done, total: None):
            update.commit()

    def settle_all(self) -> Mapping[TraceId, int]:
        """Build the ledger anew from the kept steps, when it was lost.

        Returns the commit at which each trace was settled; nothing, when it was not lost.
        """
        if self.ledger.is_complete():
            return {}
        self.ledger.begin_anew()
        return self._settled(tuple(self.traces.ids()))

    def _is_unready(self) -> bool:
        """Whether there is no index, or none that can be looked at."""
        try:
            return self.index.state() is IndexState.ABSENT
        except StorageUnavailable:
            return True

    def renew_trails(self) -> str | None:
        """Note all trails anew, when that is lost; returns why it could not be. None: it could."""
        try:
            self._leave(self.trails.renew().later)
        except StorageUnavailable as error:
            return str(error)
        return None

    def note_trails(self, envelopes: Iterable[Envelope]) -> Unread:
        """Note what some traces did to files. Raises Busy, StorageUnavailable."""
        unread = self.trails.execute(envelopes)
        self._leave(unread.later)
        return unread

    def _settle(self, marked: Collection[TraceId]) -> Mapping[TraceId, int]:
        """Settle marked traces; returns the commit at which each was settled, 0: it is gone.

        Others whose replays changed by it are among them. Only these may be unmarked, and as of
        that commit: another process may write and mark more meanwhile.
        """
        rebuilt = self.settle_all()
        gone = [trace for trace in marked if self._is_gone(trace)]
        if rebuilt or not marked:
            return {**rebuilt, **dict.fromkeys(gone, 0)}
        return self._settled(marked, gone)

    def _settled(
        self, traces: Iterable[TraceId], gone: Collection[TraceId] = ()
    ) -> Mapping[TraceId, int]:
        """Settle some traces; returns them, and others that changed by it, but for those left."""
        commits = dict.fromkeys(gone, 0)
        left: set[TraceId] = set()
        settled = self.settle.execute(self._holdings(traces, commits, left), gone)
        for trace, revised in settled.rewritten.items():
            if not revised.was_marked or commits.get(trace) == revised.before.commit:
                commits[trace] = revised.after.commit
        left |= settled.left
        self._leave(left)
        return {trace: commit for trace, commit in commits.items() if trace not in left}

    def _leave(self, traces: set[TraceId]) -> None:
        """Mark what a later release wrote, so that it finishes what cannot be done by this one."""
        self.markers.mark(tuple(traces.difference(self.markers.marked())))

    def _index(
        self, update: IndexUpdate, marked: Collection[TraceId], on_trace: OnTrace
    ) -> dict[TraceId, int]:
        """Index what is behind; returns the commit that each trace is indexed at, 0: it is gone."""
        known = update.indexed()
        wanted = tuple(marked) if known else tuple({*self.traces.ids(), *marked})
        done: dict[TraceId, int] = {}
        left: set[TraceId] = set()
        for number, trace in enumerate(wanted):
            on_trace(number, len(wanted))
            try:
                envelope = self._envelope(trace)
                if envelope is None:
                    update.forget(trace)
                else:
                    self.index_traces.add(update, envelope, known.get(trace))
            except Corrupt:
                continue
            except NewerFormat:
                left.add(trace)
                continue
            done[trace] = envelope.commit if envelope else 0
        self._leave(left)
        return done

    def _note(self, traces: Collection[TraceId], done: Mapping[TraceId, int]) -> Unread:
        """Note trails of traces that were indexed, and forget those that were gone then."""
        if not self.may_settle:
            return Unread()
        self._leave(self.trails.renew().later)
        gone = [trace for trace in traces if not done[trace]]
        there = [trace for trace in traces if done[trace]]
        missed: set[TraceId] = set()
        unread = self.trails.execute(self._envelopes(there, missed), gone)
        self._leave(unread.later)
        return Unread(unread.damaged | missed, unread.later)

    def _envelopes(self, traces: Iterable[TraceId], missed: set[TraceId]) -> Iterator[Envelope]:
        """Yield what can be read; take note of what cannot any more, or is gone since."""
        for trace in traces:
            try:
                envelope = self._envelope(trace)
            except (Corrupt, NewerFormat):
                envelope = None
            if envelope is None:
                missed.add(trace)
            else:
                yield envelope

    def _holdings(
        self, traces: Iterable[TraceId], commits: dict[TraceId, int], left: set[TraceId]
    ) -> Iterator[Holding]:
        """Yield what can be read; take note of its commits, and of what a later release wrote."""
        for trace in traces:
            try:
                envelope = self._envelope(trace)
                if envelope is None:
                    continue
                steps = self.traces.steps(envelope, 1, None)
                claims = [claim_of(kept) for kept in steps]
            except Corrupt:
                continue
            except NewerFormat:
                left.add(trace)
                continue
            commits[trace] = envelope.commit
            yield Holding(envelope, claims, anew=True)

    def _is_gone(self, trace: TraceId) -> bool:
        try:
            return self._envelope(trace) is None
        except (Corrupt, NewerFormat):
            return False

    def _envelope(self, trace: TraceId) -> Envelope | None:
        """Return a trace's envelope. None: it is gone. Raises Corrupt, NewerFormat."""
        try:
            return self.traces.envelope(trace)
        except TraceNotFound:
            return None
