"""The end of the session being worked on."""

import pytest

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.memory.overview import MemoryTraceOverview
from opentraces.application.get_trace import GetTrace, Gotten
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.tail_trace import TailRequest, TailTrace
from opentraces.domain.errors import TraceNotFound
from opentraces.domain.session import Agent
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

LONG = b"".join(typed(f"Ask {n}", at=n) for n in range(7))


def use_of(world: MemoryWorld) -> TailTrace:
    get = GetTrace(
        world.traces, ResolveTrace(world.traces), {Agent.CLAUDE_CODE: ClaudeCodeHookEvents()}
    )
    return TailTrace(MemoryTraceOverview(world.bucket), get)


def newest(steps: int = 5, folders: tuple[str, ...] = ()) -> TailRequest:
    return TailRequest(None, folders, steps)


def indexes(gotten: Gotten | None) -> list[int]:
    return [step.step_index for step in gotten.steps] if gotten else []


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld()
    for name in ("s1", "s2"):
        world.leave(name, {f"{name}.jsonl": LONG})
        world.run()
    return world


def test_the_last_steps_of_the_trace_kept_last_are_shown(world: MemoryWorld) -> None:
    shown = use_of(world).execute(newest(steps=3))

    assert shown is not None
    assert (shown.record.trace_id, indexes(shown)) == (trace_of("s2"), [5, 6, 7])


def test_a_named_trace_is_meant_whatever_came_last(world: MemoryWorld) -> None:
    shown = use_of(world).execute(TailRequest("s1", (), 1))

    assert shown is not None
    assert (shown.record.trace_id, indexes(shown)) == (trace_of("s1"), [7])


def test_only_what_came_since_is_shown_next(world: MemoryWorld) -> None:
    use = use_of(world)
    seen = use.execute(newest())
    assert use.execute(newest(), seen) is None

    world.agent.append("s2.jsonl", answered("Say", at=8) + typed("More", at=9))
    world.run()

    assert indexes(use.execute(newest(), seen)) == [8, 9]


def test_another_session_that_is_kept_meanwhile_is_shown_by_its_end(world: MemoryWorld) -> None:
    use = use_of(world)
    seen = use.execute(newest())
    world.agent.append("s1.jsonl", typed("More", at=9))
    world.run()

    shown = use.execute(newest(steps=2), seen)

    assert shown is not None
    assert (shown.record.trace_id, indexes(shown)) == (trace_of("s1"), [7, 8])


def test_a_session_of_another_folder_is_not_meant(world: MemoryWorld) -> None:
    use = use_of(world)

    with pytest.raises(TraceNotFound, match="opentraces import"):
        use.execute(newest(folders=("/home/dev/elsewhere",)))


def test_a_folder_means_what_began_in_it_or_below(world: MemoryWorld) -> None:
    folder = world.traces.envelope(trace_of("s2")).header.folder
    assert folder is not None

    assert use_of(world).execute(newest(folders=("/elsewhere", folder))) is not None
    assert use_of(world).execute(newest(folders=(folder.rpartition("/")[0],))) is not None
    with pytest.raises(TraceNotFound):
        use_of(world).execute(newest(folders=(folder[:-1],)))
