"""Lines as Claude Code shows them, and as they are."""

import difflib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.replacing import Replacing, hunks_without_place, replaced
from opentraces.adapters.claude_code.shown_hunks import FileLines, shown_hunks
from opentraces.domain.trail.file_change import FileChange
from tests.contracts.trace_parser import read, read_in_parts
from tests.unit.adapters.claude_code.lines import Json, Lines, call, source

PATH = "/w/a.go"
INDENTED = ["\tx", "  x", "\t\tx", "    x", " \tx", "x", "", "y\r\tz"]
LINES = st.lists(st.sampled_from(INDENTED), max_size=9)
HEAD = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def shown(before: list[str], after: list[str]) -> list[Json]:
    """Return the patch that the client shows: tabs at the beginning of lines as two spaces each."""
    patch: list[Json] = []
    for line in [*difflib.unified_diff(looks(before), looks(after), lineterm="")][2:]:
        head = HEAD.match(line)
        if head:
            olds, news = int(head[2] or 1), int(head[4] or 1)
            starts = (int(head[1]) + (not olds), int(head[3]) + (not news))
            patch.append({"oldStart": starts[0], "newStart": starts[1], "lines": []})
        else:
            patch[-1]["lines"].append(line)
    return patch


def looks(lines: list[str]) -> list[str]:
    return [re.sub("^\t+", _spaces, line).replace("\r\t", "\r  ") for line in lines]


def _spaces(tabs: re.Match[str]) -> str:
    return "  " * len(tabs[0])


def read_back(
    patch: list[Json], before: str | None, after: str | None, *told: str
) -> tuple[list[Json], bool]:
    hunks = shown_hunks(patch)
    assert hunks is not None
    return FileLines(before, after, told).read(hunks)


@given(LINES, LINES)
def test_lines_are_those_of_the_file_where_both_its_contents_are_known(
    old: list[str], new: list[str]
) -> None:
    hunks, is_sure = read_back(shown(old, new), whole(old), whole(new))

    assert is_sure
    made, begin = [], 0
    for hunk in hunks:
        gone = [line[1:] for line in hunk["lines"] if line[0] != "+"]
        come = [line[1:] for line in hunk["lines"] if line[0] != "-"]
        start = hunk["old_start"] - bool(gone)
        assert old[start : start + len(gone)] == gone
        made += [*old[begin:start], *come]
        assert hunk["new_start"] == len(made) - len(come) + bool(come)
        begin = start + len(gone)
    if shown(old, new):
        assert made + old[begin:] == new


