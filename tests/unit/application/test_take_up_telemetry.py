"""What an agent told over OTLP becomes a part of its trace, once, and byte for byte."""

import pytest

from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.application.ingest_events import IngestEvents
from opentraces.application.take_up_telemetry import TakeUpRequest, TakeUpTelemetry
from opentraces.domain.errors import BadRequest, NotFound, TraceNotFound
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.skipping import DELETED
from tests.memory_world import FOLDER, MemoryWorld, event_line, trace_of
from tests.transcript_lines import answered, typed

MAIN = typed("Fix it", at=0) + answered("Done", at=5)
MORE = typed("And more", at=9) + answered("Yes", at=12)
S1 = SessionId("s1")
FIRST = b'{"opentraces":1,"at":1,"signal":"logs","record":{"body":"a"}}\n'
SECOND = b'{"opentraces":1,"at":2,"signal":"traces","record":{"name":"b"}}\n'
NAME = "telemetry/s1.jsonl"


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    return world


def told(world: MemoryWorld, name: str = NAME) -> bytes:
    """What is kept of a source of the one trace."""
    envelope = world.traces.envelope(trace_of("s1"))
    [number] = [n for n, each in enumerate(envelope.header.sources) if each.name == name]
    return b"".join(world.traces.source(envelope, number, 0))


def steps(world: MemoryWorld) -> int:
    return world.traces.envelope(trace_of("s1")).header.steps


def use(world: MemoryWorld) -> TakeUpTelemetry:
    ingest = IngestEvents(world.spool, world.sessions, world.events, world.imports, world.clock)
    return TakeUpTelemetry({Agent.CLAUDE_CODE: world.telemetry}, world.imports, lambda: (ingest,))


def test_an_import_takes_it_up_and_away(world: MemoryWorld) -> None:
    world.telemetry.write(S1, FIRST + SECOND)

    assert world.run().kept == 1

    assert told(world) == FIRST + SECOND
    assert world.telemetry.waiting() == ()
    kinds = [each.kind for each in world.traces.envelope(trace_of("s1")).header.sources]
    assert kinds == [SourceKind.TRANSCRIPT, SourceKind.TELEMETRY]
    assert steps(world) == 2


def test_what_comes_later_is_appended(world: MemoryWorld) -> None:
    world.telemetry.write(S1, FIRST)
    world.run()
    world.telemetry.write(S1, SECOND)

    assert world.run().kept == 1
    assert told(world) == FIRST + SECOND
    assert world.run().kept == 0


def test_it_comes_beside_what_hooks_wrote_down(world: MemoryWorld) -> None:
    event = event_line("s1", "Stop")
    world.spool.write(S1, event)
    world.telemetry.write(S1, FIRST)

    world.run()

    assert told(world) == FIRST
    assert told(world, "hooks/s1.jsonl") == event
    assert (world.spool.waiting(), world.telemetry.waiting()) == ((), ())


def test_it_is_kept_once_though_a_run_was_killed_before_it_was_taken_away(
    world: MemoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.telemetry.write(S1, FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryEventSpool, "clear", lambda *_: False)
        world.run()
    world.telemetry.write(S1, SECOND)

    world.run()

    assert told(world) == FIRST + SECOND
    assert world.telemetry.waiting() == ()


def test_that_of_a_session_that_left_nothing_goes_on_waiting(world: MemoryWorld) -> None:
    world.telemetry.write(SessionId("s2"), FIRST)

    world.run()

    assert [each.session for each in world.telemetry.waiting()] == ["s2"]


def test_that_of_a_deleted_session_goes(world: MemoryWorld) -> None:
    world.run()
    world.writer.delete(trace_of("s1"))
    world.telemetry.write(S1, FIRST)

    done = world.run()

    assert [left.reason for left in done.skipped] == [DELETED]
    assert world.telemetry.waiting() == ()


def test_flushed_all_that_waits_of_the_session_is_kept(world: MemoryWorld) -> None:
    world.spool.write(S1, event_line("s1", "Stop"))
    world.telemetry.write(S1, FIRST)
    world.leave("s2", {"s2.jsonl": MORE})

    done = use(world).execute(TakeUpRequest(S1, FOLDER, trace_of("s1")[:6]))

    assert (done.trace, done.agent, done.left_bytes) == (trace_of("s1"), Agent.CLAUDE_CODE, 0)
    assert done.imported.failed == []
    assert told(world) == FIRST
    with pytest.raises(TraceNotFound):
        world.traces.envelope(trace_of("s2"))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (TakeUpRequest(SessionId("s9")), NotFound),
        (TakeUpRequest(S1, "/elsewhere"), NotFound),
        (TakeUpRequest(S1, None, "ffffffff-0000"), BadRequest),
    ],
)
def test_another_session_is_not_taken_for_it(
    request_: TakeUpRequest, error: type[Exception], world: MemoryWorld
) -> None:
    world.telemetry.write(S1, FIRST)

    with pytest.raises(error):
        use(world).execute(request_)

    assert len(world.telemetry.waiting()) == 1
