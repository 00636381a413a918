"""Keep some sessions together: durable, all of them, before anything is said of them."""

from collections.abc import Callable, Sequence
from dataclasses import field

from opentraces.application.capture_session import CaptureSession
from opentraces.application.captured import Captured
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, SourceUnreadable
from opentraces.domain.ids import TraceId, trace_id
from opentraces.domain.session import FoundSession
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.ports.markers import Markers
from opentraces.ports.trace_writing import TraceBatch, TraceWriter

OnSession = Callable[[FoundSession, Captured | None], None]
"""Told of each session that is read, while its batch is open. None: nothing of it is kept."""


@mutable_dataclass
class BatchOrder:
    """What is to be kept."""

    sessions: Sequence[FoundSession]
    """Which."""

    wait: bool = False
    """Whether to wait for another process that holds one; only of a single session."""

    thorough: bool = True
    """As `CaptureSession.execute`."""

    @property
    def size(self) -> int:
        """Bytes of all of them, when found."""
        return sum(session.size for session in self.sessions)


@mutable_dataclass
class KeptBatch:
    """What became of some sessions."""

    taken: list[tuple[FoundSession, Captured]] = field(default_factory=list)
    """Those that are kept, durable."""

    held: list[FoundSession] = field(default_factory=list)
    """Those that another process holds."""

    deleted: list[FoundSession] = field(default_factory=list)
    """Those whose trace was deleted: they are not kept again."""

    failed: list[tuple[FoundSession, str]] = field(default_factory=list)
    """Those that cannot be read, and why."""

    marked_before: frozenset[TraceId] = frozenset()
    """Of these another run left more undone than this one knows."""


@frozen_dataclass
class KeepBatch:
    """Keep some sessions together."""

    capture: CaptureSession
    writer: TraceWriter
    markers: Markers

    def execute(
        self, order: BatchOrder, on_session: OnSession = lambda session, captured: None
    ) -> KeptBatch:
        """Idempotent. Raises StorageUnavailable, ForeignBucket, NewerFormat of the bucket."""
        kept = KeptBatch()
        with self.writer.batch() as batch:
            for session in order.sessions:
                on_session(session, self._keep(session, batch, order, kept))
            # While they are held and not yet marked by this run.
            marked = frozenset(self.markers.marked())
            kept.marked_before = marked & {captured.trace for _, captured in kept.taken}
        for _, captured in kept.taken:
            progress = captured.progress(self.capture.release)
            if progress is not None:
                self.capture.progress.save(captured.trace, progress)
            captured.let_go()
        return kept

    def _keep(
        self, session: FoundSession, batch: TraceBatch, order: BatchOrder, kept: KeptBatch
    ) -> Captured | None:
        try:
            if self.writer.is_deleted(trace_id(session.agent.value, session.session)):
                kept.deleted.append(session)
                return None
            captured = self.capture.execute(
                session, batch, wait=order.wait, thorough=order.thorough
            )
        except Busy:
            kept.held.append(session)
            return None
        except (SourceUnreadable, Corrupt, NewerFormat) as error:
            kept.failed.append((session, str(error)))
            return None
        kept.taken.append((session, captured))
        return captured
