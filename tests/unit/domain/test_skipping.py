"""When a session, or a file of one, is no trace: nobody spoke, or nobody understands it."""

import pytest

from opentraces.domain.line_counts import LineCounts
from opentraces.domain.skipping import (
    ALARMS,
    DELETED,
    HARDLY_RECOGNISED,
    NOTHING_RECOGNISED,
    NOTHING_SAID,
    why_no_trace,
)


@pytest.mark.parametrize(
    ("said", "lines", "size", "reason"),
    [
        (0, LineCounts(), 0, NOTHING_SAID),
        (0, LineCounts(), 1, NOTHING_RECOGNISED),
        (0, LineCounts(unknown=1), 9, NOTHING_RECOGNISED),
        (0, LineCounts(bad=1), 9, NOTHING_RECOGNISED),
        (0, LineCounts(unknown=1), 0, NOTHING_RECOGNISED),
        (0, LineCounts(recognised=1), 9, NOTHING_SAID),
        (0, LineCounts(recognised=2, unknown=1, bad=1), 9, NOTHING_SAID),
        (0, LineCounts(recognised=2, unknown=2, bad=1), 9, HARDLY_RECOGNISED),
        (0, LineCounts(recognised=2, unknown=1, bad=2), 9, HARDLY_RECOGNISED),
        (1, LineCounts(recognised=1, unknown=90, bad=9), 9, None),
    ],
)
def test_it_is_by_what_was_said_and_by_most_lines(
    said: int, lines: LineCounts, size: int, reason: str | None
) -> None:
    assert why_no_trace(said, lines, size) == reason


def test_only_what_was_not_understood_is_an_error() -> None:
    assert {NOTHING_RECOGNISED, HARDLY_RECOGNISED} == ALARMS
    assert ALARMS.isdisjoint((NOTHING_SAID, DELETED))
