"""What real sessions of Codex did to files, as somebody counted who read them."""

import pytest

from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN, FileChange, Hunk
from tests.contracts.file_changes import assert_changes_sound, changes_in, text_of
from tests.contracts.trace_parser import read
from tests.integration.adapters.codex_cli.fixtures import every_source

SOURCES = every_source()
EVENT, LISTED = ("file_change_event", "tool_input"), ("tool_input", "tool_result")
FIXED = (" def add(a, b):", "-    return a - b", "+    return a + b")
TEST = "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
UNPLACED = (BEFORE_UNKNOWN, PLACE_UNKNOWN)

COUNTED = {
    "abort_sigint": 0,
    "codemode": 2,
    "compact": 0,
    "edit": 4,
    "fail500": 0,
    "fork": 0,
    "legacy120": 4,
    "plan": 1,
    "resume1": 0,
    "resume2": 1,
    "subagent_v2": 0,
    "subagent_v2+": 0,
}


def changes(source: str) -> list[FileChange]:
    return changes_in(read(CodexCliParser(), SOURCES[source]))


def told(source: str) -> list[tuple[object, ...]]:
    """Return call, number, what happened to which file, and the hunks as (old, new, lines)."""
    return [
        (each.call, each.number, each.operation, each.path, each.moved_from, plain(each.hunks))
        for each in changes(source)
    ]


def plain(hunks: tuple[Hunk, ...]) -> list[tuple[object, ...]]:
    return [(hunk.old_start, hunk.new_start, hunk.lines) for hunk in hunks]


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_changes_are_as_many_as_were_counted(source: str) -> None:
    found = read(CodexCliParser(), SOURCES[source])

    assert len(changes_in(found)) == COUNTED[source]
    assert_changes_sound(SOURCES[source], found)


def test_patches_of_the_current_dialect() -> None:
    """One of three files, one that moves; the third names a file that is not there."""
    assert told("edit") == [
        ("call_mock00020", 0, "edit", "/home/dev/edit/calc.py", None, [(1, 1, FIXED)]),
        ("call_mock00020", 1, "delete", "/home/dev/edit/notes.txt", None, []),
        ("call_mock00020", 2, "write", "/home/dev/edit/test_calc.py", None, []),
        (
            "call_mock00040",
            0,
            "edit",
            "/home/dev/edit/tests/test_calc.py",
            "/home/dev/edit/test_calc.py",
            [(4, 4, ("     assert add(1, 2) == 3", "+    assert add(-1, 1) == 0"))],
        ),
    ]


def test_whole_contents_stand_where_they_are_said_to() -> None:
    edited, deleted, written, moved = changes("edit")

    assert deleted.before is not None
    assert written.after is not None
    assert deleted.before.pointer == ("/payload/item/changes/~1home~1dev~1edit~1notes.txt/content")
    assert (deleted.before.offset, deleted.before.length) == (45_737, 802)
    assert text_of(SOURCES["edit"], deleted.before) == "old notes\n"
    assert text_of(SOURCES["edit"], written.after) == TEST
    assert [each.before or each.after for each in (edited, moved)] == [None, None]
    assert [each.had_file for each in (edited, deleted, written, moved)] == [True, True, None, True]
    assert {each.methods for each in changes("edit")} == {EVENT}
    assert [each.limitations for each in changes("edit")] == [(), (), (BEFORE_UNKNOWN,), ()]
    assert [each.moment for each in changes("edit")] == [1_795_409_674_773] * 3 + [
        1_795_409_675_979
    ]


def test_patches_of_the_legacy_dialect() -> None:
    assert told("legacy120") == [
        ("call_mock00020", 0, "edit", "/home/dev/legacy120/calc.py", None, [(None, None, FIXED)]),
        ("call_mock00020", 1, "delete", "/home/dev/legacy120/notes.txt", None, []),
        (
            "call_mock00020",
            2,
            "write",
            "/home/dev/legacy120/test_calc.py",
            None,
            [(None, 1, tuple(f"+{line}" for line in TEST.splitlines()))],
        ),
        (
            "call_mock00040",
            0,
            "edit",
            "/home/dev/legacy120/tests/test_calc.py",
            "/home/dev/legacy120/test_calc.py",
            [
                (
                    None,
                    None,
                    (
                        " def test_add():",
                        "     assert add(1, 2) == 3",
                        "+    assert add(-1, 1) == 0",
                    ),
                )
            ],
        ),
    ]
    assert {each.methods for each in changes("legacy120")} == {LISTED}
    assert [each.limitations for each in changes("legacy120")] == [
        UNPLACED,
        (BEFORE_UNKNOWN,),
        (BEFORE_UNKNOWN,),
        UNPLACED,
    ]


def test_a_patch_that_a_script_applies() -> None:
    edited, written = changes("codemode")
    nested = "exec-d0250b5e-2fdc-4d02-b281-3de046a8896b"

    assert told("codemode") == [
        (nested, 0, "edit", "/home/dev/codemode/calc.py", None, [(1, 1, FIXED)]),
        (nested, 1, "write", "/home/dev/codemode/test_calc.py", None, []),
    ]
    assert edited.methods == written.methods == EVENT
    assert written.after is not None
    assert text_of(SOURCES["codemode"], written.after) == (
        "from calc import add\nassert add(1, 2) == 3\n"
    )


def test_a_file_in_a_new_folder() -> None:
    (written,) = changes("plan")

    assert (written.path, written.operation) == ("/home/dev/plan/docs/guide.md", "write")
    assert written.after is not None
    assert text_of(SOURCES["plan"], written.after) == "# Guide\nhello\n"


def test_a_patch_in_a_session_that_was_resumed() -> None:
    assert told("resume2") == [
        (
            "call_mock00010",
            0,
            "edit",
            "/home/dev/rig/work/resume/notes.txt",
            None,
            [(1, 1, ("-old notes", "+new notes"))],
        )
    ]
