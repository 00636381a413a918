"""Remove what nothing needs any more."""

from datetime import timedelta

from opentraces.application.catch_up import CatchUp
from opentraces.application.release_sources import ReleaseSources
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.garbage import Garbage, GarbageKind, Heap, added_up
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.clock import Clock
from opentraces.ports.garbage import GarbageCollector


@frozen_dataclass
class CollectGarbage:
    """Remove what nothing needs any more, once it has lain for a time."""

    keeper: BucketKeeper
    places: tuple[GarbageCollector, ...]
    release: ReleaseSources
    catch_up: CatchUp
    clock: Clock

    def execute(
        self, grace: timedelta, *, dry_run: bool, keep_raw: timedelta | None = None
    ) -> Garbage:
        """Idempotent, and safe beside imports and deletions.

        `keep_raw`: for how long after its end the bytes of a session are kept. None: for ever.

        Raises ForeignBucket, NewerFormat, Corrupt (the bucket's own description), and
        StorageUnavailable.
        """
        if self.keeper.identify() is None:
            return Garbage()
        now = self.clock.now()
        if not dry_run:
            for place in self.places:
                place.redate(now)
        found = []
        if keep_raw is not None:
            found.append(self.release.execute(now - keep_raw, dry_run=dry_run))
        latest = now - grace
        found += [place.collect(latest, remove=not dry_run) for place in self.places]
        return added_up([*found, self._marks(remove=not dry_run)])

    def _marks(self, *, remove: bool) -> Garbage:
        """Let index and ledger forget traces that are gone: their marks go by that, at any age.

        A mark that was merely removed would leave the words of a deleted trace in the index.
        """
        gone = self._gone()
        if gone and remove:
            self.catch_up.attempt()
            gone -= self._gone()
        return Garbage({GarbageKind.MARKS: Heap(len(gone))})

    def _gone(self) -> set[TraceId]:
        return {trace for trace in self.catch_up.markers.marked() if self._is_gone(trace)}

    def _is_gone(self, trace: TraceId) -> bool:
        try:
            self.catch_up.traces.envelope(trace)
        except TraceNotFound:
            return True
        except (Corrupt, NewerFormat):
            return False
        return False
