"""The machine's clock."""

from datetime import UTC, datetime

from opentraces.adapters.filesystem.clock import SystemClock


def test_it_says_the_present_in_utc() -> None:
    before, said, after = datetime.now(UTC), SystemClock().now(), datetime.now(UTC)

    assert before <= said <= after
    assert said.tzinfo is UTC
