"""A damaged bucket is mended from what is whole; what is not to be had is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from opentraces.adapters.memory.mending import MemoryMender
from opentraces.application.repair_bucket import RepairBucket
from opentraces.application.repair_trace import RepairTrace
from opentraces.application.reproject_bucket import ReprojectBucket
from opentraces.application.reproject_trace import ReprojectTrace
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.mending import Repaired
from opentraces.domain.session import Agent
from opentraces.ports.room import Room
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

SESSION = "a"
HELPER = "a/subagents/agent-1.jsonl"
NOTE = "a/subagents/agent-1.meta.json"


class SomeRoom(Room):
    """Room for so many bytes."""

    def __init__(self, left: int) -> None:
        self.left = left

    def free(self) -> int:
        """See Room."""
        return self.left


def repair(
    world: MemoryWorld, *, dry_run: bool = False, reproject: bool = False, room: int = 10**9
) -> Repaired:
    keeper = world.imports.keeper
    mender = MemoryMender(world.bucket, world.markers, dry_run=dry_run)
    parsers = {Agent.CLAUDE_CODE: world.parser}
    again = ReprojectTrace(parsers, world.traces, world.blobs, world.progress, "2")
    bucket = ReprojectBucket(keeper, world.traces, world.writer, again, SomeRoom(room), dry_run)
    trace = RepairTrace(mender, world.agent, again, dry_run)
    use = RepairBucket(keeper, mender, trace, bucket, tuple, lambda: world.catch_up, dry_run)
    return use.execute(reproject=reproject)


@pytest.fixture
def world() -> MemoryWorld:
    """A session with a sub-agent and its note, and another session."""
    world = MemoryWorld()
    helper = answered("helped", at=3, isSidechain=True, agentId="1")
    world.leave(
        SESSION,
        {
            "a.jsonl": typed("wombat", at=1) + answered("hello", at=2),
            HELPER: helper,
            NOTE: b'{"agentType":"Explore"}',
        },
    )
    world.leave("b", {"b.jsonl": typed("numbat", at=1)})
    world.run()
    world.tell(SESSION, "Stop")
    world.ingest()
    return world


def spoil(world: MemoryWorld, file: str) -> str:
    """Damage a file of the session's trace; returns its path."""
    files = world.bucket.traces[trace_of(SESSION)].files
    [name] = [name for name in files if name.startswith(file)]
    files[name] = b"?" + files[name][1:]
    return f"{trace_of(SESSION)}/{name}"


def spoil_note(world: MemoryWorld) -> str:
    [blob] = world.bucket.blobs
    world.bucket.blobs[blob] = b"?"
    return blob


def number_of(world: MemoryWorld, name: str) -> int:
    names = [kept.name for kept in world.traces.envelope(trace_of(SESSION)).header.sources]
    return names.index(name)


def spoil_hooks(world: MemoryWorld) -> str:
    return spoil(world, f"source-{number_of(world, 'hooks/a.jsonl')}.")


@pytest.mark.parametrize(
    ("harm", "text"),
    [
        (lambda world: spoil(world, "steps"), "made again from the kept bytes"),
        (lambda world: spoil(world, "source-0."), "put back from a.jsonl"),
        (spoil_note, f"put back from {NOTE}"),
    ],
)
def test_what_is_lost_comes_back(
    world: MemoryWorld, harm: Callable[[MemoryWorld], str], text: str
) -> None:
    records, files = world.records(), world.restored(SESSION)
    path = harm(world)

    foretold = repair(world, dry_run=True)
    assert not foretold.ok
    done = repair(world)

    assert done.ok
    assert [each.path for each in done.mended] == [path]
    assert text in done.mended[0].text
    assert foretold.mended == done.mended
    assert (world.records(), world.restored(SESSION)) == (records, files)
    assert repair(world).mended == ()


@pytest.mark.parametrize(
    ("harm", "gone", "text"),
    [
        (lambda world: spoil(world, "source-0."), "a.jsonl", "a.jsonl are lost: a.jsonl is gone"),
        (spoil_note, NOTE, f"{NOTE} is lost"),
        (spoil_hooks, "", "what hooks wrote down is nowhere else"),
    ],
)
def test_what_is_not_to_be_had_is_named(
    world: MemoryWorld, harm: Callable[[MemoryWorld], str], gone: str, text: str
) -> None:
    other = world.record("b")
    world.agent.remove(gone)
    path = harm(world)

    done = repair(world)

    assert not done.ok
    assert (done.mended, [each.path for each in done.left]) == ((), [path])
    assert text in done.left[0].text
    assert world.record("b") == other
    assert repair(world).left == done.left


def test_steps_wait_for_the_bytes_that_they_are_made_of(world: MemoryWorld) -> None:
    paths = {spoil(world, "source-0."), spoil(world, "steps")}
    world.agent.remove("a.jsonl")

    assert {each.path for each in repair(world).left} == paths


def test_steps_wait_for_a_note_that_says_what_they_are(world: MemoryWorld) -> None:
    paths = {spoil_note(world), spoil(world, "steps")}
    world.agent.remove(NOTE)

    assert {each.path for each in repair(world).left} == paths


def test_steps_are_made_of_bytes_that_were_put_back(world: MemoryWorld) -> None:
    records = world.records()
    spoil(world, "source-0.")
    spoil(world, "steps")

    assert repair(world).ok
    assert world.records() == records


def test_index_and_ledger_follow(world: MemoryWorld) -> None:
    spoil(world, "steps")

    assert repair(world).behind is None
    assert list(world.markers.marked()) == []
    assert [hit.brief.trace for hit in world.query("wombat").hits] == [trace_of(SESSION)]


def test_a_whole_bucket_stays_as_it_is(world: MemoryWorld) -> None:
    before = {trace: kept.envelope for trace, kept in world.bucket.traces.items()}

    done = repair(world, reproject=True)

    assert (done.ok, done.mended, done.anew, done.traces) == (True, (), 0, 2)
    assert {trace: kept.envelope for trace, kept in world.bucket.traces.items()} == before


def test_there_must_be_room_for_steps_made_again(world: MemoryWorld) -> None:
    with pytest.raises(StorageUnavailable, match="nothing was done"):
        repair(world, reproject=True, room=10)


def test_what_a_later_release_wrote_is_left_out_and_named() -> None:
    world = MemoryWorld()
    world.leave("a", {"a.jsonl": typed("wombat", at=1)})
    world.run()
    world.bucket.later.add(trace_of("a"))

    done = repair(world)

    assert (done.ok, done.left) == (True, ())
    assert [each.trace for each in done.later] == [trace_of("a")]


def test_an_envelope_that_claims_terabytes_refuses_no_reprojection(world: MemoryWorld) -> None:
    kept = world.bucket.traces[trace_of(SESSION)]
    files = {
        name: file.but(length=1 << 50) if name.startswith("steps") else file
        for name, file in kept.envelope.files.items()
    }
    lying = kept.envelope.but(files=files)
    world.bucket.traces[trace_of(SESSION)] = replace(kept, envelope=lying)

    assert repair(world, reproject=True).anew is not None
