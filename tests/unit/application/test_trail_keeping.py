"""What sessions did to files is kept with their steps; what was found of it stays."""

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.application.reproject_trace import ReprojectTrace
from opentraces.domain.session import Agent
from opentraces.domain.trail.events import (
    Anchored,
    AnchorSearched,
    PatchCreated,
    StartObserved,
    StateObserved,
    Superseded,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.file_change import NOT_ITS_OWN, TAKEN_BACK, Hunk
from opentraces.domain.trail.known import known_trail
from opentraces.domain.trail.observed import ObservedFile, observed_patches
from opentraces.domain.trail.patch_ids import patch_id_of
from opentraces.domain.trail.start import DirtyFile
from tests.checked import json_of
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

S1 = trace_of("s1")
REPOSITORY = "r" * 40
COMMIT, OTHER = "a" * 40, "b" * 40
MAIN = typed("Fix it", at=0) + answered("Done", at=5)
HELPER = answered("Help", at=3, isSidechain=True, agentId="a4")


def kept_world(files: dict[str, bytes] | None = None) -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", files or {"s1.jsonl": MAIN})
    world.run()
    return world


def trail_of(world: MemoryWorld) -> list[TrailEvent]:
    return list(world.traces.trail(world.traces.envelope(S1)))


def patches_of(world: MemoryWorld) -> list[PatchCreated]:
    return [event for event in trail_of(world) if isinstance(event, PatchCreated)]


def find(world: MemoryWorld, *events: TrailEvent) -> None:
    with world.writer.batch() as batch:
        edit = batch.edit(S1, wait=True)
        for event in events:
            edit.append_trail(event)
        assert edit.envelope is not None
        edit.commit(edit.envelope.header)


def searched(until: str = "2026-11-02T00:00:00Z") -> AnchorSearched:
    return AnchorSearched(repository=REPOSITORY, until=until, tips=(COMMIT,))


def anchored(patch: str, commit: str = COMMIT) -> Anchored:
    return Anchored(
        patch_id=patch,
        repository=REPOSITORY,
        commit=commit,
        committed="2026-11-01T12:00:00Z",
        path="1.py",
        blob="c" * 40,
        tier="exact_range_hash",
        lines=((1, 2),),
    )


def survived(patch: str) -> SurvivalObserved:
    return SurvivalObserved(
        patch_id=patch, repository=REPOSITORY, head=OTHER, kept=1, written=1, state="alive"
    )


SUPERSEDED = Superseded(repository=REPOSITORY, commit=COMMIT, by=OTHER)


def test_changes_are_kept_with_their_step_and_source() -> None:
    world = kept_world({"s1.jsonl": MAIN, "s1/subagents/agent-a4.jsonl": HELPER})

    helped, done = patches_of(world)[:2], patches_of(world)[2:]
    sources = world.traces.envelope(S1).header.sources
    [number] = [n for n, each in enumerate(sources) if each.name.endswith("agent-a4.jsonl")]
    steps = list(world.traces.steps(world.traces.envelope(S1), 1, None))
    assert [event.step_index for event in (*helped, *done)] == [2, 2, 3]
    assert [event.change.after and event.change.after.source for event in helped] == [None, number]
    assert all(
        event.patch_id == patch_id_of(S1, steps[event.step_index - 1].key, event.change)
        for event in (*helped, *done)
    )
    [seen] = [event for event in trail_of(world) if isinstance(event, StateObserved)]
    assert (seen.step_index, seen.change.operation) == (3, "read")


def test_a_session_that_grew_adds_to_its_trail() -> None:
    world = kept_world()
    before = trail_of(world)
    world.agent.append("s1.jsonl", answered("More", at=9))

    world.run()

    assert trail_of(world)[: len(before)] == before
    assert len(trail_of(world)) == len(before) + 2
    assert "trail.jsonl.gz" in world.traces.envelope(S1).files


def test_what_an_amended_step_says_again_is_not_written_again() -> None:
    call = {"type": "tool_use", "id": "c1", "name": "Bash", "input": {"command": "ls"}}
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "a.py"}
    world = kept_world(
        {
            "s1.jsonl": typed("Fix it", at=0)
            + answered("One", at=1, blocks=[call])
            + answered("Two", at=2)
            + typed([result], at=3, uuid="late")
        }
    )

    ones = [event for event in trail_of(world) if getattr(event, "step_index", 0) == 2]

    assert len(ones) <= 3
    assert len({json_of(event) for event in ones}) == len(ones)


