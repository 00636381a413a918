"""Bytes of old sessions that are let go, on memory adapters."""

from datetime import UTC, datetime

import pytest

from opentraces.adapters.memory.destination import MemoryDestination
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.restore_trace import RestoreTrace
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BytesReleased
from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from opentraces.domain.ids import blob_id
from tests.memory_world import MemoryWorld, release_of, trace_of
from tests.transcript_lines import answered, typed

LATER = datetime(2027, 1, 1, tzinfo=UTC)
EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
FIRST = typed("Fix it", at=0) + answered("Done", at=5)
MORE = typed("And this", at=60) + answered("Done, too", at=65, message="m2")
HELPER = answered("Helped", at=7, isSidechain=True, agentId="a1", message="m3")
OUTPUT = b"spilled" * 100
FILES = {
    "s1.jsonl": FIRST,
    "s1/subagents/agent-a1.jsonl": HELPER,
    "s1/tool-results/out.txt": OUTPUT,
}


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", FILES)
    world.run()
    return world


def release(world: MemoryWorld, latest: datetime = LATER, *, dry_run: bool = False) -> Garbage:
    return release_of(world).execute(latest, dry_run=dry_run)


def envelope(world: MemoryWorld) -> Envelope:
    return world.traces.envelope(trace_of("s1"))


def test_the_bytes_of_an_old_session_go_and_what_was_read_of_them_stays(world: MemoryWorld) -> None:
    before = world.record("s1")
    size = sum(map(len, FILES.values()))

    assert release(world).heaps == {GarbageKind.RAW: Heap(3, size)}

    after = world.record("s1")
    assert after.steps == before.steps
    assert after.metrics == before.metrics
    assert world.query("helped").total == 1
    for kept, data in zip(envelope(world).header.sources, FILES.values(), strict=True):
        assert (kept.size, kept.blob) == (0, None)
        assert kept.released is not None
        assert (kept.released.size, kept.released.sha256) == (len(data), blob_id(data))
    rows = after.metadata["sources"]
    assert [(row["size"], row["released"]) for row in rows] == [
        (len(data), True) for data in FILES.values()
    ]
    assert release(world).total == Heap(0)


def test_one_that_ended_later_keeps_its_bytes(world: MemoryWorld) -> None:
    assert release(world, EARLIER).total == Heap(0)
    assert world.restored("s1")


def test_a_dry_run_releases_nothing(world: MemoryWorld) -> None:
    before = envelope(world)

    dry = release(world, dry_run=True)

    assert envelope(world) == before
    assert dry == release(world)


def test_what_nothing_was_read_of_keeps_its_bytes() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": b'{"type":"mode"}\n'})
    world.run()

    assert release(world).total == Heap(0)


def test_what_hooks_wrote_down_stays(world: MemoryWorld) -> None:
    world.tell("s1", "Stop")
    world.ingest("s1")
    hooks = world.record("s1").metadata["hooks"]

    release(world)

    assert world.record("s1").metadata["hooks"] == hooks


def test_its_files_cannot_be_given_back(world: MemoryWorld) -> None:
    release(world)

    with pytest.raises(BytesReleased, match="keep_raw_days → opentraces trace get"):
        RestoreTrace(world.traces, world.blobs, ResolveTrace(world.traces)).execute(
            trace_of("s1"), MemoryDestination()
        )


class TestImportAgain:
    def test_unchanged_files_are_not_kept_again(self, world: MemoryWorld) -> None:
        release(world)
        commit = envelope(world).commit
        world.cursors.forget()

        done = world.run()

        assert (done.kept, done.unchanged, done.failed) == (0, 1, [])
        assert envelope(world).commit == commit

    def test_a_session_that_goes_on_is_kept_whole_again(self, world: MemoryWorld) -> None:
        release(world)
        grown = {**FILES, "s1.jsonl": FIRST + MORE}
        world.leave("s1", grown)

        assert world.run().failed == []

        fresh = MemoryWorld()
        fresh.leave("s1", grown)
        fresh.run()
        assert world.records() == fresh.records()
        assert world.restored("s1") == fresh.restored("s1")
        assert world.query("too").total == 1

    def test_a_new_file_of_it_brings_all_of_it_back(self, world: MemoryWorld) -> None:
        release(world)
        more = {**FILES, "s1/subagents/agent-a2.jsonl": HELPER.replace(b"a1", b"a2")}
        world.leave("s1", more)
        world.run()

        assert set(world.restored("s1").values()) >= set(more.values())

    @pytest.mark.parametrize("changed", [FIRST[:-9] + b'else."}]}}\n', FIRST[: len(FIRST) // 2]])
    def test_one_that_was_rewritten_is_reported_and_stays_as_it_was(
        self, changed: bytes, world: MemoryWorld
    ) -> None:
        release(world)
        before = world.record("s1")
        world.leave("s1", {"s1.jsonl": changed + MORE})

        [failed] = world.run().failed

        assert "its kept bytes were released" in failed.reason
        assert world.record("s1") == before

    def test_one_whose_other_files_are_gone_is_reported(self, world: MemoryWorld) -> None:
        release(world)
        world.leave("s1", {"s1.jsonl": FIRST + MORE})
        for name in [name for name in FILES if name != "s1.jsonl"]:
            world.agent.remove(name)

        [failed] = world.run().failed

        assert "its kept bytes were released" in failed.reason
