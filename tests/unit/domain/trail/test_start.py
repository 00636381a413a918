"""What was not committed at a session's start, from what is seen later."""

import pytest

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.file_change import Hunk, Operation
from opentraces.domain.trail.start import (
    MOST_FILES,
    DirtyFile,
    Standing,
    WrittenFile,
    dirty_at_start,
)


def did(
    operation: Operation = "edit",
    before: bytes | None = None,
    after: bytes | None = None,
    had_file: bool | None = None,
    moment: int = 10,
) -> Action:
    """Return what a tool did to a file."""
    return Action("p", moment, "/w", "f", operation, None, had_file, before, after)


def said(
    committed: bytes | None, *actions: Action, commands_from: int | None = None
) -> tuple[str | None, bool]:
    """Return the state of a file that was written since, and whether that is all."""
    standing = Standing(written=(WrittenFile("f", committed),))
    files, is_whole = dirty_at_start(standing, {"f": actions}, commands_from)
    return (files[0].state if files else None), is_whole


@pytest.mark.parametrize(
    ("committed", "action", "state"),
    [
        (b"one\n", did(before=b"one\n"), None),
        (b"one\n", did(before=b"one"), None),
        (b"one\n", did(before=b"one\r\n"), None),
        (b"one\n", did(before=b"two\n"), "modified"),
        (b"one\n", did("write", had_file=False, after=b"two\n"), "deleted"),
        (None, did("write", had_file=False, after=b"two\n"), None),
        (None, did(before=b"two\n"), "untracked"),
        (b"one\n", did("read", after=b"two\n"), "modified"),
        (b"one\n", did("read", after=b"one\n"), None),
    ],
)
def test_what_a_tool_first_saw_tells(
    committed: bytes | None, action: Action, state: str | None
) -> None:
    assert said(committed, action) == (state, True)


def test_what_was_there_before_an_edit_follows_from_what_was_there_after() -> None:
    hunk = Hunk(old_start=1, new_start=1, lines=("-one", "+two"))
    action = Action("p", 10, "/w", "f", "edit", after=b"two\n", hunks=(hunk,))

    assert said(b"one\n", action) == (None, True)
    assert said(b"other\n", action) == ("modified", True)


def test_the_first_of_several_tells() -> None:
    later = did(before=b"two\n", moment=20)

    assert said(b"one\n", did(before=b"one\n"), later) == (None, True)


@pytest.mark.parametrize("action", [did(after=b"two\n"), did("write"), did("read")])
def test_what_no_tool_saw_is_not_known(action: Action) -> None:
    assert said(b"one\n", action) == (None, False)


def test_what_was_written_by_none_is_not_known() -> None:
    assert said(b"one\n") == (None, False)


def test_what_a_command_may_have_written_before_is_not_known() -> None:
    assert said(b"one\n", did(before=b"two\n"), commands_from=10) == (None, False)
    assert said(b"one\n", did(before=b"two\n"), commands_from=11) == ("modified", True)
    assert said(b"one\n", did(before=b"one\n"), commands_from=1) == (None, True)


def test_what_cannot_be_read_is_not_known() -> None:
    standing = Standing(written=(WrittenFile("f", None, is_readable=False),))

    assert dirty_at_start(standing, {"f": [did(before=b"two\n")]}, None) == ((), False)


def test_what_nobody_wrote_stays_as_it_is_told() -> None:
    one = DirtyFile(path="f", state="modified")

    assert dirty_at_start(Standing(dirty=(one,)), {}, None) == ((one,), True)
    assert dirty_at_start(Standing(dirty=(one,), is_whole=False), {}, None) == ((one,), False)


@pytest.mark.parametrize(
    ("action", "is_whole"),
    [
        (did("read", after=b"two\n"), True),
        (did("write", had_file=False), True),
        (did(before=b"two\n"), False),
        (did("delete"), False),
    ],
)
def test_a_changed_file_that_git_does_not_list_may_have_been_there(
    action: Action, is_whole: bool
) -> None:
    assert dirty_at_start(Standing(), {"f": [action]}, None) == ((), is_whole)


def test_too_many_are_not_all() -> None:
    standing = Standing(
        dirty=tuple(DirtyFile(path=f"{n:04d}", state="deleted") for n in range(MOST_FILES)),
        written=(WrittenFile("f", b"one\n"),),
    )

    files, is_whole = dirty_at_start(standing, {"f": [did(before=b"two\n")]}, None)

    assert (len(files), is_whole) == (MOST_FILES, False)
