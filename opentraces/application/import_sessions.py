"""Keep every session that is found: in batches, each durable before it is reported."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from opentraces.application.batches import batches
from opentraces.application.captured import Captured
from opentraces.application.catch_up import CatchUp
from opentraces.application.find_changes import Changes, FindChanges, cursors_of
from opentraces.application.follow_up import TOGETHER, FollowUp
from opentraces.application.imported import Imported, Left
from opentraces.application.keep_batch import BatchOrder, KeepBatch, KeptBatch
from opentraces.application.live_sessions import without_events
from opentraces.application.sharing import SHARED_BYTES, ImportHelper, share_out
from opentraces.domain.errors import Busy
from opentraces.domain.header import alien_files
from opentraces.domain.session import Agent, FoundSession, Scope, SourceKind
from opentraces.domain.skipping import DELETED
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.spool import EventSpool

OnBytes = Callable[[int, int], None]
"""Told how many bytes of sessions are done, and of how many."""


@frozen_dataclass
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

    together: int = TOGETHER
    """Steps of traces that are followed up together."""

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
        self._follow_up: FollowUp | None = None
        """None: of a session that goes on, for which it comes later."""
        self._is_step_up = False
        self._postponed: list[FoundSession] = []
        """Those that another process holds: they are waited for at the end."""

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
        if self._is_step_up:
            self._result.behind = self._use.catch_up.attempt()

    def _run_whole(self) -> None:
        with ExitStack() as stack:
            helpers = self._helpers(stack)
            follow_up = FollowUp(self._use.catch_up, self._result, stack, self._use.together)
            self._follow_up = follow_up
            apart, shared = _parted(self._changes.changed)
            for batch in batches(apart):
                self._batch(batch)
            share_out(shared, helpers, self._batch, self._take_over)
            for session in self._postponed:
                self._batch([session], wait=True)
            follow_up.finish()
        if follow_up.may_attempt and self._use.catch_up.is_needed():
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
            self._add_steps(captured)
        self._count(order.size)
        self._report(kept)

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
            self._add_steps(captured)
        self._count(session.size)

    def _add_steps(self, captured: Captured) -> None:
        if self._follow_up is not None:
            self._follow_up.add_steps(captured)
        captured.documents = None

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
        """Count what is durable now, and follow it up."""
        self._postponed += kept.held
        for session in kept.deleted:
            self._leave_deleted(session)
        self._result.failed += [Left(session.location, why) for session, why in kept.failed]
        stamps: dict[str, str] = {}
        for session, captured in kept.taken:
            stamps |= self._report_taken(session, captured)
            for kind, size in captured.events.items():
                self._use.spools[kind][session.agent].clear(session.session, size)
            self._is_step_up |= captured.changed and captured.is_step_up
        if self._follow_up is not None:
            self._follow_up.take(kept)
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
