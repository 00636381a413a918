"""What calls of Codex did to files, in every shape in which its releases tell it."""

from typing import Any

import orjson
import pytest

from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN, FileChange, Hunk
from tests.contracts.file_changes import assert_changes_sound, changes_in, text_of
from tests.contracts.trace_parser import transcript
from tests.unit.adapters.codex_cli.lines import (
    OLD_TURN,
    PARENT,
    TURN,
    begin,
    call,
    ended,
    event,
    item,
    line,
    meta,
    output,
    parsed,
    response,
    script,
)

BODY = (
    "*** Update File: d/a.py\n@@ def f():\n x\n-y\n+z\n*** Add File: b\n+one\n*** Delete File: c\n"
)
PATCH = f"*** Begin Patch\n{BODY}*** End Patch\n"
LISTED = "Success. Updated the following files:\nA b\nM d/a.py\nD c\n"
DONE = f"Exit code: 0\nWall time: 0 seconds\nOutput:\n{LISTED}"
HUNK = Hunk(lines=(" x", "-y", "+z"))
PLACED = {"type": "update", "unified_diff": "@@ -4,2 +4,2 @@\n x\n-y\n+z\n", "move_path": None}
CUSTOM = response("custom_tool_call", name="apply_patch", input=PATCH, call_id="c")


def arguments(tool: str, **given: Any) -> bytes:
    return call("c", tool, orjson.dumps(given).decode())


def patched(call_id: str = "c", **more: Any) -> bytes:
    changes = {"/w/b": {"type": "add", "content": "one\n"}, "/w/d/a.py": PLACED}
    return item("FileChange", id=call_id, **{"changes": changes, "status": "completed", **more})


def changes(*lines: bytes) -> list[FileChange]:
    found = parsed(*lines)
    assert_changes_sound(transcript(b"".join(lines)), found)
    return changes_in(found)


def paths(*lines: bytes) -> list[str]:
    return [change.path for change in changes(*lines)]


SHAPES = {
    "custom": CUSTOM,
    "function": arguments("apply_patch", input=PATCH),
    "heredoc": arguments("exec_command", cmd=f"apply_patch <<'E'\n{PATCH}E\n"),
    "words": arguments("shell", command=["apply_patch", PATCH]),
    "shell": arguments("shell", command=["bash", "-lc", f"apply_patch <<'E'\n{PATCH}E\n"]),
    "local": response(
        "local_shell_call",
        action={"type": "exec", "command": ["apply_patch", PATCH]},
        call_id="c",
    ),
    "script": script("c", f"text(await tools.apply_patch({orjson.dumps(PATCH).decode()}));"),
    "template": script("c", f"text(await tools.apply_patch(`\n{PATCH}`));"),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_patch_is_read_by_its_text_and_the_files_that_the_result_names(shape: str) -> None:
    edited, written, deleted = sorted(
        changes(meta(), SHAPES[shape], output("c", DONE)), key=lambda each: each.operation != "edit"
    )
    common: dict[str, Any] = {
        "call": "c",
        "methods": ("tool_input", "tool_result"),
        "moment": 1_795_409_673_398,
    }

    assert edited == FileChange(
        path="/w/d/a.py",
        number=2,
        operation="edit",
        had_file=True,
        hunks=(HUNK,),
        limitations=(BEFORE_UNKNOWN, PLACE_UNKNOWN),
        **common,
    )
    assert written == FileChange(
        path="/w/b",
        operation="write",
        hunks=(Hunk(new_start=1, lines=("+one",)),),
        limitations=(BEFORE_UNKNOWN,),
        **common,
    )
    assert deleted == FileChange(
        path="/w/c",
        number=1,
        operation="delete",
        had_file=True,
        limitations=(BEFORE_UNKNOWN,),
        **common,
    )


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"script", "template"}))
def test_an_item_tells_more_than_the_patch_whatever_its_shape(shape: str) -> None:
    written, edited = changes(meta(), SHAPES[shape], patched(), output("c", DONE))

    assert (written.path, edited.path) == ("/w/b", "/w/d/a.py")
    assert written.methods == edited.methods == ("file_change_event", "tool_input")
    assert written.hunks == ()
    assert written.after is not None
    assert written.after.pointer == "/payload/item/changes/~1w~1b/content"
    assert written.limitations == (BEFORE_UNKNOWN,)
    assert edited.hunks == (Hunk(old_start=4, new_start=4, lines=(" x", "-y", "+z")),)
    assert edited.limitations == ()


