"""One trace in the hands of a repair."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from functools import partial

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.durable import Barrier, Folder, write_at
from opentraces.adapters.filesystem.edit import FilesystemTraceEdit
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import envelope_bytes, envelope_name
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    ENVELOPE_TEMPORARY,
    blob_file,
    is_sources,
    may_be_left_over,
    next_generation,
    trace_folder,
)
from opentraces.adapters.filesystem.mending.looking import damage_of, stored_ref
from opentraces.adapters.filesystem.mending.quarantine import Quarantine
from opentraces.adapters.filesystem.mending.refilling import Refill, merged, refilled
from opentraces.adapters.filesystem.mending.remains import Searching
from opentraces.adapters.filesystem.packers import Packers
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.envelope import BlobRef, Envelope, StoredFile, is_context, is_steps, is_trail
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable, TraceNotFound
from opentraces.domain.ids import BlobHash, BlobId, Digest, TraceId
from opentraces.domain.mending import Damage, Filled, Gap, Remains
from opentraces.domain.source_rows import SourceRow
from opentraces.ports.mending import Reread, TraceMending
from opentraces.ports.trace_writing import TraceEdit


class MendingEdit(FilesystemTraceEdit):
    """An edit that sets aside what its commit takes the place of."""

    def __init__(
        self,
        bucket: Tree,
        envelope: Envelope,
        packers: Packers,
        lost: Mapping[str, StoredFile | None],
        evidence: tuple[Quarantine, Collection[str]],
    ) -> None:
        super().__init__(bucket, envelope.trace_id, envelope, packers, lost)
        self._aside, self._evidence = evidence

    def publish(self) -> str:
        """See FilesystemTraceEdit. Only now: all that takes a place is durable."""
        for file in self._evidence:
            if file not in self.committed.files:
                self._aside.copy(f"{trace_folder(self.trace)}/{file}", self.trace)
        return super().publish()


class FilesystemTraceMending(TraceMending):
    """See TraceMending. Made by a mender, which holds the trace's lock."""

    def __init__(
        self, bucket: Tree, trace: TraceId, packers: Packers, aside: Quarantine, *, dry_run: bool
    ) -> None:
        """Look what is wrong with it. Raises NewerFormat."""
        self._bucket = bucket
        self._trace = trace
        self._packers = packers
        self._aside = aside
        self._is_dry = dry_run
        self._folder = trace_folder(trace)
        self._lost: dict[str, StoredFile | None] = {}
        self._unreadable: Corrupt | None = None
        self._envelope = self._committed()
        self._damage = damage_of(bucket, trace, self._envelope)
        self.edits: list[FilesystemTraceEdit] = []

    @property
    def damage(self) -> Damage:
        """See TraceMending."""
        return self._damage

    def envelope(self) -> Envelope:
        """See TraceMending."""
        if self._envelope is None:
            raise self._unreadable or Corrupt(f"{envelope_name(self._trace)} is missing")
        return self._envelope

    def remains(self, reread_of: Callable[[SourceRow], Reread]) -> Remains:
        """See TraceMending."""

        def again(row: SourceRow) -> BlobRef | None:
            return self._put_back(row.blob, reread_of(row)) if row.blob else None

        found = Searching(self._bucket, self._trace, again).found()
        self._lost |= dict.fromkeys(found.lost)
        return found.remains

    def fill(self, number: int, reread: Reread) -> Filled:
        """See TraceMending."""
        envelope = self.envelope()
        name = envelope.source_file(number)
        if name is None:
            return Filled(gaps=(Gap(0, envelope.header.sources[number].size),))
        kept = envelope.files[name]
        runs = partial(refilled, self._bucket, f"{self._folder}/{name}", kept, reread)
        seen = [(run.place, run.packed and run.packed.member, run.is_taken) for run in runs()]
        members = tuple(member for _, member, _ in seen if member is not None)
        filled = Filled(
            gaps=merged(place for place, member, _ in seen if member is None),
            taken=merged(place for place, member, taken in seen if member and taken),
            is_anew=members != kept.members,
        )
        if filled.taken and not filled.gaps and not self._is_dry:
            self._write(name, runs(), is_anew=filled.is_anew)
        return filled

    def fill_blob(self, number: int, reread: Reread) -> BlobRef | None:
        """See TraceMending."""
        kept = self.envelope().header.sources[number].blob
        if kept is None:
            return None
        return stored_ref(self._bucket, kept.blob) or self._put_back(kept.blob, reread)

    def edit(self, envelope: Envelope) -> TraceEdit:
        """See TraceMending."""
        lost = dict(self._lost)
        if self._damage.listing:
            lost |= dict.fromkeys(filter(is_sources, envelope.files))
        evidence = [*lost]
        if self._damage.steps:
            evidence += filter(is_steps, envelope.files)
        if self._damage.trail:
            evidence += filter(is_trail, envelope.files)
        if self._damage.context:
            evidence += filter(is_context, envelope.files)
        if self._damage.envelope:
            lost[ENVELOPE] = None
            beside = filter(may_be_left_over, self._bucket.names(self._folder))
            evidence = [ENVELOPE, *(name for name in beside if name != ENVELOPE_TEMPORARY)]
        aside = (self._aside, evidence)
        edit = MendingEdit(self._bucket, envelope, self._packers, lost, aside)
        self.edits.append(edit)
        return edit

    def close(self) -> None:
        """Let everything go."""
        for edit in self.edits:
            edit.close()

    def _committed(self) -> Envelope | None:
        name = envelope_name(self._trace)
        try:
            envelope = decode_to_change(envelope_bytes(self._bucket, self._trace), name)
        except (TraceNotFound, StorageUnavailable) as error:
            if isinstance(error, NewerFormat):
                raise
            return None
        except Corrupt as error:
            self._unreadable = error
            return None
        return envelope if envelope.trace_id == self._trace else None

    def _put_back(self, blob: BlobId, reread: Reread) -> BlobRef | None:
        """Write a blob again, where the agent's own file is that. None: it is not."""
        size, found = _measured(reread(0))
        if found != blob:
            return None
        if self._is_dry:
            return BlobRef(blob=blob, size=size, stored=0, digest=Digest(""))
        self._aside.copy(blob_file(blob), self._trace)
        ref = FilesystemBlobStore(self._bucket.root).put(reread(0))
        barrier = Barrier(self._bucket.root)
        barrier.add(blob_file(ref.blob))
        barrier.flush()
        return ref if ref.blob == blob else None

    def _write(self, name: str, runs: Iterator[Refill], *, is_anew: bool) -> None:
        """Write a source's file beside itself; then, if it holds the same, into its place."""
        new = next_generation(name)
        barrier = Barrier(self._bucket.root)
        with closing(Folder(self._bucket.root, self._folder)) as folder:
            kept = _written(folder, new, runs)
            barrier.add(f"{self._folder}/{new}")
            barrier.flush()
            if is_anew:
                self._lost[name] = kept
                return
            self._aside.copy(f"{self._folder}/{name}", self._trace)
            folder.rename(new, name)
            barrier.add(f"{self._folder}/{name}")
            barrier.flush()


def _written(folder: Folder, file: str, runs: Iterator[Refill]) -> StoredFile:
    """Write runs to a new file. Raises Corrupt when the agent's own changed meanwhile."""
    members = []
    length = 0
    name = f"{folder.name}/{file}"
    descriptor = folder.create(file)
    try:
        for run in runs:
            if run.packed is None:
                raise Corrupt(f"{name}: what it was taken from has changed")
            write_at(descriptor, length, run.packed.stored, name)
            length += len(run.packed.stored)
            members.append(run.packed.member)
    finally:
        os.close(descriptor)
    return StoredFile(length=length, members=tuple(members))


def _measured(pieces: Iterator[bytes]) -> tuple[int, BlobId]:
    """Return how many bytes there are, and what names them."""
    taken, size = BlobHash(), 0
    for piece in pieces:
        taken.update(piece)
        size += len(piece)
    return size, taken.blob_id()
