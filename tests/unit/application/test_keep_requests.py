"""Which bodies are kept with which session, and when."""

from datetime import UTC, datetime

import pytest

from opentraces.adapters.claude_code.request_bodies import answer_in, said_in, session_in
from opentraces.adapters.memory.blobs import MemoryBlobStore
from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.request_bodies import MemoryRequestBodies
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.application.keep_requests import KeepRequests
from opentraces.domain.context.events import BodyKept
from opentraces.domain.ids import SessionId, trace_id
from tests.contracts.request_bodies import A, B, request, response
from tests.contracts.samples import keep, keep_tree, node, step

SENT, SENT_B, BACK = "a.request.json", "b.request.json", "req_1.response.json"
THOUGHT = (
    b'{"messages":[{"role":"user","content":"Hi."},{"role":"assistant","content":[{"type":'
    b'"thinking","thinking":"<REDACTED>","signature":"c2ln"}]}],"metadata":{"user_id":'
    b'"{\\"session_id\\":\\"%s\\"}"}}'
) % A.encode()


class World:
    """A bucket, and bodies that wait."""

    def __init__(self) -> None:
        self.bucket = MemoryBucket()
        self.traces = MemoryTraceStore(self.bucket)
        self.writer = MemoryTraceWriter(self.bucket, MemoryMarkers(lambda trace: 0))
        self.bodies = MemoryRequestBodies(session_in, answer_in)
        self.clock = FixedClock(datetime.fromtimestamp(0, UTC))
        blobs = MemoryBlobStore(self.bucket)
        self.use = KeepRequests(
            self.bodies,
            self.traces,
            blobs,
            self.writer,
            self.clock,
            said_in,
            lambda envelope: tuple(self.traces.context(envelope)),
        )

    def keep(self, session: SessionId, answer: str = "one") -> None:
        """Keep a session; its lines tell of one answer, `msg_one`."""
        keep(self.writer, trace_id("claude-code", session), step(1))
        keep_tree(self.writer, trace_id("claude-code", session), node(answer))

    def kept(self, session: SessionId) -> list[str]:
        """Return the names of a session's bodies."""
        envelope = self.traces.envelope(trace_id("claude-code", session))
        return [e.name for e in self.traces.context(envelope) if isinstance(e, BodyKept)]

    @property
    def waiting(self) -> list[str]:
        """The names of what waits."""
        return [each.name for each in self.bodies.waiting()]


@pytest.fixture
def world() -> World:
    return World()


def test_a_request_is_kept_with_its_session_and_waits_no_more(world: World) -> None:
    world.keep(A)
    world.bodies.write(SENT, request(A))

    assert world.use.execute() == 1
    assert (world.kept(A), world.waiting) == ([SENT], [])
    assert world.use.execute() == 0


def test_what_is_of_a_session_that_is_not_kept_waits(world: World) -> None:
    world.bodies.write(SENT, request(A))

    assert world.use.execute() == 0
    assert world.waiting == [SENT]


def test_requests_of_a_deleted_session_go(world: World) -> None:
    world.keep(A)
    world.writer.delete(trace_id("claude-code", A))
    world.bodies.write(SENT, request(A))

    assert world.use.execute() == 0
    assert world.waiting == []


def test_a_response_goes_to_the_session_whose_lines_tell_of_it(world: World) -> None:
    world.keep(A)
    world.keep(B, "two")
    world.bodies.write(SENT, request(A))
    world.bodies.write(SENT_B, request(B))
    world.bodies.write(BACK, response("msg_two"))
    world.use.execute()

    assert (world.kept(A), world.kept(B)) == ([SENT], [SENT_B, BACK])


def test_a_response_that_no_line_tells_of_is_kept_beside_the_only_session(world: World) -> None:
    world.keep(A)
    world.bodies.write("before.response.json", response("msg_before"))
    world.bodies.write(SENT, request(A))
    world.bodies.write(BACK, response("msg_title"))
    world.use.execute()

    assert world.kept(A) == [SENT, BACK]
    assert world.waiting == ["before.response.json"]


def test_where_two_sessions_sent_something_it_waits(world: World) -> None:
    world.keep(A)
    world.keep(B)
    world.bodies.write(SENT, request(A))
    world.bodies.write(SENT_B, request(B))
    world.bodies.write(BACK, response("msg_title"))
    world.use.execute()

    assert world.waiting == [BACK]


def test_thinking_that_no_line_tells_of_is_waited_for_a_while(world: World) -> None:
    world.keep(A)
    world.bodies.write(SENT, THOUGHT)

    assert (world.use.execute(), world.waiting) == (0, [SENT])
    world.clock.wait(601)
    assert (world.use.execute(), world.kept(A)) == (1, [SENT])
