"""What single calls did to files, by their results and by their arguments."""

from typing import Any

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.trail.file_change import FileChange, Hunk
from tests.contracts.trace_parser import Read, read_in_parts
from tests.unit.adapters.claude_code.lines import Json, Lines, call, parsed, source, text

PARSER = ClaudeCodeParser()
PATH = "/w/a.py"
DONE = f"The file {PATH} has been updated successfully."
OLD, NEW = "def f():\n    return 1\n", "def f():\n    return 2\n"
ASKED: Json = {"file_path": PATH, "old_string": "return 1", "new_string": "return 2"}
PATCH: Json = {
    "oldStart": 1,
    "oldLines": 2,
    "newStart": 1,
    "newLines": 2,
    "lines": [" def f():", "-    return 1", "+    return 2"],
}
EDITED: Json = {
    "filePath": PATH,
    "oldString": "return 1",
    "newString": "return 2",
    "originalFile": OLD,
    "structuredPatch": [PATCH],
    "userModified": False,
    "replaceAll": False,
}
WRITTEN: Json = {
    "type": "update",
    "filePath": PATH,
    "content": NEW,
    "structuredPatch": [PATCH],
    "originalFile": OLD,
    "userModified": False,
}
WITHOUT_PLACE = ("before_unknown", "partial_lines", "place_unknown")
AGENT = "projects/-w/s/subagents/agent-a1.jsonl"


def done(tool: str, given: Json, told: Any, said: str = DONE, **block: Any) -> Read:
    """Return what a session of one call and its result says."""
    lines = Lines()
    called = lines.answer(call(tool, "c1", **given))
    return parsed(called, lines.result("c1", said, told, **block))


def changes(found: Read) -> list[FileChange]:
    return [change for step in found.steps for change in step.changes]


def change(tool: str, given: Json, told: Any, said: str = DONE, **block: Any) -> FileChange:
    (only,) = changes(done(tool, given, told, said, **block))
    return only


def test_edit_says_where_it_was_and_what_stood_there_before() -> None:
    found = change("Edit", ASKED, EDITED)

    assert (found.call, found.number, found.path, found.operation) == ("c1", 0, PATH, "edit")
    assert found.had_file is True
    assert found.hunks == (Hunk(old_start=1, new_start=1, lines=tuple(PATCH["lines"])),)
    assert found.before is not None
    assert found.before.pointer == "/toolUseResult/originalFile"
    assert found.after is None
    assert found.methods == ("tool_input", "tool_result")
    assert found.limitations == ()


def test_line_of_a_place_is_the_result_s() -> None:
    lines = Lines()
    called = lines.answer(call("Edit", "c1", **ASKED))
    told = lines.result("c1", DONE, EDITED)

    (found,) = changes(parsed(called, told))

    assert found.before is not None
    assert (found.before.offset, found.before.length) == (len(called), len(told) - 1)
    assert found.moment == 1_795_410_002_000


@pytest.mark.parametrize(
    ("tool", "given", "told", "block"),
    [
        ("Edit", ASKED, "Error: String to replace not found in file.", {"is_error": True}),
        ("Edit", ASKED, EDITED, {"is_error": True}),
        ("Edit", ASKED, "User rejected tool use", {}),
        ("Bash", {"command": "ls"}, {"stdout": "", "stderr": ""}, {}),
        ("mcp__files__edit", ASKED, EDITED, {}),
        ("NotebookEdit", {"notebook_path": PATH}, {"notebook_path": PATH, "error": "No"}, {}),
        ("Edit", {}, None, {}),
    ],
)
def test_calls_that_changed_no_file_say_so(
    tool: str, given: Json, told: Any, block: dict[str, Any]
) -> None:
    assert changes(done(tool, given, told, **block)) == []


def test_call_without_a_result_did_nothing_that_we_know() -> None:
    assert changes(parsed(Lines().answer(call("Edit", "c1", **ASKED)))) == []


