"""What every EventSpool keeps to."""

from collections.abc import Callable

import pytest

from opentraces.domain.errors import Busy
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool

Write = Callable[[SessionId, bytes], None]

A = SessionId("0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04")
B = SessionId("f2d5f0f4-6d27-4a4e-8f0a-5d1a3e6f7b21")
FIRST = b'{"opentraces":1,"at":1,"event":{}}\n'
SECOND = b'{"opentraces":1,"at":2,"event":{}}\n'
TORN = b'{"opentraces":1,"at":3,"ev'


def all_of(spool: EventSpool, session: SessionId = A, offset: int = 0) -> bytes:
    """Return a session's events from an offset on."""
    return b"".join(spool.read(session, offset))


class EventSpoolContract:
    @pytest.fixture
    def spool(self) -> EventSpool:
        raise NotImplementedError("give an empty spool")

    @pytest.fixture
    def other(self, spool: EventSpool) -> EventSpool:
        """The same spool, as another process sees it."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def write(self, spool: EventSpool) -> Write:
        """What a hook does."""
        raise NotImplementedError("give it")

    def test_nothing_waits_at_first(self, spool: EventSpool) -> None:
        assert spool.waiting() == ()
        assert all_of(spool) == b""

    def test_events_that_were_written_wait(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST)
        write(A, SECOND)

        [found] = spool.waiting()

        assert (found.agent, found.session) == (Agent.CLAUDE_CODE, A)
        assert found.size == len(FIRST + SECOND)
        assert found.newest.tzinfo is not None
        assert found.location

    def test_sessions_wait_in_the_order_of_their_ids(self, spool: EventSpool, write: Write) -> None:
        for name in ("b", "a-b", "B", "a", "a0", "_", "unknown"):
            write(SessionId(name), FIRST)

        found = [each.session for each in spool.waiting()]

        assert found == ["B", "_", "a", "a-b", "a0", "b", "unknown"]
        assert len({each.location for each in spool.waiting()}) == 7

    def test_events_come_back_as_they_were_written(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST)
        write(B, SECOND)
        write(A, SECOND)

        assert all_of(spool, A) == FIRST + SECOND
        assert all_of(spool, B) == SECOND

    def test_reading_takes_nothing_away(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST)

        assert all_of(spool) == all_of(spool) == FIRST
        assert len(spool.waiting()) == 1

    @pytest.mark.parametrize("offset", [0, 1, len(FIRST), len(FIRST) + 5])
    def test_events_are_read_from_an_offset_on(
        self, offset: int, spool: EventSpool, write: Write
    ) -> None:
        write(A, FIRST + SECOND)

        assert all_of(spool, offset=offset) == (FIRST + SECOND)[offset:]

    @pytest.mark.parametrize("beyond", [0, 1, 1000])
    def test_from_the_end_on_there_is_nothing(
        self, beyond: int, spool: EventSpool, write: Write
    ) -> None:
        write(A, FIRST)

        assert all_of(spool, offset=len(FIRST) + beyond) == b""

    def test_many_events_are_read_in_pieces(self, spool: EventSpool, write: Write) -> None:
        large = b'{"opentraces":1,"at":4,"event":{"x":"' + b"x" * 3_000_000 + b'"}}\n'
        write(A, FIRST + large + SECOND)

        pieces = list(spool.read(A, 0))

        assert b"".join(pieces) == FIRST + large + SECOND
        assert max(map(len, pieces)) < len(large)
        assert b"" not in pieces

    def test_event_that_was_cut_short_is_ended_once(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST + TORN)

        first, second = all_of(spool), all_of(spool)

        assert first == second == FIRST + TORN + b"\n"

    def test_event_that_was_cut_short_counts_before_it_is_ended(
        self, spool: EventSpool, write: Write
    ) -> None:
        write(A, TORN)

        assert [each.size for each in spool.waiting()] == [len(TORN)]

    def test_what_was_read_never_changes(self, spool: EventSpool, write: Write) -> None:
        write(A, TORN)
        before = all_of(spool)

        write(A, SECOND)

        assert all_of(spool) == before + SECOND
        assert all_of(spool, offset=len(before)) == SECOND

    def test_whole_event_is_left_as_it_is(
        self, spool: EventSpool, other: EventSpool, write: Write
    ) -> None:
        write(A, FIRST)
        all_of(spool)

        assert [each.size for each in other.waiting()] == [len(FIRST)]

    def test_clear_takes_away_what_was_read(
        self, spool: EventSpool, other: EventSpool, write: Write
    ) -> None:
        write(A, FIRST)
        write(B, SECOND)

        assert spool.clear(A, len(FIRST))

        assert [each.session for each in other.waiting()] == [B]
        assert all_of(other, A) == b""

    def test_clear_leaves_what_came_later(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST)
        read = all_of(spool)
        write(A, SECOND)

        assert not spool.clear(A, len(read))

        assert all_of(spool) == FIRST + SECOND

    def test_clear_of_nothing_leaves_nothing(self, spool: EventSpool, write: Write) -> None:
        assert spool.clear(A, 0)

        write(A, FIRST)
        assert spool.clear(A, len(FIRST))
        assert spool.clear(A, len(FIRST))
        assert spool.waiting() == ()

    def test_events_after_a_clear_begin_anew(self, spool: EventSpool, write: Write) -> None:
        write(A, FIRST)
        spool.clear(A, len(FIRST))
        write(A, SECOND)

        assert all_of(spool) == SECOND
        assert [each.size for each in spool.waiting()] == [len(SECOND)]

    def test_lease_is_held_by_one(self, spool: EventSpool, other: EventSpool) -> None:
        with spool.lease(A), pytest.raises(Busy), other.lease(A):
            pass

    def test_lease_is_free_afterwards(self, spool: EventSpool, other: EventSpool) -> None:
        with spool.lease(A), pytest.raises(Busy), other.lease(A):
            pass
        with pytest.raises(ZeroDivisionError), spool.lease(A):
            _ = 1 // 0
        with other.lease(A):
            pass
        with spool.lease(A):
            pass

    def test_lease_of_one_session_is_none_of_another(
        self, spool: EventSpool, other: EventSpool
    ) -> None:
        with spool.lease(A), other.lease(B):
            pass

    def test_events_are_written_and_read_while_somebody_has_the_lease(
        self, spool: EventSpool, other: EventSpool, write: Write
    ) -> None:
        with spool.lease(A):
            write(A, FIRST)
            assert all_of(other) == FIRST
