"""A bucket in dicts, in the hands of a repair."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket, checked_runs
from opentraces.adapters.memory.writing import MemoryTraceEdit
from opentraces.domain.audit import Problem
from opentraces.domain.envelope import BlobRef, Envelope, Member, is_context, is_steps, is_trail
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, TraceId, blob_id, digest
from opentraces.domain.mending import Damage, Filled, Gap, Remains
from opentraces.domain.source_rows import SourceRow
from opentraces.ports.markers import Markers
from opentraces.ports.mending import Mender, Reread, TraceMending
from opentraces.ports.trace_writing import TraceEdit


class MemoryTraceMending(TraceMending):
    """See TraceMending. An envelope is an object here, and never lost."""

    def __init__(self, bucket: MemoryBucket, trace: TraceId, *, dry_run: bool) -> None:
        self._bucket = bucket
        self._trace = trace
        self._kept = bucket.trace(trace)
        self._is_dry = dry_run
        self.edits: list[MemoryTraceEdit] = []

    @property
    def damage(self) -> Damage:
        """See TraceMending."""
        envelope, names = self._kept.envelope, damaged_files(self._kept)
        sources = ((n, envelope.source_file(n)) for n in range(len(envelope.header.sources)))
        return Damage(
            steps=next((self._path(name) for name in names if is_steps(name)), None),
            trail=next((self._path(name) for name in names if is_trail(name)), None),
            context=next((self._path(name) for name in names if is_context(name)), None),
            sources={n: self._path(name) for n, name in sources if name in names},
            blobs={
                number: kept.blob.blob
                for number, kept in enumerate(envelope.header.sources)
                if kept.blob and not _is_whole(self._bucket, kept.blob.blob)
            },
        )

    def envelope(self) -> Envelope:
        """See TraceMending."""
        return self._kept.envelope

    def remains(self, reread_of: Callable[[SourceRow], Reread]) -> Remains:
        """See TraceMending."""
        raise Corrupt("nothing of it is lost")

    def fill(self, number: int, reread: Reread) -> Filled:
        """See TraceMending."""
        name = self._kept.envelope.source_file(number) or ""
        data = self._kept.files.get(name, b"")
        filled = bytearray()
        taken: list[Gap] = []
        gaps: list[Gap] = []
        for member in self._kept.envelope.files[name].members:
            place = Gap(len(filled), member.plain)
            run = data[place.offset : place.offset + place.length]
            if digest(run) != member.content:
                run = _taken(reread(place.offset), member)
                (gaps if digest(run) != member.content else taken).append(place)
            filled += run.ljust(member.plain)
        if taken and not gaps and not self._is_dry:
            self._kept.files[name] = bytes(filled)
        return Filled(gaps=tuple(gaps), taken=tuple(taken))

    def fill_blob(self, number: int, reread: Reread) -> BlobRef | None:
        """See TraceMending."""
        ref = self._kept.envelope.header.sources[number].blob
        data = b"".join(reread(0))
        if ref is None or blob_id(data) != ref.blob:
            return None
        if not self._is_dry:
            self._bucket.blobs[ref.blob] = data
        return ref

    def edit(self, envelope: Envelope) -> TraceEdit:
        """See TraceMending."""
        self.edits.append(MemoryTraceEdit(self._trace, self._kept))
        return self.edits[-1]

    def _path(self, name: str | None) -> str:
        return f"{self._trace}/{name}"


class MemoryMender(Mender):
    """See Mender. Nothing has a place of its own here, so nothing is set aside but blobs."""

    def __init__(self, bucket: MemoryBucket, markers: Markers, *, dry_run: bool = False) -> None:
        """Mend `bucket`; `dry_run`: change nothing."""
        self._bucket = bucket
        self._markers = markers
        self._is_dry = dry_run
        self._aside: list[str] = []

    def headless(self) -> Iterator[Problem]:
        """See Mender."""
        return iter(())

    @contextmanager
    def holding(self, trace: TraceId) -> Iterator[TraceMending]:
        """See Mender."""
        mending = MemoryTraceMending(self._bucket, trace, dry_run=self._is_dry)
        yield mending
        changed = {edit.trace: edit.next for edit in mending.edits if edit.next}
        if not self._is_dry:
            self._markers.mark(tuple(changed))
            self._bucket.traces |= changed

    def set_aside(self, path: str, trace: TraceId | None) -> str | None:
        """See Mender."""
        if _is_whole(self._bucket, BlobId(path)):
            return None
        if not self._is_dry:
            self._bucket.blobs.pop(BlobId(path), None)
            self._aside.append(f"quarantine/{trace or '_'}/{path}")
        return f"quarantine/{trace or '_'}/{path}"

    def bury(self, trace: TraceId) -> None:
        """See Mender."""

    def describe(self, bucket_id: str | None) -> bool:
        """See Mender."""
        is_lost = bool(self._bucket.traces) and self._bucket.name is None
        if is_lost and not self._is_dry:
            self._bucket.name = bucket_id or "00000000-0000-4000-8000-000000000002"
        return is_lost

    def evidence(self) -> tuple[str, ...]:
        """See Mender."""
        return tuple(self._aside)


def damaged_files(kept: KeptTrace) -> Sequence[str]:
    """Return the companion files that are not what the envelope says."""
    damaged = []
    for name, said in kept.envelope.files.items():
        try:
            checked_runs(name, kept.files.get(name, b""), said)
        except Corrupt:
            damaged.append(name)
    return damaged


def _is_whole(bucket: MemoryBucket, blob: BlobId) -> bool:
    return blob_id(bucket.blobs.get(blob, b"")) == blob


def _taken(pieces: Iterable[bytes], member: Member) -> bytes:
    held = b""
    for piece in pieces:
        held += piece
        if len(held) >= member.plain:
            break
    return held[: member.plain]
