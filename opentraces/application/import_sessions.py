"""Keep every session that is found: in batches, each durable before it is reported."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from opentraces.application.batches import batches
from opentraces.application.captured import Captured
from opentraces.application.catch_up import CatchUp
from opentraces.application.find_changes import Changes, FindChanges, cursors_of
from opentraces.application.imported import Imported, Left
from opentraces.application.keep_batch import BatchOrder, KeepBatch, KeptBatch
from opentraces.application.live_sessions import without_events
from opentraces.application.settle_usage import Holding
from opentraces.application.sharing import SHARED_BYTES, ImportHelper, share_out
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.header import alien_files
from opentraces.domain.ids import TraceId
from opentraces.domain.session import Agent, FoundSession, Scope, SourceKind
from opentraces.domain.skipping import DELETED
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.index_writing import Indexed, IndexUpdate
from opentraces.ports.spool import EventSpool
from opentraces.ports.trace_writing import Revised

OnBytes = Callable[[int, int], None]
"""Told how many bytes of sessions are done, and of how many."""


@dataclass(frozen=True, slots=True)
class ImportSessions:
    """Keep every session that is found."""

    keeper: BucketKeeper
    find: FindChanges
    keep_batch: KeepBatch
    catch_up: CatchUp
    spools: Mapping[SourceKind, Mapping[Agent, EventSpool]]
    """Where what is taken away once it is kept waits, by what it is."""

    keep_requests: Callable[[], int] = lambda: 0
    """Keeps bodies of requests that wait, of sessions that are kept. Those that it cannot stay."""

    helpers: Callable[[], Sequence[ImportHelper]] = tuple
    """Begins processes that keep batches, too."""

    shared_from: int = SHARED_BYTES
    """Bytes of sessions from which on helpers are begun."""

    def execute(self, scope: Scope, on_bytes: OnBytes = lambda done, total: None) -> Imported:
        """Find what changed, and keep it: see `keep`."""
        return self.keep(self.find.execute(scope), on_bytes)

    def keep(self, changes: Changes, on_bytes: OnBytes = lambda done, total: None) -> Imported:
        """Keep what changed. Idempotent, and safe beside other imports.

        What is kept when it is interrupted stays.

        Raises:
            ForeignBucket, NewerFormat, StorageUnavailable: the bucket cannot be written.
        """
        self.keeper.prepare()
        if changes.changed or self.catch_up.is_needed():
            _Import(self, changes, on_bytes).run()
        self.keep_requests()
        return changes.imported


class _Import:
    """One run."""

    def __init__(self, use: ImportSessions, changes: Changes, on_bytes: OnBytes) -> None:
        self._use = use
        self._changes = changes
        self._result = changes.imported
        self._on_bytes = on_bytes
        self._done = 0
        self._total = sum(session.size for session in changes.changed)
        self._captured: list[Captured] = []
        self._indexed: list[Captured] = []
        self._update: IndexUpdate | None = None
        self._postponed: list[FoundSession] = []
        """Those that another process holds: they are waited for at the end."""
        self._may_note = True
        self._known: Mapping[TraceId, Indexed] = {}
        self._ahead: set[TraceId] = set()
        self._rewritten: Mapping[TraceId, Revised] = {}
        self._marked_before: set[TraceId] = set()
        """Of these another run left more undone than this one knows."""

    def run(self) -> None:
        """Keep what changed, then settle the ledger and the index."""
        if self._changes.thorough:
            self._run_whole()
        else:
            self._run_live()

    def _run_live(self) -> None:
        """Keep a session that goes on; ledger and index follow when it has grown by a share.

        Each time they follow costs as much as the session is long. In between its mark stays,
        and whoever searches brings them up to date.
        """
        for session in self._changes.changed:
            self._batch([session], wait=True)
        if any(captured.is_step_up for captured in self._captured):
            self._result.behind = self._use.catch_up.attempt()

    def _run_whole(self) -> None:
        self._use.catch_up.settle_all()
        with ExitStack() as stack:
            helpers = self._helpers(stack)
            self._update = self._index(stack)
            apart, shared = _parted(self._changes.changed)
            for batch in batches(apart):
                self._batch(batch)
            share_out(shared, helpers, self._batch, self._take_over)
            for session in self._postponed:
                self._batch([session], wait=True)
            self._settle()
            if self._update is not None:
                self._update.commit()
                self._note()
        if self._update is None or not self._may_note:
            return
        for trace, commit in self._caught_up().items():
            if trace not in self._marked_before:
                self._use.catch_up.markers.clear(trace, commit)
        if self._use.catch_up.is_needed():
            self._result.behind = self._use.catch_up.attempt()

    def _helpers(self, stack: ExitStack) -> list[ImportHelper]:
        """Begin other processes where there is enough to do; before anything is held here."""
        helpers = self._use.helpers() if self._total >= self._use.shared_from else ()
        for helper in helpers:
            stack.callback(helper.close)
        return list(helpers)

    def _take_over(self, order: BatchOrder, kept: KeptBatch) -> None:
        """Report what a helper kept."""
        for _, captured in kept.taken:
            self._index_steps(captured)
        self._count(order.size)
        self._report(kept)

    def _caught_up(self) -> dict[TraceId, int]:
        """Return the traces of which nothing is behind, and the commit of which that is true."""
        done = {captured.trace: captured.envelope.commit for captured in self._indexed}
        for trace, revised in self._rewritten.items():
            before = revised.before.commit
            if not revised.was_marked or done.get(trace) == before:
                done[trace] = revised.after.commit
        return done

    def _index(self, stack: ExitStack) -> IndexUpdate | None:
        """Hold the index for the whole run. None: it cannot be had; marks stay."""
        try:
            update = stack.enter_context(self._use.catch_up.index_writer.updating())
        except StorageUnavailable as error:
            self._result.behind = str(error)
            return None
        if not update.indexed():  # it was lost, or nothing was kept yet
            self._use.catch_up.index_all(update)
        if (behind := self._use.catch_up.renew_trails()) is not None:
            self._result.behind, self._may_note = behind, False
        self._known = update.indexed()
        return update

    def _note(self) -> None:
        """Note what was done to files; what cannot be noted stays marked."""
        if not self._may_note:
            return
        try:
            kept = (captured.envelope for captured in self._indexed)
            unread = self._use.catch_up.note_trails(kept)
        except StorageUnavailable as error:
            self._result.behind, self._may_note = str(error), False
        else:
            self._marked_before |= unread.traces

    def _batch(self, sessions: Sequence[FoundSession], *, wait: bool = False) -> None:
        """Keep some sessions here."""
        with ExitStack() as leases:
            leased = [self._leased(session, leases) for session in sessions]
            order = BatchOrder(leased, wait=wait, thorough=self._changes.thorough)
            kept = self._use.keep_batch.execute(order, self._on_session)
            self._report(kept)

    def _leased(self, session: FoundSession, leases: ExitStack) -> FoundSession:
        """Hold the lease of a session's events; those that another process holds are left to it."""
        if self._changes.is_leased or not _has_events(session):
            return session
        try:
            hooks = self._use.spools[SourceKind.HOOKS][session.agent]
            leases.enter_context(hooks.lease(session.session))
        except Busy:
            return without_events(session)
        return session

    def _on_session(self, session: FoundSession, captured: Captured | None) -> None:
        """Index what was captured while its batch is open, and count it."""
        if captured is not None:
            self._index_steps(captured)
        self._count(session.size)

    def _count(self, size: int) -> None:
        self._done += size
        self._on_bytes(self._done, self._total)

    def _leave_deleted(self, session: FoundSession) -> None:
        """Report a session that was deleted; what waits of it goes, too."""
        self._changes.leave(session, DELETED)
        for file in session.files:
            if file.kind.is_spooled:
                self._use.spools[file.kind][session.agent].clear(session.session, file.size)

    def _report(self, kept: KeptBatch) -> None:
        """Count what is durable now, and hand it to the index."""
        self._marked_before |= kept.marked_before
        self._postponed += kept.held
        for session in kept.deleted:
            self._leave_deleted(session)
        self._result.failed += [Left(session.location, why) for session, why in kept.failed]
        stamps: dict[str, str] = {}
        for session, captured in kept.taken:
            stamps |= self._report_taken(session, captured)
            for kind, size in captured.events.items():
                self._use.spools[kind][session.agent].clear(session.session, size)
            if captured.changed:
                self._index_trace(captured)
                self._captured.append(captured)
        self._use.find.cursors.save(stamps)

    def _report_taken(self, session: FoundSession, captured: Captured) -> dict[str, str]:
        """Count a session that is kept; returns what is remembered of its files."""
        header = captured.envelope.header
        reason, alien = header.skipped, alien_files(header)
        if reason is not None:
            self._changes.leave(session, reason)
        elif captured.changed:
            self._result.count_kept(header.worktree.path if header.worktree else None)
        else:
            self._result.unchanged += 1
        if reason is None:
            self._changes.report(alien)
        self._result.lines += captured.lines
        self._result.source_bytes += captured.grown_by("plain_bytes")
        self._result.stored_bytes += captured.grown_by("stored_bytes")
        return cursors_of(session, reason, alien) if self._changes.thorough else {}

    def _index_steps(self, captured: Captured) -> None:
        """Hand steps to the index while the batch is open: it is committed after the last batch."""
        update = self._update
        if update is not None and captured.documents is not None:
            known = self._known.get(captured.trace)
            if self._use.catch_up.index_traces.add_steps(update, captured, known):
                self._ahead.add(captured.trace)
        captured.documents = None

    def _index_trace(self, captured: Captured) -> None:
        """Index what is missing; a trace whose earlier steps cannot be read stays marked."""
        if self._update is None:
            return
        indexing = self._use.catch_up.index_traces
        try:
            if captured.trace in self._ahead:
                indexing.add_trace(self._update, captured.envelope, captured.said)
            else:
                known = self._known.get(captured.trace)
                indexing.add(self._update, captured.envelope, known, anew=captured.reread)
        except (Corrupt, NewerFormat):
            return
        self._indexed.append(captured)

    def _settle(self) -> None:
        holdings = [Holding(each.envelope, each.claims, each.reread) for each in self._captured]
        settled = self._use.catch_up.settle.execute(holdings)
        self._use.catch_up.markers.mark(settled.left)
        self._result.usage = settled.usage
        self._rewritten = settled.rewritten


def _has_events(session: FoundSession) -> bool:
    return any(file.kind.is_spooled for file in session.files)


def _parted(sessions: Sequence[FoundSession]) -> tuple[list[FoundSession], list[FoundSession]]:
    """Return the sessions of which something waits in spools, and the others.

    The lease of what waits is held here until it is cleared, so that no helper keeps them.
    """
    parts: tuple[list[FoundSession], list[FoundSession]] = ([], [])
    for session in sessions:
        parts[not _has_events(session)].append(session)
    return parts