def test_an_unchanged_session_keeps_its_trail_as_it_is() -> None:
    world = kept_world()
    find(world, searched())
    before = world.traces.envelope(S1)
    world.cursors.forget()

    world.run()

    assert world.traces.envelope(S1) == before


def test_what_was_found_is_carried_over_when_a_session_is_read_again() -> None:
    world = kept_world()
    first, *_ = patches_of(world)
    found = (
        anchored(first.patch_id),
        anchored("0" * 64),
        SUPERSEDED,
        survived(first.patch_id),
        survived("0" * 64),
        searched(),
    )
    find(world, *found)
    world.leave(
        "s1",
        {"s1.jsonl": MAIN.replace(b"Fix it", b"Fix what?") + answered("More", at=9)},
    )

    world.run()

    kept = [each for each in found if getattr(each, "patch_id", "") != "0" * 64]
    assert world.traces.envelope(S1).steps_generation == 1
    assert [name for name in world.traces.envelope(S1).files if name.startswith("trail")] == [
        "trail.1.jsonl.gz"
    ]
    now = trail_of(world)
    assert patches_of(world)[0].patch_id == first.patch_id
    assert now.index(patches_of(world)[0]) < now.index(kept[0])
    assert [event for event in now if not isinstance(event, PatchCreated | StateObserved)] == kept
    later = [event for event in patches_of(world) if event.step_index == 3]
    assert later
    assert all(now.index(event) > now.index(searched()) for event in later)


def test_a_patch_that_is_gone_takes_what_was_found_of_it_along() -> None:
    world = kept_world()
    find(world, anchored(patches_of(world)[0].patch_id), searched())
    world.leave("s1", {"s1.jsonl": typed("Something else", at=0) + answered("Another thing", at=5)})

    world.run()

    found = [event for event in trail_of(world) if isinstance(event, Anchored)]
    assert found == []
    assert len(patches_of(world)) == 1


def reproject_of(world: MemoryWorld) -> ReprojectTrace:
    return ReprojectTrace(
        {Agent.CLAUDE_CODE: world.parser}, world.traces, world.blobs, world.progress, "1"
    )


def test_steps_that_are_kept_without_their_changes_are_not_the_same() -> None:
    world = MemoryWorld(parser=ClaudeCodeParser())
    world.leave("s1", {"s1.jsonl": MAIN})
    world.run()
    envelope = world.traces.envelope(S1)
    assert trail_of(world) == []

    now = reproject_of(kept_world())
    reproject = ReprojectTrace(now.parsers, world.traces, world.blobs, world.progress, "1")
    projected = reproject.project(envelope)

    assert not reproject.has_same_steps(envelope, projected)
    assert reproject_of(world).has_same_steps(envelope, reproject_of(world).project(envelope))
    with world.writer.batch() as batch:
        reproject.write(envelope, batch.edit(S1, wait=True))
    assert trail_of(world) == trail_of(kept_world())
    after = world.traces.envelope(S1)
    assert reproject.has_same_steps(after, reproject.project(after))


def test_reprojecting_carries_over_what_was_found() -> None:
    world = kept_world()
    find(world, anchored(patches_of(world)[0].patch_id), searched())
    before = trail_of(world)

    with world.writer.batch() as batch:
        edit = batch.edit(S1, wait=True)
        reproject_of(world).write(world.traces.envelope(S1), edit)

    assert trail_of(world) == before
    assert edit.committed.trail_length > 0
    assert "trail.1.jsonl.gz" in edit.committed.files


