"""What follows from traces that were kept: the ledger, the index and the notes of trails."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from opentraces.application.captured import Captured
from opentraces.application.catch_up import CatchUp
from opentraces.application.imported import Imported
from opentraces.application.keep_batch import KeptBatch
from opentraces.application.settle_usage import Holding
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.ports.index_writing import Indexed, IndexUpdate
from opentraces.ports.trace_writing import Revised

TOGETHER: Final = 10_000
"""Steps of traces that are followed up together: each time is made durable."""


class FollowUp:
    """The follow-up of one import, which holds the index for all of it.

    Traces are settled first, for what they cost is indexed with them. All marks stay until the end.
    """

    def __init__(
        self, catch_up: CatchUp, result: Imported, stack: ExitStack, together: int
    ) -> None:
        """Settle what is behind, and hold the index until `stack` is closed.

        `together`: so many steps are followed up at once; fewer at the end. Where the index cannot
        be had, only the ledger follows, and marks stay: `result` says why.
        """
        self._use = catch_up
        self._result = result
        self._together = together
        self._waiting: list[Captured] = []
        self._ahead: set[TraceId] = set()
        """Of these all steps are in the index, and not yet the trace."""
        self._said: dict[TraceId, int] = {}
        """At which commit the ledger, the index and the notes say what there is of a trace."""
        self._marked_before: set[TraceId] = set()
        """Of these another run left more undone than this one knows."""
        self._may_note = True
        self._known: Mapping[TraceId, Indexed] = {}
        catch_up.settle_all()
        self._update = self._index(stack)

    def add_steps(self, captured: Captured) -> None:
        """Hand steps to the index while their batch is open: it is committed by `finish`."""
        update = self._update
        if update is not None and captured.documents is not None:
            known = self._known.get(captured.trace)
            if self._use.index_traces.add_steps(update, captured, known):
                self._ahead.add(captured.trace)

    def take(self, kept: KeptBatch) -> None:
        """Follow up what is durable now, when it is enough."""
        self._marked_before |= kept.marked_before
        self._waiting += [captured for _, captured in kept.taken if captured.changed]
        if sum(len(captured.claims) for captured in self._waiting) >= self._together:
            self._follow_up()

    def finish(self) -> None:
        """Follow up the rest, make all of it visible, and take the marks away."""
        self._follow_up()
        if self._update is None:
            return
        self._update.commit()
        if not self._may_note:
            return
        for trace, commit in self._said.items():
            if trace not in self._marked_before:
                self._use.markers.clear(trace, commit)

    @property
    def may_attempt(self) -> bool:
        """Whether what is behind still can be caught up with, as far as is known."""
        return self._update is not None and self._may_note

    def _index(self, stack: ExitStack) -> IndexUpdate | None:
        try:
            update = stack.enter_context(self._use.index_writer.updating())
        except StorageUnavailable as error:
            self._result.behind = str(error)
            return None
        if not update.indexed():  # it was lost, or nothing was kept yet
            self._use.index_all(update)
        if (behind := self._use.renew_trails()) is not None:
            self._result.behind, self._may_note = behind, False
        self._known = update.indexed()
        return update

    def _follow_up(self) -> None:
        waiting, self._waiting = self._waiting, []
        rewritten = self._settled(waiting)
        if self._update is None:
            return
        indexed = [
            envelope
            for captured in waiting
            if (envelope := self._indexed(self._update, captured, rewritten)) is not None
        ]
        self._said |= {envelope.trace_id: envelope.commit for envelope in indexed}
        for trace, revised in rewritten.items():
            if not revised.was_marked or self._said.get(trace) == revised.before.commit:
                self._index_again(self._update, revised.after)
        self._note(indexed)

    def _settled(self, waiting: Sequence[Captured]) -> Mapping[TraceId, Revised]:
        holdings = [Holding(each.envelope, each.claims, each.reread) for each in waiting]
        settled = self._use.settle.execute(holdings)
        self._use.markers.mark(settled.left)
        self._result.usage += settled.usage
        return settled.rewritten

    def _indexed(
        self, update: IndexUpdate, captured: Captured, rewritten: Mapping[TraceId, Revised]
    ) -> Envelope | None:
        """Index what is missing of a trace, as it was settled.

        None: its earlier steps cannot be read, and it stays marked.
        """
        envelope, trace = captured.envelope, captured.trace
        revised = rewritten.get(trace)
        if revised is not None and revised.before.commit == envelope.commit:
            envelope = revised.after
        try:
            if trace in self._ahead:
                self._use.index_traces.add_trace(update, envelope, captured.said)
            else:
                known = self._known.get(trace)
                self._use.index_traces.add(update, envelope, known, anew=captured.reread)
        except (Corrupt, NewerFormat):
            return None
        return envelope

    def _index_again(self, update: IndexUpdate, envelope: Envelope) -> None:
        """Index a trace whose steps are there, and whose header changed; or let it stay marked."""
        try:
            self._use.index_traces.add_trace(update, envelope)
        except (Corrupt, NewerFormat):
            self._marked_before.add(envelope.trace_id)
            return
        self._said[envelope.trace_id] = envelope.commit

    def _note(self, envelopes: Sequence[Envelope]) -> None:
        """Note what was done to files; what cannot be noted stays marked."""
        if not self._may_note:
            return
        try:
            unread = self._use.note_trails(envelopes)
        except StorageUnavailable as error:
            self._result.behind, self._may_note = str(error), False
        else:
            self._marked_before |= unread.traces
