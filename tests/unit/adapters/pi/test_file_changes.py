"""What calls of Pi did to files, or were shown of them, by their arguments and results."""

from typing import Any

import orjson
import pytest

from opentraces.adapters._reading.jsonl import LINE_LIMIT
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN, FileChange, Hunk
from tests.contracts.file_changes import assert_changes_sound, changes_in, text_of
from tests.contracts.trace_parser import transcript
from tests.unit.adapters.pi.lines import BEFORE, FILE, answer, header, message, parsed, result

OLD, NEW = "b\n", "B\n"
UNIFIED = "--- d/a\n+++ d/a\n@@ -4,3 +4,3 @@\n a\n-b\n+B\n c\n"
DISPLAY = "   ...\n 4 a\n-5 b\n+5 B\n 6 c"
FOUND = Hunk(old_start=4, new_start=4, lines=(" a", "-b", "+B", " c"))
EDIT = {"path": "d/a", "edits": [{"oldText": OLD, "newText": NEW}]}
UNPLACED = (BEFORE_UNKNOWN, PLACE_UNKNOWN)


def called(tool: str, arguments: Any, call: str = "c", **said: Any) -> bytes:
    part = {"type": "toolCall", "id": call, "name": tool, "arguments": arguments}
    return answer("a", None, "", content=[{"type": "text", "text": "so"}, part], **said)


def changes(*lines: bytes) -> list[FileChange]:
    data = (header(), *lines)
    found = parsed(*data)
    assert_changes_sound(transcript(b"".join(data)), found)
    return changes_in(found)


def edited(arguments: dict[str, Any], **details: Any) -> FileChange:
    (change,) = changes(called("edit", arguments), result("r", "a", "c", details=details))
    return change


def test_an_edit_is_what_the_result_s_patch_says() -> None:
    assert edited(EDIT, patch=UNIFIED, diff="other") == FileChange(
        call="c",
        path="/w/d/a",
        operation="edit",
        moment=1_795_410_001_000,
        had_file=True,
        hunks=(FOUND,),
        methods=("tool_input", "tool_result"),
    )


@pytest.mark.parametrize(
    "details", [{"diff": DISPLAY}, {"diff": DISPLAY, "patch": "@@ -4,3 +4,3 @@\n a\n"}]
)
def test_without_a_patch_it_is_what_the_result_shows(details: dict[str, Any]) -> None:
    change = edited(EDIT, **details)

    assert (change.hunks, change.limitations) == ((FOUND,), ())


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "d/a", "oldText": OLD, "newText": NEW},
        {"path": "d/a", "edits": {"oldText": OLD, "newText": NEW}},
        {"path": "d/a", "edits": [], "oldText": OLD, "newText": NEW},
        {"path": "d/a", "edits": [{"oldText": "a\r\nb\r\n", "newText": "a\r\nB\r\n"}]},
    ],
)
def test_arguments_agree_in_every_shape(arguments: dict[str, Any]) -> None:
    assert edited(arguments, patch=UNIFIED).methods == ("tool_input", "tool_result")


@pytest.mark.parametrize(
    "edits", ["[]", [], [{"oldText": "x", "newText": "B"}], [{"oldText": "b", "newText": "x"}], 7]
)
def test_a_result_may_tell_alone(edits: Any) -> None:
    change = edited({"path": "d/a", "edits": edits}, patch=UNIFIED)

    assert (change.hunks, change.methods) == ((FOUND,), ("tool_result",))


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ([("x\ny\nz\n", "x\nY\nz\n")], [(" x", "-y", "+Y", " z")]),
        ([("x", "y\nz")], [("-x", "+y", "+z")]),
        ([("x\ny\n", "x\n")], [(" x", "-y")]),
        ([("x\n", "")], [("-x",)]),
        ([("x\r\ny", "x\r\nz")], [(" x", "-y", "+z")]),
        ([("a a\na a\n", "a a\n")], [(" a a", "-a a")]),
        ([("1", "2"), ("3", "4")], [("-1", "+2"), ("-3", "+4")]),
        ([("1", "2"), ("", "4"), ("5", 6), ("7\n", "7\n")], [("-1", "+2")]),
    ],
)
def test_without_either_it_is_what_was_asked_for(
    edits: list[tuple[Any, Any]], lines: list[tuple[str, ...]]
) -> None:
    asked = [{"oldText": old, "newText": new} for old, new in edits]

    change = edited({"path": "d/a", "edits": asked}, firstChangedLine=3)

    assert change.hunks == tuple(Hunk(lines=each) for each in lines)
    assert (change.methods, change.limitations) == (("tool_input",), UNPLACED)


@pytest.mark.parametrize(
    "arguments",
    [{"path": "d/a"}, {**EDIT, "path": 7}, {"edits": EDIT["edits"]}, {}],
)
def test_an_edit_of_nothing_says_nothing(arguments: dict[str, Any]) -> None:
    assert changes(called("edit", arguments), result("r", "a", "c")) == []


