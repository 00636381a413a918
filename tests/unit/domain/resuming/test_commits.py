"""Which commit was checked out at a moment."""

import pytest

from opentraces.domain.resuming.commits import commit_then
from opentraces.domain.trail.history import CommitId

OLD, NEW = CommitId("a" * 40), CommitId("bc1de23" + "0" * 33)


@pytest.mark.parametrize(
    ("before", "within", "made", "then"),
    [
        (OLD, OLD, [], OLD),
        (None, None, [], None),
        (OLD, None, [], OLD),
        (OLD, NEW, [], OLD),
        (OLD, NEW, ["bc1de23"], NEW),
        (OLD, NEW, ["", "bc1de2", "fffffff"], OLD),
        (None, NEW, [], None),
        (None, NEW, ["bc1de23"], NEW),
    ],
)
def test_within_a_second_only_a_commit_that_the_session_made_is_known(
    before: CommitId | None, within: CommitId | None, made: list[str], then: CommitId | None
) -> None:
    assert commit_then(before, within, made) == then
