"""What every RequestBodies keeps to."""

from collections.abc import Callable

import pytest

from opentraces.domain.ids import SessionId
from opentraces.ports.request_bodies import RequestBodies, WaitingBody

Write = Callable[[str, bytes], None]

A, B = SessionId("0b8f6c1e-57a1-4c39"), SessionId("f2d5f0f4-6d27-4a4e")
SENT, SENT_LATER, BACK = "b1.request.json", "a2.request.json", "req_1.response.json"


def request(session: str, said: str = "Hello.") -> bytes:
    """A request as Claude Code writes it."""
    return (
        b'{"model":"m","messages":[{"role":"user","content":"%s"}],"metadata":{"user_id":'
        b'"{\\"device_id\\":\\"d\\",\\"session_id\\":\\"%s\\"}"},"max_tokens":9,"stream":true}'
    ) % (said.encode(), session.encode())


def response(answer: str) -> bytes:
    """A response as Claude Code writes it."""
    return b'{"id":"%s","type":"message","content":[]}' % answer.encode()


class RequestBodiesContract:
    @pytest.fixture
    def bodies(self) -> RequestBodies:
        raise NotImplementedError("give an empty folder")

    @pytest.fixture
    def write(self, bodies: RequestBodies) -> Write:
        """What an agent does."""
        raise NotImplementedError("give it")

    def test_nothing_waits_at_first(self, bodies: RequestBodies) -> None:
        assert bodies.waiting() == ()
        assert bodies.read(SENT) is None

    def test_a_request_waits_for_its_session(self, bodies: RequestBodies, write: Write) -> None:
        write(SENT, request(A))

        [found] = bodies.waiting()

        assert found == WaitingBody(SENT, "request", A, None, len(request(A)), found.written)

    def test_a_response_waits_by_its_answer(self, bodies: RequestBodies, write: Write) -> None:
        write(BACK, response("msg_1"))

        [found] = bodies.waiting()

        assert (found.kind, found.session, found.answer) == ("response", None, "msg_1")

    def test_bodies_wait_in_the_order_of_writing(self, bodies: RequestBodies, write: Write) -> None:
        for name, data in ((SENT, request(B)), (BACK, response("m")), (SENT_LATER, request(A))):
            write(name, data)

        assert [each.name for each in bodies.waiting()] == [SENT, BACK, SENT_LATER]
        assert [each.session for each in bodies.waiting()] == [B, None, A]

    def test_a_body_is_read_as_it_was_written(self, bodies: RequestBodies, write: Write) -> None:
        large = request(A, "x" * 3_000_000)
        write(SENT, large)

        assert bodies.read(SENT) == bodies.read(SENT) == large
        assert [each.session for each in bodies.waiting()] == [A]

    @pytest.mark.parametrize("data", [b"", b"{", request(A)[:-40], b"\xff" * 9000, b"null"])
    def test_what_does_not_say_whose_it_is_waits_for_nobody(
        self, data: bytes, bodies: RequestBodies, write: Write
    ) -> None:
        write(SENT, data)
        write(BACK, data)

        assert [(each.session, each.answer) for each in bodies.waiting()] == [(None, None)] * 2

    def test_half_a_response_answers_nothing_yet(self, bodies: RequestBodies, write: Write) -> None:
        write(BACK, response("msg_1")[:-1])
        assert [each.answer for each in bodies.waiting()] == [None]

        write(BACK, response("msg_1"))
        assert [each.answer for each in bodies.waiting()] == ["msg_1"]

    def test_what_was_removed_waits_no_more(self, bodies: RequestBodies, write: Write) -> None:
        write(SENT, request(A))
        write(SENT_LATER, request(A))

        bodies.remove([SENT, "never.request.json"])
        bodies.remove([SENT])

        assert [each.name for each in bodies.waiting()] == [SENT_LATER]
        assert bodies.read(SENT) is None
