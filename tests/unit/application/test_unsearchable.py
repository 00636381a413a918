"""Sessions are kept, read and deleted where no index can be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.garbage import MemoryGarbageCollector, Piece
from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.application.collect_garbage import CollectGarbage
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.garbage import GarbageKind, Heap
from opentraces.domain.media import unmappable
from opentraces.ports.index_writing import IndexUpdate
from tests.memory_world import NOW, MemoryWorld, release_of, trace_of
from tests.transcript_lines import answered, typed

REFUSAL = unmappable("/index", "No such device")


class RefusedIndex(MemoryIndex):
    """Cannot be written to while it is refused."""

    is_refused = True

    @contextmanager
    def updating(self) -> Iterator[IndexUpdate]:
        """See IndexWriter."""
        if self.is_refused:
            raise StorageUnavailable(REFUSAL)
        with super().updating() as update:
            yield update


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld(index=RefusedIndex())
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0) + answered("Done", at=2)})
    return world


def mend(world: MemoryWorld) -> None:
    assert isinstance(world.index, RefusedIndex)
    world.index.is_refused = False


def test_an_import_keeps_sessions_and_says_why_they_are_not_found(world: MemoryWorld) -> None:
    done = world.run()

    assert (done.kept, done.behind) == (1, REFUSAL)
    assert len(world.record("s1").steps) == 2
    assert list(world.markers.marked()) == [trace_of("s1")]


def test_a_worker_keeps_sessions_and_takes_their_events_away(world: MemoryWorld) -> None:
    world.tell("s1", "Stop")

    (done,) = world.ingest()

    assert (done.imported.kept, done.imported.behind) == (1, REFUSAL)
    assert world.spool.waiting() == ()


def test_a_trace_is_deleted_and_forgotten_later(world: MemoryWorld) -> None:
    world.run()

    world.delete("s1")

    assert list(world.traces.ids()) == []
    mend(world)
    assert world.catch_up.execute().complete
    assert world.query("fix").total == 0


def test_what_was_kept_meanwhile_is_found_when_it_can_be(world: MemoryWorld) -> None:
    world.run()
    mend(world)

    assert world.run().behind is None
    assert world.query("fix").total == 1


def test_garbage_is_collected_and_a_mark_stays(world: MemoryWorld) -> None:
    world.run()
    world.delete("s1")
    garbage = MemoryGarbageCollector(Piece(GarbageKind.BLOBS, 5, NOW - timedelta(days=8)))
    keeper = MemoryBucketKeeper(world.bucket)
    use = CollectGarbage(keeper, (garbage,), release_of(world), world.catch_up, FixedClock(NOW))

    found = use.execute(timedelta(days=7), dry_run=False)

    assert found.total == Heap(1, 5)
    assert list(world.markers.marked()) == [trace_of("s1")]
