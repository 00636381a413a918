"""Keep every session that is found: in batches, each durable before it is reported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from opentraces.application.capture_session import Captured, CaptureSession
from opentraces.application.catch_up import CatchUp
from opentraces.application.settle_usage import Holding
from opentraces.domain.errors import Busy, Corrupt, OpentracesError, SourceUnreadable
from opentraces.domain.facts import LineCounts
from opentraces.domain.header import NOTHING_RECOGNISED
from opentraces.domain.ids import TraceId, trace_id
from opentraces.domain.ledger import UsageCount
from opentraces.domain.session import FoundSession, Scope
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.cursors import Cursors
from opentraces.ports.index_writing import Indexed, IndexUpdate
from opentraces.ports.progress import ProgressStore
from opentraces.ports.sessions import SessionSource
from opentraces.ports.trace_writing import TraceWriter

BATCH_SESSIONS = 64
BATCH_BYTES = 32 * 1024 * 1024

DELETED = "it was deleted from the bucket, and stays so"
"""Why a session is not kept: its trace was deleted."""

OnBytes = Callable[[int, int], None]
"""Told how many bytes of sessions are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Left:
    """A session that became no trace."""

    path: str
    """Its first file."""

    reason: str
    """Why, in words."""


@dataclass(slots=True)
class Imported:
    """What an import did."""

    kept: int = 0
    """Traces that are new, or have changed."""

    unchanged: int = 0
    """Traces whose files are as they were."""

    failed: list[Left] = field(default_factory=list)
    """Sessions that could not be read; nothing kept of them before is lost."""

    skipped: list[Left] = field(default_factory=list)
    """Sessions that are no trace; their bytes are kept, unless they were deleted."""

    lines: LineCounts = field(default_factory=LineCounts)
    """How the lines read in this run were understood."""

    usage: UsageCount = field(default_factory=UsageCount)
    """Responses found in this run, and those that were there already."""

    source_bytes: int = 0
    """Bytes of all sessions that were looked at."""

    is_searchable: bool = True
    """Whether all of it can be found already; False: another process will see to it."""


@dataclass(frozen=True, slots=True)
class ImportSessions:
    """Keep every session that is found."""

    keeper: BucketKeeper
    source: SessionSource
    capture: CaptureSession
    writer: TraceWriter
    cursors: Cursors
    progress: ProgressStore
    catch_up: CatchUp

    def execute(self, scope: Scope, on_bytes: OnBytes = lambda done, total: None) -> Imported:
        """Idempotent, and safe beside other imports. What is kept when it is interrupted stays.

        Raises:
            SourceUnreadable: a place named in the scope holds no session.
            ForeignBucket, NewerFormat, StorageUnavailable: the bucket cannot be written.
        """
        self.keeper.prepare()
        return _Import(self, scope, on_bytes).run()


