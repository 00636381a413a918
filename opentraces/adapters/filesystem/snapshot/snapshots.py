"""A copy of the bucket, as a folder."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from opentraces.adapters.filesystem.deleting import Deleting, check_tombstone
from opentraces.adapters.filesystem.durable import Folder, replace
from opentraces.adapters.filesystem.entries import entries
from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.layout import (
    BLOBS,
    BUCKET_FILE,
    TOMBSTONES,
    is_trace_id,
    tombstone,
    trace_folder,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.snapshot.batch import CopyBatch
from opentraces.adapters.filesystem.snapshot.place import LOCK, SETTINGS, check_place
from opentraces.adapters.filesystem.trace_ids import trace_ids
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Busy, Corrupt, NewerFormat
from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace, CopyFate
from opentraces.ports.markers import Markers
from opentraces.ports.snapshots import Snapshots, SnapshotUpdate

_BLOCK: Final = 4096
"""What a file takes at least, and rounded up to."""


class FilesystemSnapshots(Snapshots):
    """See Snapshots. The copy is a home, and its bucket is written to as any bucket is.

    Under its own locks, marks before envelopes, envelopes last. Of the rest of the home only the
    settings are copied, and none that is a link: not the spool, which waits to be kept; not index
    and state, which are derived; not quarantine and trash.
    """

    def __init__(self, home: Path, place: Path, markers: Markers) -> None:
        """Copy the bucket of `home` to `place`; `markers` are those of the place."""
        self._home = home
        self._place = place
        self._markers = markers

    def needed(self) -> int:
        """See Snapshots. By the sizes of files; blobs that no trace names count, too."""
        check_place(self._home, self._place)
        bucket, copy = Tree(self._home / "bucket"), Tree(self._place / "bucket")
        folders = (f"{BLOBS}/{prefix}" for prefix in bucket.names(BLOBS))
        needed = sum(_missing(bucket, copy, folder) for folder in folders)
        return needed + sum(_missing(bucket, copy, trace_folder(t)) for t in trace_ids(bucket))

    @contextmanager
    def updating(self) -> Iterator[SnapshotUpdate]:
        """See Snapshots."""
        check_place(self._home, self._place)
        locks = Locks(self._place / "state")
        try:
            lock = locks.hold(LOCK, wait=False)
        except Busy as error:
            raise Busy(f"another process writes to {self._place}") from error
        with closing(lock):
            described = Tree(self._home / "bucket").read(BUCKET_FILE)
            copied = Tree(self._place / "bucket").read(BUCKET_FILE)
            if described is not None and copied is None:
                replace(self._place / "bucket", BUCKET_FILE, described)
            yield _Update(self._home, self._place, locks, self._markers)


class _Update(SnapshotUpdate):
    """See SnapshotUpdate."""

    def __init__(self, home: Path, place: Path, locks: Locks, markers: Markers) -> None:
        self._home = Tree(home)
        self._place = Tree(place)
        self._bucket = Tree(home / "bucket")
        self._copy = Tree(place / "bucket")
        self._locks = locks
        self._markers = markers
        self._deleting = Deleting(self._copy.root, locks)

    def copy(self, traces: Sequence[TraceId]) -> Sequence[CopiedTrace]:
        """See SnapshotUpdate."""
        with closing(CopyBatch(self._bucket, self._copy, self._locks, self._markers)) as batch:
            batch.begin()
            copied = [batch.add(trace) for trace in traces]
            batch.make_durable()
        return copied

    def finish(self) -> Sequence[CopiedTrace]:
        """See SnapshotUpdate."""
        copied = [self._follow(trace) for trace in self._deleted()]
        for name in SETTINGS:
            self._copy_settings(name)
        return [each for each in copied if each is not None]

    def _deleted(self) -> Iterator[TraceId]:
        for prefix in self._bucket.names(TOMBSTONES):
            for name in self._bucket.names(f"{TOMBSTONES}/{prefix}"):
                trace = TraceId(name.removesuffix(".json"))
                if name.endswith(".json") and is_trace_id(trace):
                    yield trace

    def _follow(self, trace: TraceId) -> CopiedTrace | None:
        """Delete a trace in the copy. None: it was not there, and never will be."""
        if self._copy.size(tombstone(trace)) is not None:
            return None
        try:
            if self._copy.size(envelope_name(trace)) is not None:
                self._deleting.delete(trace, self._markers)
                return CopiedTrace(trace, CopyFate.DELETED)
            stored = self._bucket.read(tombstone(trace)) or b""
            check_tombstone(stored, trace)
        except Corrupt as error:
            return CopiedTrace(trace, CopyFate.DAMAGED, reason=str(error))
        except NewerFormat as error:
            return CopiedTrace(trace, CopyFate.NEWER, reason=str(error))
        replace(self._copy.root, tombstone(trace), stored)
        return None

    def _copy_settings(self, name: str) -> None:
        is_there = self._place.size(name) is not None
        stored = self._home.read(name) if self._home.size(name) is not None else None
        if stored is None and is_there:
            with closing(Folder(self._place.root, "")) as folder:
                folder.remove(name)
        if stored is not None and not (is_there and self._place.read(name) == stored):
            replace(self._place.root, name, stored)


def _missing(bucket: Tree, copy: Tree, folder: str) -> int:
    """Return how much room a folder's files take that the copy has not."""
    there = {entry.name: entry.size for entry in entries(copy, folder) if entry.is_file}
    return sum(
        max(_room(entry.size) - _room(there.get(entry.name, 0)), 0)
        for entry in entries(bucket, folder)
        if entry.is_file
    )


def _room(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