def test_a_damaged_trail_is_begun_anew_without_what_was_found() -> None:
    world = kept_world()
    find(world, anchored(patches_of(world)[0].patch_id), searched())
    before = trail_of(world)
    files = world.bucket.traces[S1].files
    files["trail.jsonl.gz"] = b"x" * len(files["trail.jsonl.gz"])

    with world.writer.batch() as batch:
        edit = batch.edit(S1, wait=True)
        reproject_of(world).write(world.traces.envelope(S1), edit, has_trail=False)

    assert trail_of(world) == before[:2]


@pytest.mark.parametrize("runs", [1, 2])
def test_what_a_step_does_not_say_any_more_is_taken_back(runs: int) -> None:
    call = {"type": "tool_use", "id": "c1", "name": "Bash", "input": {"command": "ls"}}
    lines = [
        typed("Fix it", at=0) + answered("One", at=1, message="m"),
        answered("One", at=2, message="m", uuid="more", blocks=[call]),
    ]
    world = kept_world({"s1.jsonl": lines[0] if runs == 2 else b"".join(lines)})
    if runs == 2:
        assert [patch.tool_call_id for patch in world.record("s1").patches] == [None]
        world.agent.append("s1.jsonl", lines[1])
        world.run()
        gone = [e for e in patches_of(world) if TAKEN_BACK in e.change.limitations]
        assert [event.change.call for event in gone] == [None]
        assert known_trail(trail_of(world)).patches.keys().isdisjoint(e.patch_id for e in gone)
    envelope = world.traces.envelope(S1)

    assert [patch.tool_call_id for patch in world.record("s1").patches] == ["c1"]
    reproject = reproject_of(world)
    assert reproject.has_same_steps(envelope, reproject.project(envelope))


def test_what_git_said_of_the_worktree_stays_when_steps_are_read_again() -> None:
    world = kept_world()
    made = (Hunk(lines=("+made",)),)
    seen = ObservedFile("/work/app.py", "edit", True, made, moment=1_764_000_000_000)
    observed = tuple(observed_patches(S1, [seen]))
    find(world, *observed)

    world.leave("s1", {"s1.jsonl": MAIN, "agent-a4.jsonl": HELPER})
    world.run()

    assert observed[0] in patches_of(world)
    assert NOT_ITS_OWN.issuperset(observed[0].change.limitations)


def start(*files: DirtyFile, is_whole: bool) -> StartObserved:
    return StartObserved(
        worktree="/work",
        commit=COMMIT,
        observed="2026-11-01T10:00:00Z",
        files=files,
        is_whole=is_whole,
    )


def test_what_was_not_committed_at_the_start_stays_when_steps_are_read_again() -> None:
    world = kept_world()
    first = patches_of(world)[0]
    seen = start(DirtyFile(path="app.py", state="modified"), is_whole=True)
    find(world, seen, anchored(first.patch_id), searched())

    world.leave("s1", {"s1.jsonl": MAIN, "agent-a4.jsonl": HELPER})
    world.run()

    assert trail_of(world).count(seen) == 1
    assert known_trail(trail_of(world)).start == seen
    assert known_trail(trail_of(world)).anchored_in(REPOSITORY)
    with world.writer.batch() as batch:
        reproject_of(world).write(world.traces.envelope(S1), batch.edit(S1, wait=True))
    assert trail_of(world).count(seen) == 1


@pytest.mark.parametrize(
    ("seen", "is_dirty"),
    [
        (start(is_whole=True), False),
        (start(is_whole=False), None),
        (start(DirtyFile(path="app.py", state="untracked"), is_whole=False), True),
    ],
)
def test_what_is_not_known_to_be_clean_is_not_said_to_be(
    seen: StartObserved, is_dirty: bool | None
) -> None:
    world = kept_world()
    assert "worktree_at_start" not in world.record("s1").metadata
    find(world, seen)

    assert world.record("s1").metadata["worktree_at_start"] == {
        "is_dirty": is_dirty,
        "files": [each.as_json() for each in seen.files],
        "is_whole": seen.is_whole,
        "observed": "2026-11-01T10:00:00Z",
    }
