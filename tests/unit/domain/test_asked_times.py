from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.asked_times import parse_since, time_text
from opentraces.domain.errors import BadRequest

EAST = timezone(timedelta(hours=2))
NOW = datetime(2026, 3, 1, 12, tzinfo=EAST)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("1d", NOW - timedelta(days=1)),
        ("2w", NOW - timedelta(weeks=2)),
        ("0d", NOW),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=EAST)),
        ("2026-02-28T16:02", datetime(2026, 2, 28, 16, 2, tzinfo=EAST)),
        ("2026-02-28 16:02", datetime(2026, 2, 28, 16, 2, tzinfo=EAST)),
        ("2026-02-28T16:02:03.456Z", datetime(2026, 2, 28, 16, 2, 3, 456000, tzinfo=UTC)),
        ("2026-02-28T16:02+05:30", datetime(2026, 2, 28, 10, 32, tzinfo=UTC)),
    ],
)
def test_times_are_milliseconds(text: str, moment: datetime) -> None:
    assert parse_since(text, NOW) == moment.timestamp() * 1000


@pytest.mark.parametrize(
    "text",
    ["", "d", "1", "1y", "-1d", "1.5d", "٣d", "1 d", "yesterday", "2026-02-30", "9999999999d",
     "999999999w", "2026", "12:00", "0000-01-01", "2026-02-28T25:00"],
)  # fmt: skip
def test_anything_else_is_refused_and_told_what_is_not(text: str) -> None:
    with pytest.raises(BadRequest, match="1d"):
        parse_since(text, NOW)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59"])
@pytest.mark.parametrize("hours", [-12, 14])
def test_the_ends_of_time_are_a_time_or_refused(text: str, hours: int) -> None:
    with suppress(BadRequest):
        assert parse_since(text, NOW.astimezone(timezone(timedelta(hours=hours))))


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_the_text_of_a_time_is_that_time(moment: int) -> None:
    assert parse_since(time_text(moment), NOW) == moment
