"""The clock that stands still."""

from datetime import UTC, datetime, timedelta, timezone

from opentraces.adapters.memory.clock import FixedClock


def test_it_stands_still_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    clock = FixedClock(datetime(2026, 5, 1, 14, tzinfo=east))

    assert clock.now() == clock.now() == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