class _Import:
    """One run."""

    def __init__(self, use: ImportSessions, scope: Scope, on_bytes: OnBytes) -> None:
        self._use = use
        self._scope = scope
        self._on_bytes = on_bytes
        self._done = 0
        self._total = 0
        self._result = Imported()
        self._captured: list[Captured] = []
        self._indexed: list[Captured] = []
        self._update: IndexUpdate | None = None
        self._known: Mapping[TraceId, Indexed] = {}
        self._rewritten: Mapping[TraceId, int] = {}

    def run(self) -> Imported:
        """Import what changed, then settle the ledger and the index."""
        found = list(self._use.source.discover(self._scope))
        changed = list(self._changed(found))
        self._total = sum(session.size for session in changed)
        self._result.source_bytes = sum(session.size for session in found)
        if changed or self._use.catch_up.is_needed():
            self._import(changed)
        return self._result

    def _changed(self, found: Sequence[FoundSession]) -> Iterator[FoundSession]:
        """Yield sessions that may have changed; count the others."""
        stamps = self._use.cursors.load()
        kept = frozenset(self._use.capture.traces.ids()) if stamps else frozenset()
        for session in found:
            if trace_id(session.agent.value, session.session) not in kept:
                yield session
                continue
            seen = {_reason(file.stamp, stamps.get(file.location)) for file in session.files}
            if None in seen:
                yield session
            else:
                self._count_unchanged(session, next((text for text in seen if text), ""))

    def _count_unchanged(self, session: FoundSession, reason: str) -> None:
        if reason:
            self._leave(session, reason)
        else:
            self._result.unchanged += 1

    def _import(self, changed: Sequence[FoundSession]) -> None:
        self._use.catch_up.settle_all()
        with ExitStack() as stack:
            self._update = self._index(stack)
            postponed: list[FoundSession] = []
            for batch in _batches(changed):
                postponed += self._batch(batch, wait=False)
            for session in postponed:
                self._batch([session], wait=True)
            self._settle()
            if self._update is not None:
                self._update.commit()
        if self._update is None:
            self._result.is_searchable = False
            return
        done = {captured.trace: captured.envelope.commit for captured in self._indexed}
        for trace, commit in {**done, **self._rewritten}.items():
            self._use.catch_up.markers.clear(trace, commit)
        if self._use.catch_up.is_needed():
            self._result.is_searchable = self._use.catch_up.execute().complete

    def _index(self, stack: ExitStack) -> IndexUpdate | None:
        """Hold the index for the whole run. None: another process does, and will catch up."""
        try:
            update = stack.enter_context(self._use.catch_up.index_writer.updating())
        except Busy:
            return None
        self._known = update.indexed()
        return update

    def _batch(self, sessions: Sequence[FoundSession], *, wait: bool) -> list[FoundSession]:
        """Capture some sessions; returns those that another process holds."""
        postponed: list[FoundSession] = []
        taken: list[tuple[FoundSession, Captured]] = []
        with self._use.writer.batch() as batch:
            for session in sessions:
                try:
                    if not self._is_deleted(session):
                        captured = self._use.capture.execute(session, batch, wait=wait)
                        taken.append((session, captured))
                except Busy:
                    postponed.append(session)
                except (SourceUnreadable, Corrupt) as error:
                    self._fail(session, error)
                self._done += session.size
                self._on_bytes(self._done, self._total)
        self._report(taken)
        return postponed

    def _is_deleted(self, session: FoundSession) -> bool:
        deleted = self._use.writer.is_deleted(trace_id(session.agent.value, session.session))
        if deleted:
            self._leave(session, DELETED)
        return deleted

    def _report(self, taken: Sequence[tuple[FoundSession, Captured]]) -> None:
        """Count what is durable now, and hand it to the index."""
        stamps: dict[str, str] = {}
        for session, captured in taken:
            reason = captured.envelope.header.skipped
            if reason is not None:
                self._leave(session, reason)
            elif captured.changed:
                self._result.kept += 1
            else:
                self._result.unchanged += 1
            self._result.lines += captured.lines
            stamps |= {file.location: _stamp(file.stamp, reason) for file in session.files}
            self._follow_up(captured)
        self._use.cursors.save(stamps)

    def _follow_up(self, captured: Captured) -> None:
        if captured.progress is not None:
            self._use.progress.save(captured.trace, captured.progress)
        if captured.changed:
            self._add_to_index(captured)
            captured.documents = None
            captured.progress = None
            self._captured.append(captured)

    def _add_to_index(self, captured: Captured) -> None:
        """Index a trace; one whose earlier steps are damaged stays marked."""
        if self._update is None:
            return
        known = self._known.get(captured.trace)
        try:
            self._use.catch_up.index_traces.add_captured(self._update, captured, known)
        except Corrupt:
            return
        self._indexed.append(captured)

    def _settle(self) -> None:
        holdings = [Holding(each.envelope, each.claims, each.reread) for each in self._captured]
        settled = self._use.catch_up.settle.execute(holdings)
        self._result.usage = settled.usage
        self._rewritten = settled.rewritten

    def _leave(self, session: FoundSession, reason: str) -> None:
        rows = self._result.failed if reason == NOTHING_RECOGNISED else self._result.skipped
        rows.append(Left(session.location, reason))

    def _fail(self, session: FoundSession, error: OpentracesError) -> None:
        self._result.failed.append(Left(session.location, str(error)))


def _batches(sessions: Sequence[FoundSession]) -> Iterator[list[FoundSession]]:
    """Cut the sessions into runs of bounded number and size."""
    batch: list[FoundSession] = []
    size = 0
    for session in sessions:
        if batch and (len(batch) == BATCH_SESSIONS or size + session.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(session)
        size += session.size
    if batch:
        yield batch


def _stamp(stamp: str, reason: str | None) -> str:
    return f"{stamp}\n{reason}" if reason else stamp


def _reason(stamp: str, saved: str | None) -> str | None:
    """Return why an unchanged file is no trace's; empty: it is one's. None: it has changed."""
    if saved is None:
        return None
    before, _, reason = saved.partition("\n")
    return reason if before == stamp else None