@pytest.mark.parametrize("shape", ["script", "template"])
def test_a_patch_of_a_script_is_the_nested_call_s(shape: str) -> None:
    lines = (meta(), SHAPES[shape], patched("exec-1"), output("c", f"Script completed\n{LISTED}"))

    found = changes(*lines)

    assert [(each.call, each.path) for each in found] == [
        ("exec-1", "/w/b"),
        ("exec-1", "/w/d/a.py"),
    ]
    assert {each.methods for each in found} == {("file_change_event", "tool_input")}


def test_an_item_that_comes_late_takes_the_place_of_what_the_result_named() -> None:
    named = output("c", f"Script completed\n{LISTED}")

    found = changes(meta(), SHAPES["script"], named, patched("exec-1"))

    assert [(each.call, each.path) for each in found] == [
        ("exec-1", "/w/b"),
        ("exec-1", "/w/d/a.py"),
    ]


def test_a_script_whose_patch_cannot_be_told_is_known_by_the_item_alone() -> None:
    source = "const p = '*** Begin Patch\\n*** Add File: ' + name; await tools.apply_patch(p);"

    found = changes(meta(), script("c", source), patched("exec-1"), output("c", "Script completed"))

    assert {each.methods for each in found} == {("file_change_event",)}


@pytest.mark.parametrize(
    "told",
    [
        "apply_patch verification failed: Failed to find expected lines in /w/d/a.py:\ny",
        "Exit code: 1\nWall time: 0 seconds\nOutput:\nFailed to write file /w/b\n",
        f"Exit code: 1\nWall time: 0 seconds\nOutput:\n{LISTED}",
        "Exit code: 0\nWall time: 0 seconds\nOutput:\nbash: apply_patch: command not found\ndone\n",
        "patch rejected by user",
        "",
    ],
)
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_patch_that_failed_changed_nothing(shape: str, told: str) -> None:
    assert changes(meta(), SHAPES[shape], output("c", told)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"status": "failed"},
        {"status": "declined"},
        {"status": "in_progress"},
        {"status": None},
        {"success": False},
        {"changes": {}},
        {"changes": None},
    ],
)
def test_an_item_that_failed_changed_nothing(more: dict[str, Any]) -> None:
    assert changes(meta(), CUSTOM, patched(**more), output("c", "Exit code: 1\n")) == []


def test_without_a_result_nothing_is_said_to_have_happened() -> None:
    assert changes(meta(), CUSTOM) == []


def test_only_files_that_the_result_names_were_changed() -> None:
    told = "Success. Updated the following files:\nM d/a.py\nsome words\nA b\n"

    assert paths(meta(), CUSTOM, output("c", told)) == ["/w/d/a.py"]


def test_an_event_of_the_legacy_dialect() -> None:
    told = {
        "/w/b": {"add": {"content": "one\n"}},
        "/w/c": {"delete": {"content": "gone\n"}},
        "/w/d/a.py": {"update": {"unified_diff": PLACED["unified_diff"], "move_path": "/w/e"}},
    }
    lines = (
        meta(),
        CUSTOM,
        event("patch_apply_end", call_id="c", success=True, stdout=LISTED, changes=told),
        output("c", DONE),
    )

    written, deleted, moved = changes(*lines)

    assert written.after is not None
    assert deleted.before is not None
    assert written.after.pointer == "/payload/changes/~1w~1b/add/content"
    assert text_of(transcript(b"".join(lines)), written.after) == "one\n"
    assert text_of(transcript(b"".join(lines)), deleted.before) == "gone\n"
    assert (moved.path, moved.moved_from, moved.operation) == ("/w/e", "/w/d/a.py", "edit")
    assert {len(each.hunks) for each in (written, deleted)} == {0}
    assert moved.hunks == (Hunk(old_start=4, new_start=4, lines=(" x", "-y", "+z")),)


