"""Some traces copied together, made durable together."""

from contextlib import ExitStack, suppress

from opentraces.adapters.filesystem.bucket_file import refuse_later
from opentraces.adapters.filesystem.durable import Barrier
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.snapshot.reading import reading
from opentraces.adapters.filesystem.snapshot.trace import Different, TraceCopy
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace, CopyFate
from opentraces.ports.markers import Markers

_TOGETHER = 64 * 1024 * 1024
"""Bytes after which what was written is made durable: so much an interruption costs."""


class CopyBatch:
    """Data and envelopes, a barrier, the renames, a barrier: as a batch of captures does it.

    Nobody else writes to the copy meanwhile, so the locks of its traces may be waited for.
    """

    def __init__(self, bucket: Tree, copy: Tree, locks: Locks, markers: Markers) -> None:
        """Copy from `bucket` to `copy`; `locks` and `markers` are those of the copy."""
        self._bucket = bucket
        self._copy = copy
        self._locks = locks
        self._markers = markers
        self._written: dict[TraceId, TraceCopy] = {}
        self._held = ExitStack()
        self._alone = locks.hold(Locks.BLOBS, wait=True)

    def begin(self) -> None:
        """Look once more, now that nobody else can change the copy's format. Raises NewerFormat."""
        refuse_later(self._copy.root)

    def add(self, trace: TraceId) -> CopiedTrace:
        """Copy a trace as it is now; when its files go meanwhile, as it is then."""
        while True:
            stored = None
            try:
                with reading():
                    stored = _stored(self._bucket, trace)
                if stored is None:
                    return CopiedTrace(trace, CopyFate.GONE)
                return self._copy_commit(trace, stored)
            except Corrupt as error:
                if self._is_still(trace, stored):
                    return CopiedTrace(trace, CopyFate.DAMAGED, reason=str(error))
            except Different as error:
                return CopiedTrace(trace, CopyFate.DIFFERENT, reason=str(error))
            except NewerFormat as error:
                return CopiedTrace(trace, CopyFate.NEWER, reason=str(error))

    def make_durable(self) -> None:
        """Let the copies take effect."""
        if not self._written:
            return
        barrier = Barrier(self._copy.root)
        for copy in self._written.values():
            for name in copy.names:
                barrier.add(name)
        self._markers.mark(tuple(self._written))
        barrier.flush()
        for copy in self._written.values():
            barrier.add(copy.publish())
        barrier.flush()
        for copy in self._written.values():
            copy.clean()
        self._written.clear()
        self._held.close()

    def close(self) -> None:
        """Let everything go."""
        self._held.close()
        self._alone.close()

    def _copy_commit(self, trace: TraceId, stored: bytes) -> CopiedTrace:
        name = envelope_name(trace)
        envelope = decode_to_change(stored, name)
        if envelope.trace_id != trace:
            raise Corrupt(f"{name} is another trace's")
        with suppress(Corrupt):
            if _stored(self._copy, trace) == stored:
                return CopiedTrace(trace, CopyFate.UNCHANGED)
        copy = TraceCopy(self._bucket, self._copy, stored, envelope)
        with ExitStack() as held:
            held.callback(self._locks.hold(trace, wait=True).close)
            held.callback(copy.close)
            try:
                copy.write()
            except Corrupt:
                copy.abandon()
                raise
            self._held.push(held.pop_all())
        self._written[trace] = copy
        if sum(each.bytes for each in self._written.values()) > _TOGETHER:
            self.make_durable()
        return CopiedTrace(trace, CopyFate.WRITTEN, copy.bytes)

    def _is_still(self, trace: TraceId, stored: bytes | None) -> bool:
        """Whether the bucket says of a trace what it said before."""
        try:
            with reading():
                return _stored(self._bucket, trace) == stored
        except Corrupt:
            return True


def _stored(bucket: Tree, trace: TraceId) -> bytes | None:
    """Return an envelope's bytes. None: the trace is not there."""
    return None if is_deleted(bucket, trace) else bucket.read(envelope_name(trace))
