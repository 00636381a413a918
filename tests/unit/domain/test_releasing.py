"""Which traces a retention lets the bytes of go."""

from datetime import UTC, datetime

import pytest

from opentraces.domain.envelope import ReleasedBytes
from opentraces.domain.ids import blob_id
from opentraces.domain.releasing import is_due, releasable, without_bytes
from tests.contracts.samples import header, source

LATEST = datetime(2026, 11, 20, tzinfo=UTC)
GONE = ReleasedBytes(size=3, sha256=blob_id(b"abc"))


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-11-20T00:00:00Z", True),
        ("2026-11-20T00:00:00.001Z", False),
        ("2026-11-20T01:00:00+02:00", True),
        ("2026-11-19T00:00:00", False),
        ("yesterday", False),
        (None, False),
    ],
)
def test_a_trace_is_as_old_as_it_says_and_of_no_age_where_it_does_not(
    ended: str | None, due: bool
) -> None:
    assert is_due(header(source(3), steps=1).but(ended=ended), LATEST) == due


@pytest.mark.parametrize("only_bytes", [{"steps": 0}, {"skipped": "nothing typed"}])
def test_one_that_has_only_its_bytes_keeps_them(only_bytes: dict[str, object]) -> None:
    old = header(source(3), steps=1).but(ended="2020-01-01T00:00:00Z")

    assert is_due(old, LATEST)
    assert not is_due(old.but(**only_bytes), LATEST)


def test_what_grew_since_it_was_read_keeps_all() -> None:
    grown = header(source(3), source(9, "b"), steps=1)

    assert without_bytes(grown, {0: GONE, 1: GONE}) == grown


def test_what_is_released_is_not_released_again() -> None:
    released = without_bytes(header(source(3), steps=1), {0: GONE})

    assert [(kept.size, kept.released) for kept in released.sources] == [(0, GONE)]
    assert releasable(released) == ()
