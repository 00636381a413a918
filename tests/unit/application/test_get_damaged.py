"""Of a damaged trace what is whole is shown, and the rest is named."""

import pytest

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.application.get_trace import GetTrace, Gotten
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.errors import Corrupt
from opentraces.domain.session import Agent
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed


@pytest.fixture
def world() -> MemoryWorld:
    """A session with hooks, captured twice."""
    world = MemoryWorld()
    world.leave("a", {"a.jsonl": typed("wombat", at=1) + answered("hello", at=2)})
    world.run()
    world.tell("a", "Stop")
    world.ingest()
    world.agent.append("a.jsonl", typed("numbat", at=5))
    world.run()
    return world


def get(world: MemoryWorld, *, around_damage: bool = True, first: int | None = None) -> Gotten:
    use = GetTrace(
        world.traces, ResolveTrace(world.traces), {Agent.CLAUDE_CODE: ClaudeCodeHookEvents()}
    )
    return use.execute(Address(trace_of("a"), first), around_damage=around_damage)


def spoil(world: MemoryWorld, file: str, at: int) -> None:
    files = world.bucket.traces[trace_of("a")].files
    [name] = [name for name in files if name.startswith(file)]
    data = bytearray(files[name])
    data[at] ^= 1
    files[name] = bytes(data)


def test_a_whole_trace_names_no_damage(world: MemoryWorld) -> None:
    gotten = get(world)

    assert gotten == get(world, around_damage=False)
    assert (gotten.damage, "damage" in gotten.record.metadata) == ((), False)


def test_lost_events_of_hooks_leave_the_steps(world: MemoryWorld) -> None:
    whole = get(world)
    source = world.traces.envelope(trace_of("a")).events_source
    spoil(world, f"source-{source}.", 0)

    gotten = get(world)

    assert len(gotten.steps) == len(whole.steps) == 3
    (said,) = gotten.damage
    assert "what hooks told is left out" in said
    assert gotten.record.metadata["damage"] == [said]
    with pytest.raises(Corrupt):
        get(world, around_damage=False)


def test_lost_steps_are_named(world: MemoryWorld) -> None:
    spoil(world, "steps", 0)

    gotten = get(world)

    assert gotten.steps == ()
    assert [said.endswith("; lost: :1-3") for said in gotten.damage] == [True]


def test_a_step_that_is_lost_is_not_passed_over_in_silence(world: MemoryWorld) -> None:
    spoil(world, "steps", -2)

    gotten = get(world, first=3)

    assert (gotten.steps, len(gotten.damage)) == ((), 1)


def test_a_lost_trail_leaves_the_steps(world: MemoryWorld) -> None:
    whole = get(world)
    assert whole.record.patches
    spoil(world, "trail", 0)

    gotten = get(world)

    assert (len(gotten.steps), gotten.record.patches) == (3, ())
    (said,) = gotten.damage
    assert "what was changed, and became of it, is left out" in said
    with pytest.raises(Corrupt):
        get(world, around_damage=False)
