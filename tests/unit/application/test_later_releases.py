"""A trace that a later release wrote hinders nothing, and nothing is done to it or forgotten."""

from dataclasses import replace

import pytest

from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

MAIN = typed("Fix it", at=0) + answered("Done", at=5)
OTHER = typed("Sew it", at=0, session="s2") + answered("Sewn", at=6, session="s2")
FORK = (
    b'{"type":"queue-operation","operation":"enqueue","timestamp":"2026-11-01T11:00:00Z",'
    b'"sessionId":"s2"}\n'
    + typed("Fix it", at=0, session="s2")
    + answered("Done", at=5, session="s2")
    + answered("Forked", at=30, session="s2")
)
LATER, PLAIN = trace_of("s1"), trace_of("s2")


@pytest.fixture
def world() -> MemoryWorld:
    """Two sessions are kept; a later release has written the first since."""
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    world.leave("s2", {"s2.jsonl": OTHER})
    world.run()
    world.bucket.later.add(LATER)
    return world


def upgrade(world: MemoryWorld) -> None:
    """Go on with a release that can read everything."""
    world.bucket.later.clear()


def test_an_import_says_so_and_keeps_the_others(world: MemoryWorld) -> None:
    before = world.bucket.traces[LATER]
    world.agent.append("s1.jsonl", typed("Zebra", at=9))
    world.agent.append("s2.jsonl", typed("Zebra", at=9, session="s2"))

    done = world.run()

    assert (done.kept, [left.path for left in done.failed]) == (1, ["s1.jsonl"])
    assert "later release" in done.failed[0].reason
    assert world.bucket.traces[LATER] is before
    assert world.query("zebra").total == 1
    upgrade(world)
    assert (world.run().kept, world.query("zebra").total) == (1, 2)


def test_its_events_wait_for_a_release_that_can_keep_them(world: MemoryWorld) -> None:
    said = world.tell("s1", "Stop")

    (round_,) = world.ingest()

    assert len(round_.imported.failed) == 1
    assert [each.session for each in world.spool.waiting()] == ["s1"]
    upgrade(world)
    world.ingest()
    assert world.restored("s1")["hooks/s1.jsonl"] == said
    assert not world.spool.waiting()


def test_a_search_names_it_and_shows_the_others(world: MemoryWorld) -> None:
    answer = world.query("it")

    assert [hit.brief.trace for hit in answer.hits] == [PLAIN]
    assert (answer.later, answer.damaged) == ((LATER,), ())


def test_an_index_that_is_built_without_it_is_completed_by_a_later_release(
    world: MemoryWorld,
) -> None:
    world.index.lose()

    assert world.catch_up.execute().complete
    assert world.query("it").total == 1
    assert list(world.markers.marked()) == [LATER]

    upgrade(world)
    world.catch_up.execute()
    assert world.query("it").total == 2
    assert not world.markers.marked()


def test_its_mark_outlives_every_run(world: MemoryWorld) -> None:
    world.markers.mark([LATER])
    world.agent.append("s2.jsonl", typed("Zebra", at=9, session="s2"))

    world.run()
    world.catch_up.execute()

    assert list(world.markers.marked()) == [LATER]


@pytest.mark.parametrize("by", ["import", "search"])
def test_a_ledger_that_is_built_without_it_is_completed_by_a_later_release(by: str) -> None:
    world, plain = MemoryWorld(), MemoryWorld()
    for each in (world, plain):
        each.leave("s1", {"s1.jsonl": MAIN})
        each.run()
    world.bucket.later.add(LATER)
    world.ledger.begin_anew()
    for each in (world, plain):
        each.leave("s2", {"s2.jsonl": FORK})
    if by == "search":
        world.catch_up.execute()
    world.run()

    upgrade(world)
    world.catch_up.execute()
    plain.run()

    assert world.records() == plain.records()
    assert not world.markers.marked()


def test_what_a_fork_copied_is_settled_by_a_release_that_can_write_to_it() -> None:
    world, plain = MemoryWorld(), MemoryWorld()
    for each in (world, plain):
        each.leave("s2", {"s2.jsonl": FORK})
        each.run()
    world.bucket.later.add(PLAIN)
    for each in (world, plain):
        each.leave("s1", {"s1.jsonl": MAIN})
        each.run()
    assert list(world.markers.marked()) == [PLAIN]

    upgrade(world)
    world.catch_up.execute()

    assert world.records() == plain.records()
    assert not world.markers.marked()


def test_of_a_bucket_that_may_only_be_read_an_index_is_built_and_nothing_settled(
    world: MemoryWorld,
) -> None:
    world.index.lose()
    world.ledger.begin_anew()
    world.markers.mark([PLAIN])
    reading = replace(world.catch_up, may_settle=False)

    assert reading.is_needed()
    reading.execute()

    assert world.query("it").total == 1
    assert list(world.markers.marked()) == sorted([LATER, PLAIN])
    assert not world.ledger.is_complete()
    assert not reading.is_needed()