def test_an_event_that_failed_changed_nothing() -> None:
    told = event("patch_apply_end", call_id="c", success=False, changes={"/w/b": PLACED})

    assert changes(meta(), CUSTOM, told, output("c", "Exit code: 1\n")) == []


def test_a_diff_that_cannot_be_read_is_replaced_by_the_patch_or_says_nothing() -> None:
    broken = {**PLACED, "unified_diff": "@@ -4,2 +4,2 @@\n x\n"}
    told = {"/w/d/a.py": broken, "/w/other": broken, "/w/b": {"type": "add", "content": 7}}

    written, edited = changes(meta(), CUSTOM, patched(changes=told), output("c", DONE))

    assert edited.hunks == (HUNK,)
    assert edited.limitations == (BEFORE_UNKNOWN, PLACE_UNKNOWN)
    assert written.hunks == (Hunk(new_start=1, lines=("+one",)),)
    assert written.after is None
    assert edited.methods == written.methods == ("file_change_event", "tool_input")


def test_a_file_that_only_moved_has_no_hunks() -> None:
    told = {"/w/b": {"type": "update", "unified_diff": "", "move_path": "/w/n"}}

    (moved,) = changes(meta(), CUSTOM, patched(changes=told))

    assert (moved.path, moved.moved_from, moved.hunks) == ("/w/n", "/w/b", ())


def test_an_item_of_no_call_that_is_known_has_none() -> None:
    (step,) = parsed(meta(), patched("gone")).steps

    assert step.step.role == "system"
    assert [(each.call, each.number, each.path) for each in step.changes] == [
        (None, 0, "/w/b"),
        (None, 1, "/w/d/a.py"),
    ]


def test_a_result_that_comes_in_the_background_names_files_as_well() -> None:
    heredoc = SHAPES["heredoc"]
    running = "Chunk ID: 1\nWall time: 1 seconds\nProcess running with session ID 7\nOutput:\n"

    assert changes(meta(), heredoc, output("c", running)) == []
    assert len(changes(meta(), heredoc, output("c", running), ended("c", LISTED))) == 3
    assert changes(meta(), heredoc, output("c", running), ended("c", LISTED, code=1)) == []


def test_a_command_that_a_script_runs_may_apply_a_patch() -> None:
    nested = item(
        "CommandExecution",
        id="exec-1",
        command=["/bin/bash", "-lc", f"apply_patch <<'E'\n{PATCH}E\n"],
        cwd="file:///elsewhere",
        aggregated_output=LISTED,
        exit_code=0,
    )

    found = changes(meta(), script("c"), nested, output("c", f"Script completed\n{LISTED}"))

    assert [(each.call, each.path) for each in found] == [
        ("exec-1", "/elsewhere/b"),
        ("exec-1", "/elsewhere/c"),
        ("exec-1", "/elsewhere/d/a.py"),
    ]


