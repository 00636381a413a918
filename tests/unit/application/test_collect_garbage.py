"""What nothing needs, on memory adapters."""

from datetime import UTC, datetime, timedelta

import pytest

from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.garbage import MemoryGarbageCollector, Piece
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.application.collect_garbage import CollectGarbage
from opentraces.domain.audit import Problem
from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from tests.memory_world import MemoryWorld, release_of, trace_of
from tests.transcript_lines import answered, typed

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WEEK = timedelta(days=7)
BLOBS, MARKS, TRASH = GarbageKind.BLOBS, GarbageKind.MARKS, GarbageKind.DELETED


def piece(kind: GarbageKind, days: int, size: int = 5) -> Piece:
    return Piece(kind, size, NOW - timedelta(days=days))


def use_of(world: MemoryWorld, *places: MemoryGarbageCollector) -> CollectGarbage:
    keeper = MemoryBucketKeeper(world.bucket)
    return CollectGarbage(keeper, places, release_of(world), world.catch_up, FixedClock(NOW))


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0) + answered("Done", at=5)})
    world.run()
    return world


def test_where_nothing_was_kept_nothing_is_looked_for() -> None:
    place = MemoryGarbageCollector(piece(BLOBS, 10))

    assert use_of(MemoryWorld(), place).execute(WEEK, dry_run=False) == Garbage()
    assert len(place.pieces) == 1


def test_what_all_places_hold_is_added_up(world: MemoryWorld) -> None:
    problem = Problem("damaged", "trace.json", None)
    places = (
        MemoryGarbageCollector(piece(BLOBS, 10), piece(TRASH, 8), problems=(problem,)),
        MemoryGarbageCollector(piece(BLOBS, 7), piece(BLOBS, 6), problems=(problem,)),
    )

    found = use_of(world, *places).execute(WEEK, dry_run=False)

    assert (found.heaps[BLOBS], found.heaps[TRASH]) == (Heap(2, 10), Heap(1, 5))
    assert (found.total, found.problems) == (Heap(3, 15), (problem,))
    assert [len(place.pieces) for place in places] == [0, 1]


def test_what_a_clock_that_was_ahead_left_lies_as_long_as_all_else(world: MemoryWorld) -> None:
    place = MemoryGarbageCollector(piece(BLOBS, -3650))
    keeper = MemoryBucketKeeper(world.bucket)

    gone = []
    for days in (0, 6, 8):
        clock = FixedClock(NOW + timedelta(days=days))
        use = CollectGarbage(keeper, (place,), release_of(world), world.catch_up, clock)
        assert use.execute(WEEK, dry_run=True).total == Heap(0, 0) or days == 8
        gone.append(use.execute(WEEK, dry_run=False).total)

    assert gone == [Heap(0), Heap(0), Heap(1, 5)]


def test_a_dry_run_removes_nothing(world: MemoryWorld) -> None:
    place = MemoryGarbageCollector(piece(BLOBS, 10))
    use = use_of(world, place)

    dry = use.execute(WEEK, dry_run=True)

    assert len(place.pieces) == 1
    assert use.execute(WEEK, dry_run=False) == dry


def test_the_mark_of_a_trace_that_is_gone_goes_when_the_index_has_forgotten_it(
    world: MemoryWorld,
) -> None:
    world.writer.delete(trace_of("s1"))
    use = use_of(world)

    assert use.execute(WEEK, dry_run=True).heaps[MARKS] == Heap(1)
    assert world.markers.marked() == (trace_of("s1"),)
    assert use.execute(WEEK, dry_run=False).heaps[MARKS] == Heap(1)
    assert world.markers.marked() == ()
    assert world.query("fix").total == 0


def test_the_mark_of_a_trace_that_is_there_is_no_garbage(world: MemoryWorld) -> None:
    world.markers.mark([trace_of("s1")])

    assert use_of(world).execute(WEEK, dry_run=False).total == Heap(0)
    assert world.markers.marked() == (trace_of("s1"),)


@pytest.mark.parametrize("has_index", [True, False])
def test_a_mark_stays_while_another_process_is_at_the_ledger(
    world: MemoryWorld, has_index: bool
) -> None:
    world.writer.delete(trace_of("s1"))
    if not has_index:
        world.index.discard()

    with world.ledger.settling():
        found = use_of(world).execute(WEEK, dry_run=False)

    assert found.total == Heap(0)
    assert world.markers.marked() == (trace_of("s1"),)