def test_null_before_is_a_new_file_only_where_it_was_created() -> None:
    new: Json = {"type": "create", "originalFile": None, "structuredPatch": []}
    made = change("Write", {}, WRITTEN | new)
    cut = change("Write", {}, WRITTEN | {"originalFile": None})

    assert (made.had_file, made.before, made.limitations) == (False, None, ())
    assert (cut.had_file, cut.before, cut.limitations) == (
        True,
        None,
        ("before_unknown", "indent_unknown"),
    )
    assert change("Edit", ASKED, EDITED | {"originalFile": None}).had_file is True


def test_written_content_is_what_the_tool_wrote() -> None:
    """A hook may have rewritten the call; the transcript keeps what the model asked for."""
    found = change("Write", {"file_path": PATH, "content": "asked\n"}, WRITTEN)

    assert found.after is not None
    assert found.after.pointer == "/toolUseResult/content"
    assert found.methods == ("tool_result",)


def test_what_a_person_changed_is_told_as_theirs_too() -> None:
    found = change("Edit", ASKED, EDITED | {"userModified": True})

    assert found.limitations == ("user_modified",)
    assert found.hunks[0].authored == ("    return 2",)


def test_edit_of_an_empty_file_adds_at_its_beginning() -> None:
    given = {"file_path": PATH, "old_string": "", "new_string": "one\ntwo"}
    patch: Json = {"oldStart": 1, "oldLines": 0, "newStart": 1, "newLines": 2}
    patch["lines"] = ["+one", "+two", "\\ No newline at end of file"]
    told = {"filePath": PATH, "oldString": "", "newString": "one\ntwo", "originalFile": ""}

    found = change("Edit", given, told | {"structuredPatch": [patch]})

    assert found.hunks == (Hunk(old_start=0, new_start=1, lines=("+one", "+two")),)
    assert found.had_file is None
    by_helper = change("Edit", given, None)
    assert (by_helper.hunks, by_helper.limitations) == (found.hunks, ())


def test_edits_of_one_call_are_one_change() -> None:
    """As releases did it that had a tool for it."""
    edits = [
        {"old_string": "return 1", "new_string": "return 2"},
        {"old_string": "f()", "new_string": "g()", "replace_all": True},
    ]
    told = {"filePath": PATH, "edits": edits, "originalFileContents": OLD}

    main = change("MultiEdit", {"file_path": PATH, "edits": edits}, told | {"structuredPatch": []})
    helper = change("MultiEdit", {"file_path": PATH, "edits": edits}, None)

    assert main.before is not None
    assert main.before.pointer == "/toolUseResult/originalFileContents"
    assert main.hunks == helper.hunks
    assert [hunk.lines for hunk in helper.hunks] == [("-return 1", "+return 2"), ("-f()", "+g()")]
    assert helper.limitations == (*WITHOUT_PLACE, "repeated")


def test_edit_without_a_result_of_its_own_is_what_was_asked() -> None:
    found = change("Edit", ASKED, None)

    assert found.hunks == (Hunk(lines=("-return 1", "+return 2")),)
    assert found.methods == ("tool_input",)
    assert found.limitations == WITHOUT_PLACE
    assert change("Edit", {**ASKED, "replace_all": True}, None).limitations == (
        *WITHOUT_PLACE,
        "repeated",
    )


@pytest.mark.parametrize(
    ("said", "had_file", "limitations"),
    [
        (f"File created successfully at: {PATH}", False, ()),
        (DONE, True, ("before_unknown",)),
        ("ok", None, ("before_unknown",)),
    ],
)
def test_file_that_a_sub_agent_wrote_is_in_its_call(
    said: str, had_file: bool | None, limitations: tuple[str, ...]
) -> None:
    lines = Lines()
    called = lines.answer(
        text("Now."), call("Write", "c1", file_path=PATH, content=NEW), isSidechain=True
    )
    data = (lines.user("Write it."), called, lines.result("c1", said))

    (found,) = changes(parsed(*data, name=AGENT))

    assert (found.had_file, found.limitations) == (had_file, limitations)
    assert found.after is not None
    assert found.after.pointer == "/message/content/1/input/content"
    assert (found.after.offset, found.after.length) == (len(data[0]), len(called) - 1)


def test_text_that_was_not_taken_over_is_in_no_hunk() -> None:
    """A marker stands for it in the step."""
    found = change("Edit", {**ASKED, "new_string": "QUJD" * 1000}, None)

    assert found.hunks == ()
    assert found.limitations == ("after_unknown", "before_unknown", "place_unknown")