DELETED = "*** Begin Patch\n*** Delete File: c\n*** End Patch\n"
GONE = "Success. Updated the following files:\nD c\n"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"cmd": f"apply_patch <<'E'\n{DELETED}E"}, "/w/c"),
        ({"cmd": f"apply_patch <<'E'\n{DELETED}E", "workdir": "/x/y"}, "/x/y/c"),
        ({"cmd": f"apply_patch <<'E'\n{DELETED}E", "workdir": "y"}, "/w/y/c"),
        ({"cmd": f"cd sub && apply_patch <<'E'\n{DELETED}E"}, "/w/sub/c"),
        ({"cmd": f"cd 'a b' && apply_patch <<'E'\n{DELETED}E", "workdir": "/x"}, "/x/a b/c"),
        ({"cmd": f'cd "/a b"; apply_patch <<E\n{DELETED}E'}, "/a b/c"),
        ({"cmd": f"cd $HOME && apply_patch <<'E'\n{DELETED}E"}, "c"),
        ({"cmd": f"cd ~/x && apply_patch <<'E'\n{DELETED}E"}, "c"),
        ({"cmd": f"cd a && ls && cd b && apply_patch <<'E'\n{DELETED}E"}, "c"),
        ({"cmd": f"ls; apply_patch <<'E'\n{DELETED}E"}, "/w/c"),
    ],
)
def test_a_path_is_of_the_folder_that_the_command_runs_in(given: dict[str, Any], path: str) -> None:
    assert paths(meta(), arguments("exec_command", **given), output("c", GONE)) == [path]


def test_a_path_is_of_the_folder_of_its_turn() -> None:
    turn = line("turn_context", {"turn_id": TURN, "cwd": "/turn", "model": "m"})

    assert paths(meta(), begin(), turn, CUSTOM, output("c", DONE))[0] == "/turn/b"


def test_a_path_stays_as_it_is_where_no_folder_is_told() -> None:
    assert paths(meta(cwd=None), CUSTOM, output("c", DONE)) == ["b", "c", "d/a.py"]


def test_patches_of_copied_history_are_not_the_thread_s_own() -> None:
    copied = (meta(PARENT), begin(OLD_TURN), CUSTOM, patched(), output("c", DONE))
    own = (begin(), response("custom_tool_call", name="apply_patch", input=DELETED, call_id="d"))

    found = changes(meta(forked_from_id=PARENT), *copied, *own, output("d", GONE))

    assert [(each.call, each.path) for each in found] == [("d", "/w/c")]


def test_two_updates_of_a_file_are_one_change() -> None:
    text = (
        "*** Begin Patch\n*** Update File: a\n@@\n-1\n+2\n@@ class C:\n 3\n+4\n\n"
        "*** Update File: a\n-5\n\n+6\n*** End of File\n*** End Patch\n*** Update File: no\n-7\n"
    )
    told = output("c", "Success. Updated the following files:\nM a\nM a\nM no\n")

    (edited,) = changes(
        meta(), response("custom_tool_call", name="apply_patch", input=text, call_id="c"), told
    )

    assert [hunk.lines for hunk in edited.hunks] == [("-1", "+2"), (" 3", "+4"), ("-5", " ", "+6")]


def test_a_carriage_return_is_not_part_of_a_patch_and_is_of_a_file() -> None:
    diff = {**PLACED, "unified_diff": "@@ -1 +1 @@\n-y\r\n+z\r\n"}
    custom = response(
        "custom_tool_call", name="apply_patch", input=PATCH.replace("\n", "\r\n"), call_id="c"
    )

    by_item = changes(meta(), custom, patched(changes={"/w/d/a.py": diff}))
    by_text = changes(meta(), custom, output("c", DONE))

    assert [hunk.lines for hunk in by_item[0].hunks] == [("-y\r", "+z\r")]
    assert by_item[0].methods == ("file_change_event", "tool_input")
    assert by_text[2].hunks == (HUNK,)


def test_a_whole_content_is_not_held_while_its_step_is_open() -> None:
    """Nor in what is saved: only where it stands."""
    content = "a line of text\n" * 10_000
    custom = response("custom_tool_call", name="apply_patch", input=DELETED, call_id="c")
    found = parsed(meta(), custom, patched(changes={"/w/b": {"type": "add", "content": content}}))

    assert len(changes_in(found)) == 1
    assert len(found.source.state) < 10_000
