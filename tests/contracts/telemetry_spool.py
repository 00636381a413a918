"""What every TelemetrySpool keeps to."""

import pytest

from opentraces.domain.errors import SpoolFull
from opentraces.domain.ids import SessionId
from opentraces.domain.telemetry.records import UNKNOWN, SessionLines
from opentraces.ports.telemetry_spool import TelemetrySpool

MOST, MOST_UNKNOWN = 100, 40
A, B = SessionId("a"), SessionId("b")
LINE = b'{"opentraces":1}\n'


def lines(session: SessionId = A, count: int = 1) -> SessionLines:
    return SessionLines(session, bytearray(LINE * count), count)


class TelemetrySpoolContract:
    @pytest.fixture
    def spool(self) -> TelemetrySpool:
        raise NotImplementedError("give an empty spool of MOST and MOST_UNKNOWN bytes")

    def waiting(self) -> dict[str, bytes]:
        """What waits, by session."""
        raise NotImplementedError

    def take_up(self, session: SessionId) -> None:
        """Be another process, and take away what waits of a session."""
        raise NotImplementedError

    def test_nothing_waits_at_first(self, spool: TelemetrySpool) -> None:
        assert (spool.size(), self.waiting()) == (0, {})

    def test_lines_are_added_in_order_by_session(self, spool: TelemetrySpool) -> None:
        second = SessionLines(A, bytearray(b"{}\n"), 1)
        assert spool.add([lines(), lines(B)]) == 0
        assert spool.add([second]) == 0

        assert self.waiting() == {A: LINE + b"{}\n", B: LINE}
        assert spool.size() == len(LINE) * 2 + 3

    def test_syncing_changes_nothing(self, spool: TelemetrySpool) -> None:
        spool.add([lines()])
        spool.sync()
        spool.sync()

        assert (self.waiting(), spool.size()) == ({A: LINE}, len(LINE))

    def test_when_as_much_waits_as_may_nothing_is_written(self, spool: TelemetrySpool) -> None:
        spool.add([lines(count=4)])
        before = self.waiting()

        with pytest.raises(SpoolFull):
            spool.add([lines(B), lines(count=1)])

        assert self.waiting() == before
        assert spool.add([lines(B)]) == 0

    def test_once_it_was_taken_up_there_is_room_again(self, spool: TelemetrySpool) -> None:
        spool.add([lines(count=5)])
        self.take_up(A)
        spool.sync()

        assert spool.add([lines(count=5)]) == 0
        assert self.waiting() == {A: LINE * 5}

    def test_lines_of_no_session_have_a_small_room(self, spool: TelemetrySpool) -> None:
        assert spool.add([lines(UNKNOWN, 2)]) == 0
        assert spool.add([lines(UNKNOWN, 2), lines(A, 1)]) == 2

        assert self.waiting() == {UNKNOWN: LINE * 2, A: LINE}
