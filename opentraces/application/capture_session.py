"""Copy one session's bytes, read them, and keep it as a trace: START READING HERE."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from opentraces.application.captured import Captured
from opentraces.application.context_keeping import begin_context_again, keep_context
from opentraces.application.numbering import Numbered, Numbering
from opentraces.application.observe_manifests import ObserveManifests
from opentraces.application.reading import Means, OpenSource
from opentraces.application.source_change import SourceChange
from opentraces.application.sources import ComparisonMeans, compare_sources, notes_of
from opentraces.application.trail_keeping import TrailAnew, TrailKeeping
from opentraces.application.worktree_seen import seen_in
from opentraces.domain.claiming import claim_of
from opentraces.domain.documents import step_document
from opentraces.domain.envelope import Envelope, KeptSource, TraceHeader
from opentraces.domain.errors import Corrupt, SourceGone
from opentraces.domain.header import header_of, lines_of, live_facts
from opentraces.domain.ids import TraceId, trace_id
from opentraces.domain.ledger import Claim
from opentraces.domain.progress import Progress
from opentraces.domain.searchable import StepDocument
from opentraces.domain.session import Agent, FoundSession, SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.parsing import TraceParser
from opentraces.ports.progress import ProgressStore
from opentraces.ports.sessions import SessionSource
from opentraces.ports.trace_writing import TraceBatch, TraceEdit
from opentraces.ports.traces import TraceStore
from opentraces.ports.worktree_signs import WorktreeSource

LARGE = 32 * 1024 * 1024
"""Bytes of a session from which on its documents are not held in memory."""


@frozen_dataclass
class CaptureSession:
    """Copy one session's bytes, read them, and keep it as a trace."""

    sources: Mapping[Agent, SessionSource]
    parsers: Mapping[Agent, TraceParser]
    traces: TraceStore
    blobs: BlobStore
    progress: ProgressStore
    worktrees: WorktreeSource
    manifests: ObserveManifests
    release: str
    """Of ours: what one release read half, another reads again from the start."""

    def execute(
        self, session: FoundSession, batch: TraceBatch, *, wait: bool, thorough: bool = True
    ) -> Captured:
        """Idempotent: an unchanged session changes nothing.

        `thorough`: compare every byte that was kept; else only what may have changed, which
        costs no more for a long session than for a short one.

        Raises:
            Busy: another process captures it, and `wait` is False.
            SourceUnreadable: a file of it cannot be read; nothing of it is kept by this call.
            Corrupt: what is kept of it is damaged; nothing is written to it.
        """
        trace = trace_id(session.agent.value, session.session)
        edit = batch.edit(trace, wait=wait)
        before = edit.envelope
        progress = self._usable_progress(trace, before)
        stamps = progress.stamps if progress and not thorough else {}
        means = ComparisonMeans(self.sources[session.agent], self.traces, self.blobs, stamps)
        changes = compare_sources(session, before, means)
        if not changes:
            raise SourceGone(f"{session.location}: no file of the session is there any more")
        if before is not None and not any(change.is_change for change in changes):
            return Captured(trace, edit, before, events=_events_kept(changes))
        return _Capture(self, session, edit, changes).run(progress)

    def _usable_progress(self, trace: TraceId, before: Envelope | None) -> Progress | None:
        """Return how far the session was read; None: it is read from the start."""
        progress = self.progress.load(trace) if before is not None else None
        fits = (
            progress is not None
            and before is not None
            and progress.steps_generation == before.steps_generation
            and progress.steps_length == before.steps_length
            and progress.release == self.release
        )
        return progress if fits else None


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
        self._source = use.sources[session.agent]
        self._edit = edit
        self._changes = changes
        self._before = edit.envelope
        self._trace = trace_id(session.agent.value, session.session)
        self._claims: list[Claim] = []
        is_large = session.size > LARGE
        self._documents: list[tuple[StepDocument, bool]] | None = None if is_large else []

    def run(self, progress: Progress | None) -> Captured:
        """Read what is new, or everything where that is needed, and commit."""
        if any(change.needs_reread for change in self._changes):
            progress = None
        progress, sources = self._opened(progress)
        numbering = Numbering(sources, progress)
        if progress is not None and not numbering.fits():
            progress = None
            numbering.begin_again()
        trail = self._trail(progress)
        for numbered in numbering.numbered():
            self._keep(numbered)
            trail.keep(numbered)
        trail.finish()
        keep_context(self._edit, numbering.sources)
        events = self._copied_events()
        looked = progress.looked if progress is not None else frozenset()
        return self._commit(numbering, events, trail, looked, reread=progress is None)

    def _trail(self, progress: Progress | None) -> TrailKeeping:
        """Begin steps, trail and tree anew, or go on with them."""
        if self._before is None:
            return TrailKeeping(self._trace, self._edit)
        earlier = partial(self._use.traces.trail, self._before)
        if progress is not None:
            return TrailKeeping(self._trace, self._edit, progress.steps, earlier)
        self._edit.restart_steps()
        begin_context_again(self._edit, self._use.traces.context(self._before))
        return TrailAnew(self._trace, self._edit, earlier())

    def _copied_events(self) -> dict[int, KeptSource]:
        """Copy what waits in spools; returns it as it is kept then, by number."""
        copied = {}
        for change in self._changes:
            if not change.kept.kind.is_spooled or change.file is None:
                continue
            size = change.kept.size
            for piece in self._source.read(change.file, change.start):
                taken = piece[: change.left(size)]
                if not taken:
                    break
                self._edit.append_source(change.number, taken)
                size += len(taken)
            copied[change.number] = change.kept.but(size=size)
        return copied

    def _opened(self, progress: Progress | None) -> tuple[Progress | None, list[OpenSource]]:
        """Open every source where it was left; all at the start, where a state is of no use."""
        try:
            return progress, self._open(progress)
        except Corrupt:
            if progress is None:
                raise
            return None, self._open(None)

    def _open(self, progress: Progress | None) -> list[OpenSource]:
        use = self._use
        notes = dict(notes_of(self._changes, use.blobs))
        parser = use.parsers[self._session.agent]
        means = Means(parser, use.traces, self._before, self._copied, notes)
        return [OpenSource(means, each, progress) for each in self._changes if each.is_read]

    def _copied(self, change: SourceChange) -> Iterator[bytes]:
        """Yield what is new of a source, each piece after it was handed to the trace."""
        if change.file is None or not change.is_copied:
            return
        for piece in self._source.read(change.file, change.start):
            self._edit.append_source(change.number, piece)
            yield piece

    def _keep(self, numbered: Numbered) -> None:
        kept = numbered.kept
        self._edit.append_step(kept)
        claim = claim_of(kept)
        self._claims.append(claim)
        if self._documents is not None:
            self._documents.append((step_document(self._trace, kept, claim), kept.revision > 0))

    def _commit(
        self,
        numbering: Numbering,
        events: dict[int, KeptSource],
        trail: TrailKeeping,
        looked: frozenset[str],
        *,
        reread: bool,
    ) -> Captured:
        kept = self._kept_sources(numbering.sources, events)
        header = self._header(kept, numbering.count)
        looked = self._use.manifests.execute(header, trail, looked)
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
            events=_events_kept(self._changes, events),
            said=trail.said if self._before is None or reread else None,
            looked=looked,
            stamps={
                file.location: file.stamp
                for file in self._session.files
                if not file.kind.is_spooled
            },
        )

    def _kept_sources(
        self, sources: Sequence[OpenSource], events: Mapping[int, KeptSource]
    ) -> tuple[KeptSource, ...]:
        """Return all sources by number: those that were read as they are now."""
        read = {source.number: source.kept() for source in sources} | dict(events)
        return tuple(read.get(change.number, change.kept) for change in self._changes)

    def _header(self, kept: tuple[KeptSource, ...], steps: int) -> TraceHeader:
        before = self._before.header if self._before else None
        rewritten = any(change.rewrites for change in self._changes)
        header = header_of(
            self._session,
            kept,
            steps=steps,
            generation=before.generation + rewritten if before else 0,
            replays=before.replays if before else (),
        )
        if before is not None:
            header = header.but(parts=before.parts)
        return seen_in(header, before, self._use.worktrees)


def _events_kept(
    changes: Sequence[SourceChange], copied: Mapping[int, KeptSource] | None = None
) -> dict[SourceKind, int]:
    """Return how many bytes of what waits in spools are kept, by kind."""
    kept: dict[SourceKind, int] = {}
    for change in changes:
        kind = change.kept.kind
        if kind.is_spooled:
            now = (copied or {}).get(change.number, change.kept)
            kept[kind] = kept.get(kind, 0) + change.start + now.size - change.kept.size
    return {kind: size for kind, size in kept.items() if size}
