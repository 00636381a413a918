"""Make the steps of a kept trace again, from its kept bytes and with today's parser."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from opentraces.application.context_keeping import begin_context_again, keep_context
from opentraces.application.numbering import Numbering
from opentraces.application.reading import Means, OpenSource
from opentraces.application.source_change import Fate, SourceChange
from opentraces.application.sources import notes_of
from opentraces.application.trail_keeping import TrailAnew
from opentraces.domain.context.carried import made_of
from opentraces.domain.context.lines import of_source
from opentraces.domain.envelope import Envelope, TraceHeader
from opentraces.domain.errors import BytesReleased
from opentraces.domain.header import header_of
from opentraces.domain.ids import Digest, digest
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, FoundSession, SourceFile
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step_events import FromStep, StepEvents
from opentraces.ports.blobs import BlobStore
from opentraces.ports.parsing import TraceParser
from opentraces.ports.progress import ProgressStore
from opentraces.ports.trace_writing import TraceEdit
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class Projected:
    """What a trace's kept bytes say today."""

    reading: Numbering
    """How they were read."""

    header: TraceHeader
    """The header of the trace."""

    digests: tuple[Digest, ...] = ()
    """Of each step, in order. Empty, where they were written at once."""

    changes: StepEvents = field(default_factory=StepEvents)
    """What the steps did to files; empty, likewise."""

    context: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """The nodes of its Context Tree, by source and answer; empty, likewise."""


@frozen_dataclass
class ReprojectTrace:
    """Make the steps of a kept trace again. What it says is what a fresh import of them says."""

    parsers: Mapping[Agent, TraceParser]
    traces: TraceStore
    blobs: BlobStore
    progress: ProgressStore
    release: str
    """Of ours."""

    def project(self, envelope: Envelope) -> Projected:
        """Read all of it, and write nothing. Holds a digest a step.

        Raises Corrupt or BlobNotFound when kept bytes are damaged.
        """
        reading = self._opened(envelope)
        digests: list[Digest] = []
        changes = StepEvents()
        for numbered in reading.numbered():
            place = numbered.kept.step.step_index - 1
            digests[place : place + 1] = [_digest(numbered.kept)]
            changes.of(envelope.trace_id, numbered.kept, numbered.changes)
        seen = (of_source(e, source.number) for source in reading.sources for e in source.context())
        return Projected(
            reading, _header(envelope, reading), tuple(digests), changes, made_of(seen)
        )

    def has_same_steps(self, envelope: Envelope, projected: Projected) -> bool:
        """Whether steps, and what they did to files, are kept like that. Raises Corrupt."""
        held = (_digest(kept) for kept in self.traces.steps(envelope, 1, None))
        if tuple(held) != projected.digests:
            return False
        changes = StepEvents()
        for event in self.traces.trail(envelope):
            if isinstance(event, FromStep):
                changes.take(event)
        if not changes.ends_as(projected.changes):
            return False
        return made_of(self.traces.context(envelope)) == projected.context

    def write(
        self,
        envelope: Envelope,
        edit: TraceEdit,
        *,
        has_trail: bool = True,
        has_context: bool = True,
    ) -> Projected:
        """Begin steps, trail and Context Tree anew, and commit.

        `has_trail`: what was found of its patches can be read, and is carried over; `has_context`:
        so can requests that were kept. Raises as `project` does: then nothing takes effect.
        """
        before = self.traces.trail(envelope) if has_trail else ()
        edit.restart_steps()
        trail = TrailAnew(envelope.trace_id, edit, before)
        begin_context_again(edit, self.traces.context(envelope) if has_context else ())
        reading = self._opened(envelope)
        for numbered in reading.numbered():
            edit.append_step(numbered.kept)
            trail.keep(numbered)
        trail.finish()
        keep_context(edit, reading.sources)
        projected = Projected(reading, _header(envelope, reading))
        edit.commit(projected.header)
        return projected

    def remember(self, projected: Projected, committed: Envelope) -> None:
        """Let the next import go on from there; only after the commit took effect."""
        progress = projected.reading.progress(committed, self.release)
        self.progress.save(committed.trace_id, progress)

    def _opened(self, envelope: Envelope) -> Numbering:
        sources = envelope.header.sources
        if any(kept.released for kept in sources):
            raise BytesReleased(f"{envelope.trace_id} has no kept bytes to be read again")
        changes = [SourceChange(n, kept, Fate.KEPT) for n, kept in enumerate(sources)]
        notes = dict(notes_of(changes, self.blobs))
        parser = self.parsers[envelope.header.agent]
        means = Means(parser, self.traces, envelope, _nothing_new, notes)
        return Numbering([OpenSource(means, c, None) for c in changes if c.is_read], None)


def _nothing_new(_: SourceChange) -> Iterator[bytes]:
    return iter(())


def _digest(kept: KeptStep) -> Digest:
    """Return what is equal for equal steps, however often each was amended on its way."""
    return digest(kept.but(revision=0).line())


def _header(envelope: Envelope, reading: Numbering) -> TraceHeader:
    before = envelope.header
    sources = list(before.sources)
    for source in reading.sources:
        sources[source.number] = source.kept()
    files = (SourceFile(each.name, each.kind, each.location, each.size, "") for each in sources)
    header = header_of(
        FoundSession(before.agent, before.session_id, tuple(files)),
        sources,
        steps=reading.count,
        generation=before.generation,
        replays=before.replays,
        worktree=before.worktree,
    )
    return header.but(parts=before.parts)
