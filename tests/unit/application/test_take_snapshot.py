"""A copy of the bucket, on memory adapters."""

import pytest

from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.adapters.memory.snapshots import MemorySnapshots
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.application.take_snapshot import TOGETHER, TakeSnapshot
from opentraces.domain.errors import BadRequest, NotFound, StorageUnavailable
from opentraces.domain.snapshot import CopyFate
from opentraces.ports.room import Room
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed


class Fixed(Room):
    """So much room and no more."""

    def __init__(self, free: int) -> None:
        self._free = free

    def free(self) -> int:
        return self._free


def kept(*sessions: str) -> MemoryWorld:
    world = MemoryWorld()
    for session in sessions:
        text = typed(f"Fix {session}", at=0, session=session)
        world.leave(session, {f"{session}.jsonl": text + answered("Done", at=5, session=session)})
    world.run()
    return world


def use_of(world: MemoryWorld, copy: MemoryBucket, room: int = 1_000_000) -> TakeSnapshot:
    keeper = MemoryBucketKeeper(world.bucket)
    return TakeSnapshot(keeper, world.traces, MemorySnapshots(world.bucket, copy), Fixed(room))


def test_all_is_copied_and_then_only_what_changed() -> None:
    world, copy = kept("s1", "s2", "s3"), MemoryBucket()
    use = use_of(world, copy)

    first = use.execute()
    world.agent.append("s1.jsonl", typed("More", at=9))
    world.run()
    world.writer.delete(trace_of("s2"))
    second = use.execute()

    assert (first.traces, first.written, first.unchanged, first.deleted) == (3, 3, 0, 0)
    assert (second.traces, second.written, second.unchanged, second.deleted) == (2, 1, 1, 1)
    assert first.bytes > second.bytes > 0
    assert first.left_out == second.left_out == ()
    assert set(MemoryTraceStore(copy).ids()) == {trace_of("s1"), trace_of("s3")}


def test_many_are_copied_in_groups() -> None:
    world = kept(*(f"s{number}" for number in range(TOGETHER + 1)))

    told: list[tuple[int, int]] = []

    taken = use_of(world, MemoryBucket()).execute(lambda done, total: told.append((done, total)))

    assert taken.written == TOGETHER + 1
    assert told == [(0, TOGETHER + 1), (TOGETHER, TOGETHER + 1)]


def test_what_is_left_out_is_named() -> None:
    world, copy = kept("s1", "s2"), MemoryBucket()
    hurt = world.bucket.traces[trace_of("s1")]
    files = {name: b"x" * len(data) for name, data in hurt.files.items()}
    world.bucket.traces[trace_of("s1")] = KeptTrace(hurt.envelope, files)

    taken = use_of(world, copy).execute()

    assert [(each.trace, each.fate) for each in taken.left_out] == [
        (trace_of("s1"), CopyFate.DAMAGED)
    ]
    assert (taken.traces, list(copy.traces)) == (1, [trace_of("s2")])


def test_without_room_nothing_is_written_and_the_error_says_how_much_it_takes() -> None:
    world, copy = kept("s1"), MemoryBucket()
    needed = MemorySnapshots(world.bucket, copy).needed()

    with pytest.raises(StorageUnavailable, match=rf"needs {needed} bytes|needs \d\.\d kB") as error:
        use_of(world, copy, needed - 1).execute()
    assert "nothing was written" in str(error.value)
    assert copy == MemoryBucket()

    assert use_of(world, copy, needed).execute().written == 1
    assert use_of(world, copy, 0).execute().unchanged == 1


def test_where_nothing_was_kept_there_is_nothing_to_copy() -> None:
    copy = MemoryBucket()

    with pytest.raises(NotFound, match="opentraces import"):
        use_of(MemoryWorld(), copy).execute()
    assert copy == MemoryBucket()


def test_the_place_of_another_bucket_is_refused() -> None:
    copy = MemoryBucket(name="another")

    with pytest.raises(BadRequest):
        use_of(kept("s1"), copy, 0).execute()
    assert copy == MemoryBucket(name="another")
