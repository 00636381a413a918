"""What lies in a home and nothing needs."""

from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from opentraces.adapters.filesystem.bucket_file import refuse_later
from opentraces.adapters.filesystem.deleting import Deleting
from opentraces.adapters.filesystem.durable import Barrier, Folder
from opentraces.adapters.filesystem.entries import Entry, entries, entry_of
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import (
    BLOBS,
    TRACES,
    TRASH,
    blob_file,
    blob_of,
    is_trace_id,
    trace_folder,
)
from opentraces.adapters.filesystem.leftovers import Leftovers
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.redating import redate
from opentraces.adapters.filesystem.references import References
from opentraces.adapters.filesystem.temporaries import Temporaries
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.audit import Problem
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.garbage import Garbage, GarbageKind, Heap, added_up
from opentraces.domain.ids import BlobId, TraceId
from opentraces.ports.garbage import GarbageCollector


class FilesystemGarbageCollector(GarbageCollector):
    """See GarbageCollector. What was deleted goes at any age: somebody asked for that.

    While anything cannot be read, every blob stays, and so does what was deleted.
    """

    def __init__(self, home: Path) -> None:
        """Look into the bucket and the state of a home."""
        self._home = home

    def redate(self, now: datetime) -> None:
        """See GarbageCollector."""
        redate(self._home, now.timestamp())

    def collect(self, latest: datetime, *, remove: bool) -> Garbage:
        """See GarbageCollector."""
        return _Collection(self._home, latest.timestamp(), remove=remove).run()


