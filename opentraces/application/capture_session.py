"""Copy one session's bytes, read them, and keep it as a trace: START READING HERE."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from opentraces.application.numbering import Numbering
from opentraces.application.reading import Means, OpenSource
from opentraces.application.sources import SourceChange, compare_sources, notes_of
from opentraces.domain.copies import ASIDE
from opentraces.domain.documents import step_document
from opentraces.domain.envelope import Envelope, KeptSource, TraceHeader
from opentraces.domain.errors import Corrupt, SourceGone
from opentraces.domain.header import header_of, lines_of, live_facts
from opentraces.domain.ids import TraceId, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.ledger import Claim
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.progress import Progress
from opentraces.domain.searchable import StepDocument
from opentraces.domain.session import FoundSession
from opentraces.ports.blobs import BlobStore
from opentraces.ports.parsing import TraceParser
from opentraces.ports.progress import ProgressStore
from opentraces.ports.sessions import SessionSource
from opentraces.ports.trace_writing import TraceBatch, TraceEdit
from opentraces.ports.traces import TraceStore

LARGE = 32 * 1024 * 1024
"""Bytes of a session from which on its documents are not held in memory."""


@dataclass(slots=True)
class Captured:
    """What became of a session; it counts once the batch around it is closed."""

    trace: TraceId
    """Its trace."""

    edit: TraceEdit
    """Through which it was written."""

    before: Envelope | None
    """As it was. None: it is new."""

    reading: Numbering | None = None
    """How its sources were read. None: they are unchanged, and were not."""

    lines: LineCounts = field(default_factory=LineCounts)
    """How the lines that were read were understood."""

    claims: list[Claim] = field(default_factory=list)
    """Steps that were read."""

    documents: list[tuple[StepDocument, bool]] | None = None
    """What can be found of them, and whether it replaces an earlier document. None: they are too
    many to hold, and are read from the store."""

    reread: bool = False
    """Whether all its steps were read again: what was claimed and indexed before is void."""

    is_trace: bool = True
    """Whether anybody said anything in it; False: only its bytes are kept."""

    @property
    def envelope(self) -> Envelope:
        """As it is now; only after the batch was closed."""
        return self.edit.committed

    @property
    def changed(self) -> bool:
        """Whether anything was written; only after the batch was closed."""
        return self.before is None or self.envelope.commit != self.before.commit

    def progress(self, release: str) -> Progress | None:
        """Say how far it was read; only after the batch was closed. None: it was not read."""
        return self.reading.progress(self.envelope, release) if self.reading else None


@dataclass(frozen=True, slots=True)
class CaptureSession:
    """Copy one session's bytes, read them, and keep it as a trace."""

    source: SessionSource
    parser: TraceParser
    traces: TraceStore
    blobs: BlobStore
    progress: ProgressStore
    release: str
    """Of ours: what one release read half, another reads again from the start."""

    def execute(self, session: FoundSession, batch: TraceBatch, *, wait: bool) -> Captured:
        """Idempotent: an unchanged session changes nothing.

        Raises:
            Busy: another process captures it, and `wait` is False.
            SourceUnreadable: a file of it cannot be read; nothing of it is kept by this call.
            Corrupt: what is kept of it is damaged; nothing is written to it.
        """
        trace = trace_id(session.agent.value, session.session)
        edit = batch.edit(trace, wait=wait)
        before = edit.envelope
        changes = compare_sources(session, before, self.source, self.blobs)
        if not changes:
            raise SourceGone(f"{session.location}: no file of the session is there any more")
        if before is not None and not any(change.is_change for change in changes):
            return Captured(trace, edit, before)
        return _Capture(self, session, edit, changes).run()


class _Capture:
    """One session being captured."""

    def __init__(
        self,
        use: CaptureSession,
        session: FoundSession,
        edit: TraceEdit,
        changes: list[SourceChange],
    ) -> None:
        self._use = use
        self._session = session
        self._edit = edit
        self._changes = changes
        self._before = edit.envelope
        self._trace = trace_id(session.agent.value, session.session)
        self._claims: list[Claim] = []
        is_large = session.size > LARGE
        self._documents: list[tuple[StepDocument, bool]] | None = None if is_large else []

    def run(self) -> Captured:
        """Read what is new, or everything where that is needed, and commit."""
        progress, sources = self._opened()
        numbering = Numbering(sources, progress)
        if progress is not None and not numbering.fits():
            progress = None
            numbering.begin_again()
        if progress is None and self._before is not None:
            self._edit.restart_steps()
        for kept in numbering.numbered():
            self._keep(kept)
        return self._commit(numbering, reread=progress is None)

    def _usable_progress(self) -> Progress | None:
        """Return how far the session was read; None: it is read from the start."""
        progress = self._use.progress.load(self._trace)
        fits = (
            progress is not None
            and self._before is not None
            and progress.steps_generation == self._before.steps_generation
            and progress.steps_length == self._before.steps_length
            and progress.release == self._use.release
        )
        return progress if fits and not any(c.needs_reread for c in self._changes) else None

    def _opened(self) -> tuple[Progress | None, list[OpenSource]]:
        """Open every source where it was left; all at the start, where a state is of no use."""
        progress = self._usable_progress()
        try:
            return progress, self._open(progress)
        except Corrupt:
            if progress is None:
                raise
            return None, self._open(None)

    def _open(self, progress: Progress | None) -> list[OpenSource]:
        use = self._use
        notes = dict(notes_of(self._changes, use.blobs))
        means = Means(use.source, use.parser, use.traces, self._edit, notes)
        return [OpenSource(means, each, progress) for each in self._changes if each.is_read]

    def _keep(self, kept: KeptStep) -> None:
        self._edit.append_step(kept)
        self._claims.append(Claim(kept.key, kept.is_counted and ASIDE not in kept.native))
        if self._documents is not None:
            self._documents.append((step_document(self._trace, kept), kept.revision > 0))

    def _commit(self, numbering: Numbering, *, reread: bool) -> Captured:
        kept = self._kept_sources(numbering.sources)
        header = self._header(kept, numbering.count)
        self._edit.commit(header)
        before = self._before.header.sources if self._before and not reread else ()
        return Captured(
            trace=self._trace,
            edit=self._edit,
            before=self._before,
            reading=numbering,
            lines=lines_of(live_facts(kept)) - lines_of(live_facts(before)),
            claims=self._claims,
            documents=self._documents,
            reread=reread and self._before is not None,
            is_trace=header.skipped is None,
        )

    def _kept_sources(self, sources: Sequence[OpenSource]) -> tuple[KeptSource, ...]:
        """Return all sources by number: those that were read as they are now."""
        read = {source.number: source.kept() for source in sources}
        return tuple(read.get(change.number, change.kept) for change in self._changes)

    def _header(self, kept: tuple[KeptSource, ...], steps: int) -> TraceHeader:
        before = self._before.header if self._before else None
        rewritten = any(change.rewrites for change in self._changes)
        return header_of(
            self._session,
            kept,
            steps=steps,
            generation=before.generation + rewritten if before else 0,
            replays=before.replays if before else (),
        )