@pytest.mark.parametrize(
    "file",
    [
        {"startLine": 2},
        {"numLines": 2},
        {"truncatedByTokenCap": True},
        {"content": None},
        {"startLine": "1"},
        {"numLines": None, "totalLines": None},
    ],
)
def test_only_a_file_that_was_read_whole_is_seen(file: Json) -> None:
    whole = {"filePath": PATH, "content": OLD, "numLines": 3, "startLine": 1, "totalLines": 3}
    given = {"file_path": PATH}

    seen = change("Read", given, {"type": "text", "file": whole})

    assert (seen.operation, seen.had_file, seen.hunks) == ("read", True, ())
    assert seen.after is not None
    assert seen.after.pointer == "/toolUseResult/file/content"
    assert changes(done("Read", given, {"type": "text", "file": whole | file})) == []
    assert changes(done("Read", given, {"type": "notebook", "file": whole})) == []


def test_cell_of_a_notebook_is_in_the_file_as_it_was_written() -> None:
    told = {"notebook_path": PATH, "new_source": "x", "error": ""}
    told |= {"original_file": OLD, "updated_file": NEW}

    found = change("NotebookEdit", {"notebook_path": PATH, "new_source": "x"}, told)

    assert found.before is not None
    assert found.after is not None
    assert found.before.pointer == "/toolUseResult/original_file"
    assert found.after.pointer == "/toolUseResult/updated_file"
    assert (found.hunks, found.limitations) == ((), ())
    assert change("NotebookEdit", {"notebook_path": PATH}, None).limitations == (
        "after_unknown",
        "before_unknown",
        "place_unknown",
    )


def test_first_result_of_a_call_stands() -> None:
    lines = Lines()
    first, again = lines.result("c1", DONE, EDITED), lines.result("c1", DONE)

    (found,) = changes(parsed(lines.answer(call("Edit", "c1", **ASKED)), first, again))

    assert found.before is not None


def test_results_on_one_line_say_what_their_calls_asked() -> None:
    lines = Lines()
    other = {**ASKED, "file_path": "/w/b.py"}
    called = lines.answer(call("Edit", "c1", **ASKED), call("Edit", "c2", **other))
    blocks = [
        {"type": "tool_result", "tool_use_id": each, "content": DONE} for each in ("c1", "c2")
    ]

    found = changes(parsed(called, lines.user(blocks, toolUseResult=EDITED)))

    assert [(each.call, each.path, each.methods) for each in found] == [
        ("c1", PATH, ("tool_input",)),
        ("c2", "/w/b.py", ("tool_input",)),
    ]


def test_result_of_a_call_that_was_not_read_says_what_it_did() -> None:
    lines = Lines()

    found = changes(parsed(lines.user("Go on."), lines.result("c1", DONE, EDITED)))

    assert [(each.call, each.operation, each.methods) for each in found] == [
        ("c1", "edit", ("tool_result",))
    ]


def test_relative_path_is_below_the_working_directory() -> None:
    lines = Lines()
    called = lines.answer(call("Edit", "c1", **{**ASKED, "file_path": "d/../a.py"}))
    told = lines.user([{"type": "tool_result", "tool_use_id": "c1", "content": DONE}], cwd="/w")

    assert [each.path for each in changes(parsed(called, told))] == [PATH]


def test_late_result_adds_to_a_step_that_was_given() -> None:
    """With what it said before, although it was saved in between."""
    lines = Lines()
    both = lines.answer(
        call("Edit", "c1", **ASKED), call("Write", "c2", file_path=PATH, content=NEW)
    )
    data = source(both, lines.result("c1", DONE, EDITED), lines.result("c2", DONE), name=AGENT)
    ends = [at + 1 for at, byte in enumerate(data.data) if byte == ord("\n")]

    found = read_in_parts(PARSER, data, ends)

    assert [[each.call for each in step.changes] for step in found.emitted] == [
        [],
        ["c1"],
        ["c1", "c2"],
    ]
    assert changes(found) == changes(parsed(data.data, name=AGENT))
