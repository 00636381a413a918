"""A bucket in the hands of a repair."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.deleting import tombstone_bytes
from opentraces.adapters.filesystem.durable import replace
from opentraces.adapters.filesystem.kept_files import envelope_name, has_lost_envelope, is_deleted
from opentraces.adapters.filesystem.layout import (
    BUCKET_FILE,
    ENVELOPE,
    QUARANTINE,
    TRACES,
    blob_file,
    blob_of,
    is_trace_id,
    tombstone,
    trace_folder,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.mending.description import is_lost
from opentraces.adapters.filesystem.mending.looking import stored_ref
from opentraces.adapters.filesystem.mending.quarantine import Quarantine
from opentraces.adapters.filesystem.mending.remains import Searching
from opentraces.adapters.filesystem.mending.trace import FilesystemTraceMending
from opentraces.adapters.filesystem.packers import Packers
from opentraces.adapters.filesystem.tree import Tree
from opentraces.adapters.filesystem.writing import make_durable
from opentraces.domain.audit import Problem
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.ports.clock import Clock
from opentraces.ports.markers import Markers
from opentraces.ports.mending import Mender, TraceMending

_COMMIT = re.compile(rb'"commit":(\d{1,18}),"format"')


class FilesystemMender(Mender):
    """See Mender."""

    def __init__(self, home: Path, markers: Markers, clock: Clock, *, dry_run: bool) -> None:
        """Mend the bucket of `home`; `dry_run`: change nothing, and hold nothing."""
        self._bucket = Tree(home / "bucket")
        self._state = Tree(home / "state")
        self._locks = Locks(home / "state")
        self._markers = markers
        self._clock = clock
        self._is_dry = dry_run
        self._aside = Quarantine(self._bucket.root)

    def headless(self) -> Iterator[Problem]:
        """See Mender."""
        for prefix in self._bucket.names(TRACES):
            for name in self._bucket.names(f"{TRACES}/{prefix}"):
                trace = TraceId(name)
                if is_trace_id(name) and name.startswith(prefix) and self._is_headless(trace):
                    yield Problem("missing", envelope_name(trace), trace)

    @contextmanager
    def holding(self, trace: TraceId) -> Iterator[TraceMending]:
        """See Mender."""
        with ExitStack() as held:
            packers = Packers()
            held.callback(packers.close)
            if not self._is_dry:
                held.callback(self._locks.hold(Locks.BLOBS, wait=True, shared=True).close)
                bucket_file.refuse_later(self._bucket.root)
                held.callback(self._locks.hold(trace, wait=True).close)
            mending = FilesystemTraceMending(
                self._bucket, trace, packers, self._aside, dry_run=self._is_dry
            )
            held.callback(mending.close)
            yield mending
            if not self._is_dry:
                make_durable(self._bucket.root, mending.edits, self._markers)

    def set_aside(self, path: str, trace: TraceId | None) -> str | None:
        """See Mender. A blob only while no batch is open that may just have put it there."""
        if self._is_dry:
            return f"{QUARANTINE}/{trace or '_'}"
        blob = blob_of(path.rpartition("/")[2])
        if blob is None or path != blob_file(blob):
            return self._aside.move(path, trace)
        with closing(self._locks.hold(Locks.BLOBS, wait=True)):
            is_whole = stored_ref(self._bucket, blob) is not None
            return None if is_whole else self._aside.move(path, trace)

    def bury(self, trace: TraceId) -> None:
        """See Mender."""
        if self._is_dry:
            return
        name = tombstone(trace)
        with closing(self._locks.hold(trace, wait=True)):
            try:
                found = _COMMIT.search(self._bucket.read(name) or b"")
            except (Corrupt, StorageUnavailable):
                found = None
            self._aside.copy(name, None)  # what is left of the trace itself goes with it
            commit = int(found[1]) if found else 0
            replace(self._bucket.root, name, tombstone_bytes(trace, commit))

    def describe(self, bucket_id: str | None) -> bool:
        """See Mender."""
        if self._is_dry or not is_lost(self._bucket):
            return is_lost(self._bucket)
        with closing(self._locks.hold(Locks.BUCKET, wait=True)):
            if not is_lost(self._bucket):
                return False
            self._aside.copy(BUCKET_FILE, None)
            created_at = self._clock.now().isoformat(timespec="seconds")
            said = bucket_file.encode(bucket_id or str(uuid4()), created_at)
            replace(self._bucket.root, BUCKET_FILE, said)
        return True

    def evidence(self) -> tuple[str, ...]:
        """See Mender."""
        return tuple(self._aside.taken)

    def _is_headless(self, trace: TraceId) -> bool:
        if has_lost_envelope(self._bucket, self._state, trace):
            return True
        names = self._bucket.names(trace_folder(trace))
        if not names or ENVELOPE in names or is_deleted(self._bucket, trace):
            return False
        try:
            Searching(self._bucket, trace, lambda _: None).found()
        except Corrupt:
            return False
        return True
