"""What files held, out of what was done to them."""

from typing import Any

import pytest

from opentraces.domain.resuming.file_states import (
    COMMITTED_LATER,
    NOT_KNOWN,
    FileState,
    LeftFile,
    file_states,
    paths_of,
)
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.file_change import Hunk

ONE, TWO, THREE = b"one\n", b"one\ntwo\n", b"one\ntwo\nthree\n"


def did(operation: Any, moment: int, path: str = "f", **more: Any) -> Action:
    return Action("p", moment, "/w", path, operation, **more)


def added(line: str, after: int) -> tuple[Hunk, ...]:
    """A hunk that puts a line behind another."""
    return (Hunk(old_start=after, new_start=after + 1, lines=(f"+{line}",)),)


def states(*actions: Action, start: Any = None, step: Any = None) -> Any:
    """What files hold, and why others stay; `step`, None: the commit of the start is there."""
    begun = {"f": ONE} if start is None else start
    found, left = file_states(actions, begun, begun if step is None else step)
    return {each.path: each.content for each in found} | {each.path: each.reason for each in left}


@pytest.mark.parametrize(
    ("actions", "held"),
    [
        ([did("write", 1, after=TWO)], TWO),
        ([did("write", 1, had_file=False, after=TWO)], TWO),
        ([did("edit", 1, before=ONE, hunks=added("two", 1))], TWO),
        ([did("edit", 1, hunks=added("two", 1))], TWO),
        ([did("edit", 1, before=b"it\n", hunks=added("two", 1))], b"it\ntwo\n"),
        ([did("edit", 2, hunks=added("three", 2)), did("write", 1, after=TWO)], THREE),
        ([did("read", 1, after=TWO), did("edit", 2, hunks=added("three", 2))], THREE),
        ([did("delete", 1)], None),
        ([did("delete", 1), did("write", 2, had_file=False, after=TWO)], TWO),
        ([did("edit", 1, hunks=(Hunk(old_start=1, new_start=1, lines=(" x", "+y")),))], NOT_KNOWN),
        ([did("edit", 1)], NOT_KNOWN),
        ([did("edit", 1), did("edit", 2, hunks=added("two", 1))], NOT_KNOWN),
        ([did("edit", 1), did("read", 2, after=TWO)], TWO),
        ([did("edit", 1), did("read", 2)], NOT_KNOWN),
    ],
)
def test_the_last_that_is_known_is_what_a_file_held(
    actions: list[Action], held: bytes | str | None
) -> None:
    assert states(*actions) == {"f": held}


@pytest.mark.parametrize(
    "actions",
    [
        [did("read", 1, after=ONE)],
        [did("write", 1, after=TWO), did("write", 2, after=ONE)],
        [did("delete", 1, "g")],
        [did("write", 1, after=b"one\r\n")],
    ],
)
def test_what_is_as_in_the_commit_is_not_told(actions: list[Action]) -> None:
    assert states(*actions) == {}


def test_what_the_session_committed_itself_is_not_written_again() -> None:
    assert states(did("write", 1, after=TWO), step={"f": TWO}) == {}


def test_what_came_after_its_own_commit_is_written() -> None:
    actions = did("write", 1, after=TWO), did("write", 2, after=THREE)

    assert states(*actions, step={"f": TWO}) == {"f": THREE}


def test_what_somebody_else_committed_stays() -> None:
    assert states(did("write", 1, after=TWO), step={"f": b"else\n"}) == {"f": COMMITTED_LATER}
    assert states(did("write", 1, after=TWO), step={}) == {"f": COMMITTED_LATER}


def test_what_somebody_else_committed_and_the_session_changed_is_written() -> None:
    edited = did("edit", 2, before=b"else\n", hunks=added("two", 1))

    found = states(did("write", 1, after=TWO), edited, step={"f": b"else\n"})

    assert found == {"f": b"else\ntwo\n"}


def test_where_the_beginning_is_not_known_a_file_held_what_was_told() -> None:
    step = {"f": ONE}

    wrote, edited = did("write", 1, after=TWO), did("edit", 1, before=ONE, hunks=added("two", 1))
    assert file_states([wrote], None, step) == ((), (LeftFile("f", COMMITTED_LATER),))
    assert file_states([edited], None, step) == ((FileState("f", TWO),), ())
    guessed = did("edit", 1, hunks=added("two", 1))
    assert file_states([guessed], None, step) == ((), (LeftFile("f", NOT_KNOWN),))


def test_a_file_that_was_moved_holds_what_it_held() -> None:
    moved = did("edit", 1, "g", moved_from="f", hunks=added("two", 1))

    assert states(moved) == {"f": None, "g": TWO}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\r\nx\r\n", b"one\r\ntwo\r\nx\r\n"),
        (b"one\nx", b"one\ntwo\nx"),
        (b"one\r\nx\n", b"one\r\ntwo\nx\n"),
    ],
)
def test_line_ends_stay_as_they_were(before: bytes, after: bytes) -> None:
    assert states(did("edit", 1, hunks=added("two", 1)), start={"f": before}) == {"f": after}


def test_a_whole_file_is_told_with_plain_line_ends() -> None:
    found = states(did("write", 1, after=TWO), start={"f": b"one\r\n"})

    assert found == {"f": b"one\r\ntwo\r\n"}


def test_paths_are_told_with_those_before_a_move() -> None:
    assert paths_of([did("edit", 1, "b", moved_from="a"), did("read", 2, "c")]) == ("a", "b", "c")


def test_files_come_by_path() -> None:
    actions = [did("write", n, path, after=TWO) for n, path in enumerate("cab")]
    actions += [did("edit", 9, path) for path in "zy"]

    found, left = file_states(actions, {}, {})

    assert found == tuple(FileState(path, TWO) for path in "abc")
    assert left == tuple(LeftFile(path, NOT_KNOWN) for path in "yz")