def test_a_written_file_stands_in_the_call() -> None:
    content = "é \ud7ff\n\r\n\u2028x"
    lines = (
        header(),
        called("write", {"path": "b", "content": content}),
        result("r", "a", "c", "Successfully wrote to b"),
    )

    (change,) = changes(*lines[1:])

    assert change.after is not None
    assert change.after.offset == len(lines[0])
    assert change.after.length == len(lines[1]) - 1
    assert change.after.pointer == "/message/content/1/arguments/content"
    assert text_of(transcript(b"".join(lines)), change.after) == content
    assert change == FileChange(
        call="c",
        path="/w/b",
        operation="write",
        moment=1_795_410_001_000,
        after=change.after,
        methods=("tool_input",),
        limitations=(BEFORE_UNKNOWN,),
    )


def test_an_empty_file_that_is_written_is_one() -> None:
    assert len(changes(called("write", {"path": "b", "content": ""}), result("r", "a", "c"))) == 1


@pytest.mark.parametrize("content", [None, 7, ["x"]])
def test_a_file_that_is_written_with_no_text_is_none(content: Any) -> None:
    assert changes(called("write", {"path": "b", "content": content}), result("r", "a", "c")) == []


@pytest.mark.parametrize(
    "given", [{}, {"offset": None}, {"offset": 0}, {"offset": 1, "limit": None}]
)
def test_a_file_that_was_read_whole_stands_in_the_result(given: dict[str, Any]) -> None:
    call, told = called("read", {"path": "b", **given}), result("r", "a", "c", "one\n\ntwo")

    (change,) = changes(call, told)

    assert (change.operation, change.path, change.hunks) == ("read", "/w/b", ())
    assert (change.had_file, change.methods) == (True, ("tool_result",))
    assert change.after is not None
    assert change.after.offset == len(header() + call)
    assert text_of(transcript(header() + call + told), change.after) == "one\n\ntwo"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"offset": 2}, {}),
        ({"limit": 10}, {}),
        ({"offset": "1"}, {}),
        ({}, {"details": {"truncation": {"truncated": True}}}),
        ({}, {"content": [{"type": "text", "text": "Read image file [image/png]"}]}),
        ({}, {"content": [{"type": "text", "text": "a\ufffd"}]}),
        ({}, {"content": [{"type": "text", "text": "a"}, {"type": "image"}]}),
        ({}, {"content": [{"type": "image", "text": "a"}]}),
        ({}, {"content": "a"}),
        ({}, {"content": []}),
    ],
)
def test_what_was_not_read_whole_or_as_it_is_is_not_told(
    given: dict[str, Any], said: dict[str, Any]
) -> None:
    told = {"toolCallId": "c", "content": [{"type": "text", "text": "a"}], **said}
    call = called("read", {"path": "b", **given})

    assert changes(call, message("toolResult", "r", "a", **told)) == []


@pytest.mark.parametrize("tool", ["edit", "write", "read"])
def test_a_call_that_failed_or_has_no_result_did_nothing(tool: str) -> None:
    call = called(tool, {**EDIT, "content": "x"})

    assert changes(call) == []
    assert changes(call, result("r", "a", "c", isError=True)) == []
    assert len(changes(call, result("r", "a", "c", isError=False))) == 1


def test_other_tools_tell_nothing_of_files() -> None:
    arguments = {**EDIT, "content": "x", "command": "cat d/a"}

    assert (
        changes(called("bash", arguments), result("r", "a", "c", details={"diff": DISPLAY})) == []
    )


def test_the_result_of_a_call_that_is_not_known_tells_nothing() -> None:
    assert changes(result("r", None, "c", details={"patch": UNIFIED}, toolName="edit")) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("@b", "/w/b"),
        ("/x/../b", "/b"),
        ("a\u00a0b\u202fc", "/w/a b c"),
        ("~/b", "~/b"),
        ("@~/b", "~/b"),
        ("~b", "/w/~b"),
        ("file:///x/a%20b", "/x/a b"),
    ],
)
def test_a_path_is_read_as_pi_reads_it(path: str, expected: str) -> None:
    (change,) = changes(called("write", {"path": path, "content": ""}), result("r", "a", "c"))

    assert change.path == expected


def test_what_a_fork_copied_is_not_its_own() -> None:
    copied = (
        called("edit", EDIT, stamp=BEFORE),
        result("r", "a", "c", details={"patch": UNIFIED}, stamp=BEFORE),
    )
    own = (
        answer(
            "b",
            "r",
            "",
            content=[{"type": "toolCall", "id": "d", "name": "edit", "arguments": EDIT}],
        ),
        result("s", "b", "d", details={"patch": UNIFIED}),
    )

    found = changes_in(parsed(header(parentSession=FILE), *copied, *own))

    assert [change.call for change in found] == ["d"]


@pytest.mark.parametrize(("is_error", "number"), [(False, 1), (True, 0)])
def test_a_result_too_long_to_be_read_still_says_whether_it_failed(
    is_error: bool, number: int
) -> None:
    long = "x" * LINE_LIMIT
    told = result("r", "a", "c", long, details={"patch": UNIFIED}, isError=is_error)

    found = changes(called("edit", EDIT), told)

    assert len(found) == number
    assert all(each.limitations == UNPLACED for each in found)


def test_a_whole_content_is_not_held_while_its_step_is_open() -> None:
    """Nor in what is saved: it is held as an argument of its call, and not again."""
    content = "a line of text\n" * 10_000
    lines = (header(), called("write", {"path": "b", "content": content}))

    found = parsed(*lines, result("r", "a", "c"))

    assert len(changes_in(found)) == 1
    assert len(found.source.state) < len(orjson.dumps(content)) + 10_000