class _Collection:
    """One run. Without `remove` no lock is taken: not even its file is made."""

    def __init__(self, home: Path, latest: float, *, remove: bool) -> None:
        self._home = home
        self._bucket = Tree(home / "bucket")
        self._state = Tree(home / "state")
        self._locks = Locks(home / "state")
        self._latest = latest
        self._removes = remove
        self._references = References(home)
        self._leftovers = Leftovers(home / "bucket", latest)
        self._found: list[Garbage] = []
        self._problems: tuple[Problem, ...] = ()

    def run(self) -> Garbage:
        """Go through everything."""
        self._collect_from_traces()
        self._collect_blobs(self._lone_blobs())
        if not self._problems:
            self._finish_deletions()
        temporaries = Temporaries(self._home, self._locks, self._latest)
        self._add_each(GarbageKind.TEMPORARY, temporaries.find(remove=self._removes))
        self._collect_progress()
        return added_up([*self._found, Garbage(problems=self._problems)])

    def _collect_from_traces(self) -> None:
        littered: list[TraceId] = []
        for trace, envelope in self._references.look():
            found = self._leftovers.beside(envelope)
            if found and self._removes:
                littered.append(trace)
            else:
                self._add_each(GarbageKind.LEFTOVERS, found)
        uncommitted = self._references.uncommitted
        if not self._removes:
            for trace in uncommitted:
                self._add_folder(self._leftovers.uncommitted(trace))
        elif littered or uncommitted:
            # As a batch does, so that nobody changes the bucket's format meanwhile.
            with closing(self._locks.hold(Locks.BLOBS, wait=True, shared=True)):
                refuse_later(self._bucket.root)
                self._clean(littered, uncommitted)

    def _clean(self, littered: Iterable[TraceId], uncommitted: Iterable[TraceId]) -> None:
        """Remove leftovers; a trace that somebody writes to is cleaned by that."""
        for trace in littered:
            with suppress(Busy), closing(self._locks.hold(trace, wait=False)):
                found = self._leftovers.remove_beside(trace)
                self._add_each(GarbageKind.LEFTOVERS, found)
        for trace in uncommitted:
            with suppress(Busy), closing(self._locks.hold(trace, wait=False)):
                self._add_folder(self._leftovers.remove_uncommitted(trace))

    def _lone_blobs(self) -> dict[BlobId, int]:
        """Return the sizes of blobs that are old, and that nothing needs."""
        lone: dict[BlobId, int] = {}
        for prefix in self._bucket.names(BLOBS):
            for entry in entries(self._bucket, f"{BLOBS}/{prefix}"):
                blob = blob_of(entry.name)
                if blob is None or not blob.startswith(prefix) or not self._is_old(entry):
                    continue
                if blob not in self._references.blobs:
                    lone[blob] = entry.size
        return lone

    def _finish_deletions(self) -> None:
        trash = {name for name in self._bucket.names(TRASH) if is_trace_id(name)}
        traces = sorted({*trash, *self._references.deleted})
        folders = [place for each in traces for place in (f"{TRASH}/{each}", _folder_of(each))]
        size = sum(entry.size for place in folders for entry in entries(self._bucket, place))
        if traces and self._removes:
            Deleting(self._bucket.root, self._locks).finish(wait=True)
        self._add(GarbageKind.DELETED, Heap(len(traces), size))

    def _collect_blobs(self, lone: dict[BlobId, int]) -> None:
        if not self._removes:
            self._note_problems(lone)
            if not self._problems:
                self._add(GarbageKind.BLOBS, Heap(len(lone), sum(lone.values())))
        elif lone or self._references.problems:
            with closing(self._locks.hold(Locks.BLOBS, wait=True)):
                refuse_later(self._bucket.root)
                # Meanwhile an import may have found a blob here, and named it; and what looked as
                # if its envelope was lost may have been about to get its first one.
                self._references.look_again()
                self._note_problems(lone)
                if lone and not self._problems:
                    self._make_durable()
                    self._remove_blobs(lone)

    def _note_problems(self, lone: dict[BlobId, int]) -> None:
        self._problems = self._references.problems
        if lone and not self._references.traces:
            # Rather than all blobs being too many, all traces may be missing: not mounted, say.
            self._problems += (Problem("missing", TRACES, None),)

    def _make_durable(self) -> None:
        """Make durable what all envelopes say: a writer may have been killed before it did."""
        names = [envelope_name(trace) for trace in self._references.traces]
        while True:
            names = [name for name in names if entry_of(self._bucket, name) is not None]
            barrier = Barrier(self._bucket.root)
            for name in names:
                barrier.add(name)
            try:
                return barrier.flush()
            except StorageUnavailable:
                if all(entry_of(self._bucket, name) is not None for name in names):
                    raise  # else one was deleted meanwhile

    def _remove_blobs(self, lone: dict[BlobId, int]) -> None:
        for blob, size in lone.items():
            if blob not in self._references.blobs:
                folder, _, file = blob_file(blob).rpartition("/")
                with closing(Folder(self._bucket.root, folder)) as place:
                    place.remove(file)
                self._add(GarbageKind.BLOBS, Heap(1, size))

    def _collect_progress(self) -> None:
        for prefix in self._state.names("progress"):
            for entry in entries(self._state, f"progress/{prefix}"):
                trace = TraceId(entry.name)
                is_ours = is_trace_id(trace) and trace.startswith(prefix) and self._is_old(entry)
                is_gone = is_ours and trace not in self._references.traces
                if is_gone and self._forget(trace, prefix):
                    self._add_each(GarbageKind.PROGRESS, [entry])

    def _forget(self, trace: TraceId, prefix: str) -> bool:
        """Remove the progress of a trace that is gone. False: it is not, or not any more."""
        if not self._removes:
            return True
        with suppress(Busy), closing(self._locks.hold(trace, wait=False)):
            is_there = entry_of(self._bucket, envelope_name(trace)) is not None
            if not is_there or is_deleted(self._bucket, trace):
                with closing(Folder(self._state.root, f"progress/{prefix}")) as folder:
                    folder.remove(trace)
                return True
        return False

    def _is_old(self, entry: Entry) -> bool:
        return entry.is_file and entry.changed <= self._latest

    def _add(self, kind: GarbageKind, heap: Heap) -> None:
        self._found.append(Garbage({kind: heap}))

    def _add_each(self, kind: GarbageKind, found: Iterable[Entry]) -> None:
        for entry in found:
            self._add(kind, Heap(1, entry.size))

    def _add_folder(self, found: list[Entry] | None) -> None:
        if found is not None:
            self._add(GarbageKind.FOLDERS, Heap(1, sum(entry.size for entry in found)))


def _folder_of(trace: str) -> str:
    return trace_folder(TraceId(trace))
