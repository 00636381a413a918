"""Make a copy of the bucket, or bring one up to date."""

from collections import Counter
from collections.abc import Callable, Iterable

from opentraces.domain.amounts import size
from opentraces.domain.errors import NotFound, StorageUnavailable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.snapshot import CopiedTrace, CopyFate, SnapshotTaken
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.kept_traces import KeptTraces
from opentraces.ports.room import Room
from opentraces.ports.snapshots import Snapshots

TOGETHER = 64
"""Traces that are made durable together."""

OnTrace = Callable[[int, int], None]
"""Told how many traces are done, and of how many."""


@frozen_dataclass
class TakeSnapshot:
    """Make a copy of the bucket, or bring one up to date, while captures go on."""

    keeper: BucketKeeper
    traces: KeptTraces
    snapshots: Snapshots
    room: Room

    def execute(self, on_trace: OnTrace = lambda done, total: None) -> SnapshotTaken:
        """Idempotent: what an interrupted run left is done by the next.

        Raises:
            NotFound: nothing was ever kept.
            BadRequest: something else is in the place of the copy; nothing is touched.
            StorageUnavailable: there is too little room, and nothing was written, or the medium
                refused. ForeignBucket, NewerFormat, Corrupt: see BucketKeeper and Snapshots.
        """
        if self.keeper.identify() is None:
            raise NotFound("nothing is kept yet → opentraces import --all")
        self._check_room()
        tally = _Tally()
        traces = tuple(self.traces.ids())
        with self.snapshots.updating() as update:
            for done in range(0, len(traces), TOGETHER):
                on_trace(done, len(traces))
                tally.add(update.copy(traces[done : done + TOGETHER]))
            tally.add(update.finish())
        return tally.taken()

    def _check_room(self) -> None:
        needed, free = self.snapshots.needed(), self.room.free()
        if needed > free:
            raise StorageUnavailable(
                f"the snapshot needs {size(needed)}, and there are {size(free)} free; "
                "nothing was written"
            )


class _Tally:
    """What became of all traces so far."""

    def __init__(self) -> None:
        self._fates: Counter[CopyFate] = Counter()
        self._bytes = 0
        self._left_out: list[CopiedTrace] = []

    def add(self, copied: Iterable[CopiedTrace]) -> None:
        """Count some more."""
        for each in copied:
            self._fates[each.fate] += 1
            self._bytes += each.bytes
            if each.fate.is_left_out:
                self._left_out.append(each)

    def taken(self) -> SnapshotTaken:
        """Sum up."""
        return SnapshotTaken(
            written=self._fates[CopyFate.WRITTEN],
            unchanged=self._fates[CopyFate.UNCHANGED],
            deleted=self._fates[CopyFate.DELETED],
            bytes=self._bytes,
            left_out=tuple(self._left_out),
        )