def whole(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(LINES, LINES)
def test_nothing_that_is_not_sure_is_said_to_be(old: list[str], new: list[str]) -> None:
    """Where no content is known."""
    hunks, is_sure = read_back(shown(old, new), None, None)

    lines = {line[1:] for hunk in hunks for line in hunk["lines"]}
    if is_sure:
        assert lines <= {*old, *new}


def test_lines_around_that_are_not_sure_are_left_out() -> None:
    lines = [" {", "   a", " b", "-  c", "+  d", " e", "   f", " }"]
    patch = [{"oldStart": 11, "newStart": 12, "lines": lines}]

    hunks, is_sure = read_back(patch, None, None, "\tc", "\td")

    assert is_sure
    expected = {"old_start": 13, "new_start": 14, "lines": [" b", "-\tc", "+\td", " e"]}
    assert hunks == [expected]


def test_hunk_that_only_adds_and_loses_what_is_before_it_follows_a_line() -> None:
    patch = [{"oldStart": 11, "newStart": 11, "lines": ["   a", "+b", "   c"]}]

    hunks, is_sure = read_back(patch, None, None)

    assert is_sure
    assert hunks == [{"old_start": 11, "new_start": 12, "lines": ["+b"]}]


@pytest.mark.parametrize("text", ["\tc\n  c", "  c\n\tc"])
def test_line_that_may_be_one_of_two_is_not_sure(text: str) -> None:
    patch = [{"oldStart": 1, "newStart": 1, "lines": ["+  c"]}]

    assert read_back(patch, None, None, text) == (
        [{"old_start": 0, "new_start": 1, "lines": ["+  c"]}],
        False,
    )


@pytest.mark.parametrize(
    "patch",
    [
        None,
        {},
        [7],
        [{"oldStart": 1, "newStart": 1}],
        [{"oldStart": -1, "newStart": 1, "lines": []}],
        [{"oldStart": 2**60, "newStart": 1, "lines": []}],
        [{"oldStart": 1, "newStart": 1, "lines": ["x"]}],
        [{"oldStart": 1, "newStart": 1, "lines": [""]}],
        [{"oldStart": 1, "newStart": 1, "lines": [None]}],
    ],
)
def test_patch_of_another_form_is_none(patch: Any) -> None:
    assert shown_hunks(patch) is None


@pytest.mark.parametrize(
    ("old", "new", "everywhere", "expected"),
    [
        ("b", "B", False, "a\nB\nb\n"),
        ("b", "B", True, "a\nB\nB\n"),
        ("b", "", False, "a\nb\n"),
        ("a\n", "", False, "b\nb\n"),
        ("a", "\\1$&", False, "\\1$&\nb\nb\n"),
    ],
)
def test_text_is_replaced_as_the_client_does_it(
    old: str, new: str, everywhere: bool, expected: str
) -> None:
    assert replaced("a\nb\nb\n", [Replacing(old, new, everywhere)]) == expected


@given(LINES, LINES)
def test_hunk_without_place_is_made_of_both_texts(old: list[str], new: list[str]) -> None:
    texts = whole(["first", *old]), whole(new)

    hunks, _ = hunks_without_place([Replacing(*texts, everywhere=False)])

    lines = [line for hunk in hunks for line in hunk["lines"]]
    assert [line[1:] for line in lines if line[0] != "+"] == ["first", *old]
    assert [line[1:] for line in lines if line[0] != "-"] == new


def test_what_both_texts_hold_stays() -> None:
    old, new = "a\nb\nc\nd\ne\n", "a\nB\nc\nD\ne\n"

    hunks, _ = hunks_without_place([Replacing(old, new, everywhere=False)])

    assert hunks == [{"lines": [" a", "-b", "+B", " c", "-d", "+D", " e"]}]


def edited(told: Json) -> tuple[bytes, ...]:
    """Return a session that edits a file whose content before the transcript leaves out."""
    lines, given = Lines(), {"file_path": PATH, "old_string": "return 1", "new_string": "return 2"}
    patch = {"oldStart": 9, "newStart": 9, "lines": ["-  return 1", "+  return 2"]}
    result: Json = {"filePath": PATH, "oldString": "return 1", "newString": "return 2"}
    result |= {"originalFile": None, "structuredPatch": [patch]}
    looked = {"type": "text", "file": {"filePath": PATH, **told}}
    return (
        lines.answer(call("Read", "c0", file_path=PATH)),
        lines.result("c0", "…", looked),
        lines.answer(call("Edit", "c1", **given), message="msg_2"),
        lines.result("c1", "ok", result),
    )


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize(
    ("content", "lines", "start", "limitations"),
    [
        ("f {\n", ("-  return 1", "+  return 2"), 9, ("before_unknown", "indent_unknown")),
        (
            "\treturn 0\n",
            ("-return 1", "+return 2"),
            None,
            ("before_unknown", "partial_lines", "place_unknown"),
        ),
    ],
)
def test_file_that_was_seen_to_have_tabs_is_edited_where_the_call_says(
    content: str,
    lines: tuple[str, ...],
    start: int | None,
    limitations: tuple[str, ...],
    in_parts: bool,
) -> None:
    """The text is exact, and the place is not told; else the place is, and the text may be."""
    data = source(*edited({"content": content, "numLines": 2, "startLine": 8, "totalLines": 99}))
    ends = [at + 1 for at, byte in enumerate(data.data) if byte == ord("\n")]
    parser = ClaudeCodeParser()

    found = read_in_parts(parser, data, ends) if in_parts else read(parser, data)

    (only,) = (change for step in found.steps for change in step.changes)
    assert isinstance(only, FileChange)
    assert only.hunks[0].lines == lines
    assert only.hunks[0].old_start == start
    assert only.limitations == limitations
