"""Why nobody is named for a line."""

import pytest

from opentraces.domain.trail.credit import Reason
from opentraces.domain.trail.silence import Witness, reason_of

LINE, OTHER = b"quoll_rate = 4", b"possum_rate = 3"


def seen(at: int, *wrote: bytes, is_known: bool = True, is_command: bool = False) -> Witness:
    """Return a change of a second of time."""
    return Witness(at * 1000, wrote, is_known, is_command)


@pytest.mark.parametrize(
    ("witnesses", "reason"),
    [
        ([], Reason.NO_SESSION_AT_TIME),
        ([seen(11, LINE)], Reason.NO_SESSION_AT_TIME),
        ([seen(10, LINE)], Reason.AMBIGUOUS),
        ([seen(9, LINE, is_command=True)], Reason.SCRIPT_WRITTEN),
        ([seen(9, LINE, is_command=True), seen(8, LINE)], Reason.AMBIGUOUS),
        ([seen(9, OTHER)], Reason.REWRITTEN),
        ([seen(9, is_known=False)], Reason.SOURCE_MISSING),
    ],
)
def test_reason_follows_from_what_was_done_before(witnesses: list[Witness], reason: Reason) -> None:
    assert reason_of(LINE, 10, 10, witnesses) is reason


def test_short_line_does_not_tell() -> None:
    assert reason_of(b"}", 10, 10, [seen(9, b"}")]) is Reason.NOT_ENOUGH_TEXT


def test_amended_commit_may_hold_what_was_written_after_it_was_first_made() -> None:
    later = seen(15, LINE, is_command=True)

    assert reason_of(LINE, 10, 20, [later]) is Reason.SCRIPT_WRITTEN
    assert reason_of(OTHER, 10, 20, [later]) is Reason.NO_SESSION_AT_TIME
    assert reason_of(LINE, 10, 14, [later]) is Reason.NO_SESSION_AT_TIME
