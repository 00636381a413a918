"""Which commit took the place of one that no branch leads to any more."""

from collections.abc import Mapping, Sequence

import pytest

from opentraces.domain.trail.events import Anchored
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.replacing import (
    Replacing,
    apart,
    held_again,
    key_of,
    lines_named,
)

OLD, NEW, OTHER = (CommitId(letter * 40) for letter in "abc")
LINES = ["def first_one():", "    return first", "", "def second_one():", "    return second"]


def held(
    commit: str, *lines: int, patch: str = "p", hour: int = 10, copy_of: str | None = None
) -> Anchored:
    """Let a commit hold some of LINES."""
    return Anchored(
        patch_id=patch,
        repository="r",
        commit=commit,
        committed=f"2026-11-26T{hour}:00:00Z",
        path="a.py",
        blob=f"blob of {commit[:1]}",
        tier="exact_range_hash",
        lines=tuple((line, line) for line in lines),
        carried_from=copy_of,
    )


def replaced(
    anchors: Sequence[Anchored],
    told: Mapping[CommitId, CommitId] | None = None,
    *,
    is_read: bool = True,
    most: int = 0,
) -> dict[CommitId, CommitId]:
    """Ask of OLD, to which no branch leads."""
    content = "\n".join(LINES).encode()
    texts = {key_of(each): lines_named(each, content) for each in anchors if is_read}
    led = {CommitId(each.commit) for each in anchors} - {OLD}
    return dict(Replacing(anchors, {OLD}, led, {"p": most}, told or {}).replaced(texts))


def test_a_commit_with_the_same_lines_is_in_its_place() -> None:
    assert replaced([held(OLD, 1, 2), held(NEW, 1, 2, hour=11)]) == {OLD: NEW}


def test_most_of_its_lines_decide() -> None:
    anchors = [held(OLD, 1, 2, 4), held(OTHER, 4, hour=11), held(NEW, 1, 2, hour=12)]

    assert replaced(anchors) == {OLD: NEW}


@pytest.mark.parametrize("told", [None, {OLD: "d" * 40}])
def test_of_two_that_hold_as_many_neither(told: dict[CommitId, CommitId] | None) -> None:
    anchors = [held(OLD, 1, 4), held(OTHER, 1, hour=11), held(NEW, 4, hour=12)]

    assert replaced(anchors, told) == {}


def test_unless_a_reflog_names_one() -> None:
    anchors = [held(OLD, 1, 4), held(OTHER, 1, hour=11), held(NEW, 4, hour=12)]

    assert replaced(anchors, {OLD: OTHER}) == {OLD: OTHER}


def test_lines_come_before_what_is_told() -> None:
    anchors = [held(OLD, 1, 2, 4), held(OTHER, 4, hour=11), held(NEW, 1, 2, hour=12)]

    assert replaced(anchors, {OLD: OTHER}) == {OLD: NEW}


def test_what_is_told_stands_where_lines_tell_nothing() -> None:
    assert replaced([held(OLD, 1)], {OLD: NEW}) == {OLD: NEW}


@pytest.mark.parametrize("lines", [(4, 5), (3,)])
def test_other_lines_of_the_same_patch_are_not_the_same(lines: tuple[int, ...]) -> None:
    assert replaced([held(OLD, 1, 2, 3), held(NEW, *lines, hour=11)]) == {}


def test_lines_of_another_patch_are_not_the_same() -> None:
    assert replaced([held(OLD, 1), held(NEW, 1, patch="q", hour=11)]) == {}


def test_an_older_commit_is_in_nobody_s_place() -> None:
    assert replaced([held(OLD, 1, hour=12), held(NEW, 1, hour=11)]) == {}


def test_but_for_a_copy_that_kept_its_date() -> None:
    anchors = [held(OLD, 1, hour=12), held(NEW, 1, hour=11, copy_of=OLD)]

    assert replaced(anchors) == {OLD: NEW}


@pytest.mark.parametrize(("most", "expected"), [(0, {}), (4, {}), (3, {OLD: NEW})])
def test_of_files_that_are_gone_numbers_may_tell(
    most: int, expected: dict[CommitId, CommitId]
) -> None:
    anchors = [held(OLD, 1, 2), held(NEW, 4, 5, hour=11)]

    assert replaced(anchors, is_read=False, most=most) == expected


def test_lines_that_do_not_tell_are_apart_twice() -> None:
    hunk = Hunk(old_start=1, new_start=1, lines=tuple(f"+{line}" for line in LINES))

    assert apart([hunk]) == len(LINES) + 1
    assert apart([]) == 0


def test_only_commits_that_share_a_patch_are_asked_of_and_those_that_are_told_of() -> None:
    anchors = [held(OLD, 1), held(NEW, 1), held(OTHER, 1, patch="q")]

    assert held_again(anchors, ()) == {OLD, NEW}
    assert held_again(anchors, {OTHER, CommitId("d" * 40)}) == {OLD, NEW, OTHER}
