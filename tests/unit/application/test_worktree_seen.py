"""Where a session began is looked up when it is kept, once, and stays when the folder goes."""

from opentraces.domain.trail.worktree import WorktreeSigns
from tests.memory_world import FOLDER, MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

OLD, NEW = "a" * 40, "b" * 40
SIGNS = WorktreeSigns(path=FOLDER, root_commit=OLD, remote="github.com/acme/widgets")
BEGAN = 1_793_527_200_000
"""10:00 of the day of the lines, in milliseconds since 1970."""

MAIN = typed("Fix it", at=5) + answered("Done", at=9)


def world_of(signs: WorktreeSigns | None = SIGNS) -> MemoryWorld:
    world = MemoryWorld()
    if signs is not None:
        world.worktrees.worktrees[FOLDER] = signs
    world.worktrees.checked_out[FOLDER] = {BEGAN: OLD, BEGAN + 7000: NEW}
    world.leave("s1", {"s1.jsonl": MAIN})
    return world


def seen(world: MemoryWorld) -> WorktreeSigns | None:
    return world.traces.envelope(trace_of("s1")).header.worktree


def test_base_is_what_was_checked_out_when_the_session_began() -> None:
    world = world_of()
    world.run()

    assert world.worktrees.asked == [(FOLDER, BEGAN + 5000)]
    assert seen(world) == SIGNS.but(base_commit=OLD)
    assert world.record("s1").task.base_commit == OLD
    assert [each.file_path for each in world.record("s1").patches] == ["1.py"]


def test_a_session_that_goes_on_is_not_looked_at_again() -> None:
    world = world_of()
    world.run()
    world.agent.append("s1.jsonl", answered("More", at=20))

    world.run()

    assert len(world.worktrees.asked) == 1
    assert seen(world) == SIGNS.but(base_commit=OLD)


def test_a_folder_that_came_to_be_a_worktree_is_seen_when_the_session_goes_on() -> None:
    world = world_of(None)
    world.run()
    assert seen(world) is None
    world.worktrees.worktrees[FOLDER] = SIGNS
    world.cursors.forget()
    world.run()
    assert seen(world) is None
    world.agent.append("s1.jsonl", answered("More", at=20))

    world.run()

    assert seen(world) is not None


def test_what_was_seen_stays_when_the_folder_is_gone() -> None:
    world = world_of()
    world.run()
    before = seen(world)
    del world.worktrees.worktrees[FOLDER]
    earlier = typed("Before that", at=1) + MAIN
    world.leave("s1", {"s1.jsonl": earlier})

    world.run()

    assert len(world.worktrees.asked) == 2
    assert seen(world) == before


def test_it_does_not_matter_which_file_came_first() -> None:
    helper = answered("Help", at=8, isSidechain=True, agentId="a4")
    world = world_of()
    world.leave("s1", {"s1/subagents/agent-a4.jsonl": helper})
    world.run()
    assert seen(world) == SIGNS.but(base_commit=NEW)

    world.leave("s1", {"s1.jsonl": MAIN, "s1/subagents/agent-a4.jsonl": helper})
    world.run()

    assert seen(world) == SIGNS.but(base_commit=OLD)


def test_what_is_no_trace_is_looked_for_nowhere() -> None:
    world = world_of()
    world.leave("s1", {"s1.jsonl": b'{"type":"summary","summary":"x","leafUuid":"y"}\n'})

    world.run()

    assert world.worktrees.asked == []


def test_a_worktree_that_an_agent_made_is_seen_though_it_is_gone() -> None:
    made = f"{FOLDER}/.claude/worktrees/fox"
    lines = MAIN.replace(f'"{FOLDER}"'.encode(), f'"{made}"'.encode())
    assert made.encode() in lines
    world, elsewhere = MemoryWorld(), MemoryWorld()
    world.worktrees.worktrees[FOLDER] = SIGNS
    elsewhere.worktrees.worktrees["/home/dev/other"] = SIGNS
    for each in (world, elsewhere):
        each.worktrees.gone.add(made)
        each.leave("s1", {"s1.jsonl": lines})
        each.run()

    assert seen(world) == SIGNS.but(path=made)
    assert seen(elsewhere) is None
