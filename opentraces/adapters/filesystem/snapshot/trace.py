"""One trace on its way into a copy of the bucket."""

import os
from contextlib import closing

from opentraces.adapters.filesystem.durable import Folder, write_at
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    ENVELOPE_TEMPORARY,
    TRACES,
    blob_file,
    may_be_left_over,
    source_number,
    trace_folder,
)
from opentraces.adapters.filesystem.members import check
from opentraces.adapters.filesystem.snapshot.blobs import copy_blob
from opentraces.adapters.filesystem.snapshot.reading import open_kept, reading
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.envelope import BlobRef, Envelope, StoredFile
from opentraces.domain.errors import Corrupt

_NOTHING = StoredFile(length=0, members=())


class Different(Exception):
    """The copy has something of a trace that the bucket has not."""


class TraceCopy:
    """The copy of one trace, whose lock is held there."""

    def __init__(self, bucket: Tree, copy: Tree, stored: bytes, envelope: Envelope) -> None:
        """Copy a trace out of `bucket`, as its envelope says that it is; `stored` are its bytes."""
        self._bucket = bucket
        self._copy = copy
        self._stored = stored
        self._envelope = envelope
        self._trace = envelope.trace_id
        self._name = trace_folder(self._trace)
        self._before: Envelope | None = None
        self._folder: Folder | None = None
        self.bytes = 0
        self.names: list[str] = []

    def write(self) -> None:
        """Write all, the envelope beside the old one; then `names` have to be made durable.

        Raises:
            Corrupt: the bucket does not hold what the envelope says, or not any more.
            Different: see there; nothing was written.
            NewerFormat: a later release wrote to the copy; nothing was written.
            StorageUnavailable: the copy refused.
        """
        self._before = self._copied_before()
        self._refuse_different()
        self._folder = Folder(self._copy.root, self._name)
        for file, kept in self._envelope.files.items():
            self._write_file(self._folder, file, kept)
        for blob in self._envelope.header.blobs:
            self._write_blob(blob)
        self._folder.write(ENVELOPE_TEMPORARY, self._stored)
        self._wrote(f"{self._name}/{ENVELOPE_TEMPORARY}", len(self._stored))

    def publish(self) -> str:
        """Put the envelope in its place; returns its name."""
        if self._folder is not None:
            self._folder.rename(ENVELOPE_TEMPORARY, ENVELOPE)
        return envelope_name(self._trace)

    def clean(self) -> None:
        """Remove files of earlier generations."""
        self._remove_others(self._envelope)

    def abandon(self) -> None:
        """Leave the copy as it was."""
        self._remove_others(self._before)
        if self._before is None and self._folder is not None and not self._folder.names():
            with closing(Folder(self._copy.root, f"{TRACES}/{self._trace[:2]}")) as folder:
                folder.remove_folder(self._trace)

    def close(self) -> None:
        """Let it go."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _copied_before(self) -> Envelope | None:
        """Return what the copy has. None: nothing that can be read."""
        if is_deleted(self._copy, self._trace):
            raise Different("it was deleted in the copy")
        name = envelope_name(self._trace)
        try:
            stored = self._copy.read(name)
            return None if stored is None else decode_to_change(stored, name)
        except Corrupt:
            return None

    def _refuse_different(self) -> None:
        """Let the copy only grow: what else it has may be kept nowhere but there."""
        now = self._envelope
        released = {n for n, kept in enumerate(now.header.sources) if kept.released is not None}
        for file, had in self._before.files.items() if self._before else ():
            number = source_number(file)
            if number in released:
                continue
            if file not in now.files and number is not None and not now.source_members(number):
                raise Different(f"the copy has {file}, and the bucket has not")
            kept = now.files.get(file, had)
            if kept.members[: len(had.members)] != had.members:
                raise Different(f"the copy has other bytes in {file}")

    def _write_file(self, folder: Folder, file: str, kept: StoredFile) -> None:
        name = f"{self._name}/{file}"
        if sum(member.stored for member in kept.members) != kept.length:
            raise Corrupt(f"{envelope_name(self._trace)} does not add up")
        had = self._before.files.get(file) if self._before else None
        if had is not None and (self._copy.size(name) or 0) < had.length:
            had = None
        if had is not None and had.length == kept.length:
            return
        with closing(open_kept(self._bucket, name, kept.length)) as opened:
            descriptor = folder.reopen(file, had.length) if had else folder.create(file)
            try:
                _append(descriptor, opened, had or _NOTHING, kept)
            finally:
                os.close(descriptor)
        self._wrote(name, kept.length - (had or _NOTHING).length)

    def _write_blob(self, ref: BlobRef) -> None:
        name = blob_file(ref.blob)
        known = self._before.header.blobs if self._before else ()
        if ref in known and self._copy.size(name) == ref.stored:
            return
        self._wrote(name, copy_blob(self._bucket, self._copy, ref))

    def _wrote(self, name: str, length: int) -> None:
        self.names.append(name)
        self.bytes += length

    def _remove_others(self, keeps: Envelope | None) -> None:
        """Remove what an envelope does not list."""
        if self._folder is None:
            return
        for file in self._folder.names():
            if may_be_left_over(file) and (keeps is None or file not in keeps.files):
                self._folder.remove(file)


def _append(descriptor: int, opened: OpenFile, had: StoredFile, kept: StoredFile) -> None:
    """Add the runs that are new, each compared with its digest."""
    offset = had.length
    for member in kept.members[len(had.members) :]:
        with reading():
            stored = opened.read(offset, member.stored)
        check(stored, member.digest, opened.name)
        write_at(descriptor, offset, stored, opened.name)
        offset += member.stored
