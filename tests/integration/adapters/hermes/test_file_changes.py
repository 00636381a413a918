"""What calls of Hermes did to files, by its database and by rows of trajectories."""

import json
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.hermes.parser import HermesParser
from opentraces.domain.session import Scope
from opentraces.domain.trail.file_change import (
    BEFORE_UNKNOWN,
    PLACE_UNKNOWN,
    FileChange,
    Hunk,
    Method,
)
from tests.contracts.file_changes import assert_changes_sound, changes_in
from tests.contracts.trace_parser import read, transcript
from tests.hermes_agent import Store, answer, call, human, results, run, tool_calls
from tests.integration.adapters.hermes.fixtures import SESSION, sessions_in, source_of

BOTH: tuple[Method, ...] = ("tool_input", "tool_result")
DIFF = "--- a/d/a.py\n+++ b/d/a.py\n@@ -4,3 +4,3 @@\n a\n-b\n+B\n c\n"
REPLACE = {"mode": "replace", "path": "d/a.py", "old_string": "b\n", "new_string": "B\n"}
PATCHED = {"success": True, "diff": DIFF, "files_modified": ["/w/d/a.py"]}
FOUND = Hunk(old_start=4, new_start=4, lines=(" a", "-b", "+B", " c"))
V4A = (
    "*** Begin Patch\n*** Update File: a.py\n@@ def f @@\n x\n-y\n+z\n"
    "*** Add File: b\n+one\n*** Delete File: /w/c\n*** End Patch"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state.db")


def changes(store: Store, tool: str, given: Any, result: Any) -> list[FileChange]:
    """Keep a session with one call and its result, and read it."""
    store.session(SESSION)
    store.say(SESSION, "user", "go")
    calls = tool_calls(("call_1", tool, given))
    store.say(SESSION, "assistant", tool_calls=calls, timestamp=1763873676.25)
    told = result if isinstance(result, str) else json.dumps(result)
    store.say(SESSION, "tool", told, tool_call_id="call_1", timestamp=1763873677.0)
    agent = sessions_in(store.path.parent, store.path.parent)
    (session,) = agent.discover(Scope())
    source = source_of(agent, session)
    found = read(HermesParser(), source)
    assert_changes_sound(source, found)
    return changes_in(found)


def test_a_replacement_is_what_the_result_s_diff_says(store: Store) -> None:
    assert changes(store, "patch", REPLACE, PATCHED) == [
        FileChange(
            call="call_1",
            path="/w/d/a.py",
            operation="edit",
            moment=1_763_873_677_000,
            had_file=True,
            hunks=(FOUND,),
            methods=BOTH,
        )
    ]


def test_a_diff_may_tell_alone(store: Store) -> None:
    (change,) = changes(store, "patch", {**REPLACE, "old_string": "other"}, PATCHED)

    assert (change.hunks, change.methods) == ((FOUND,), ("tool_result",))


@pytest.mark.parametrize("diff", [None, "", "@@ -4,3 +4,3 @@\n a\n-b+B"])
def test_without_a_diff_it_is_what_was_asked_for(store: Store, diff: Any) -> None:
    (change,) = changes(store, "patch", REPLACE, {"success": True, "diff": diff})

    assert (change.path, change.methods) == ("d/a.py", BOTH)
    assert change.hunks == (Hunk(lines=("-b", "+B")),)
    assert change.limitations == (BEFORE_UNKNOWN, PLACE_UNKNOWN)


@pytest.mark.parametrize(
    ("result", "path"),
    [
        ({"resolved_path": "/w/x/d/a.py"}, "/w/x/d/a.py"),
        ({"files_modified": ["/w/y/d/a.py"]}, "/w/y/d/a.py"),
        ({"files_modified": ["/w/y", "/w/z"]}, "d/a.py"),
        ({"resolved_path": 7, "files_modified": [7]}, "d/a.py"),
    ],
)
def test_a_file_is_the_one_that_the_result_names(
    store: Store, result: dict[str, Any], path: str
) -> None:
    (change,) = changes(store, "patch", REPLACE, {"success": True, "diff": DIFF, **result})

    assert change.path == path


@pytest.mark.parametrize(
    ("content", "lines"),
    [("one\n\ntwo\n", ("+one", "+", "+two")), ("one", ("+one",)), ("\n", ("+",))],
)
def test_a_written_file_is_told_by_its_lines(
    store: Store, content: str, lines: tuple[str, ...]
) -> None:
    result = {"bytes_written": 4, "dirs_created": True, "resolved_path": "/w/b"}

    (change,) = changes(store, "write_file", {"path": "b", "content": content}, result)

    assert (change.operation, change.path, change.had_file) == ("write", "/w/b", None)
    assert change.hunks == (Hunk(new_start=1, lines=lines),)
    assert (change.methods, change.limitations) == (BOTH, (BEFORE_UNKNOWN,))


def test_a_patch_of_several_files(store: Store) -> None:
    found = changes(store, "patch", {"mode": "patch", "patch": V4A}, {"success": True})

    assert [(each.number, each.operation, each.path) for each in found] == [
        (0, "edit", "a.py"),
        (1, "write", "b"),
        (2, "delete", "/w/c"),
    ]
    assert [[hunk.lines for hunk in each.hunks] for each in found] == [
        [(" x", "-y", "+z")],
        [("+one",)],
        [],
    ]


@pytest.mark.parametrize(
    ("tool", "given", "result"),
    [
        ("patch", REPLACE, {"success": False, "error": "no match"}),
        ("patch", REPLACE, {"success": True, "no_change": True, "note": "is there"}),
        ("patch", REPLACE, "Success"),
        ("patch", REPLACE, {"success": "true"}),
        ("patch", {**REPLACE, "path": None}, {"success": True}),
        ("patch", {**REPLACE, "new_string": None}, {"success": True}),
        ("patch", {"mode": "patch", "patch": 7}, {"success": True}),
        ("patch", {"mode": "patch", "patch": "nothing"}, {"success": True}),
        ("patch", "no json", {"success": True}),
        ("write_file", {"path": "b", "content": "x"}, {"error": "denied"}),
        ("write_file", {"path": "b", "content": "x"}, {"bytes_written": 1, "error": "differs"}),
        ("write_file", {"path": "b", "content": "x"}, {"status": "ok"}),
        ("write_file", {"path": "b"}, {"bytes_written": 1}),
        ("read_file", {"path": "b"}, {"content": "1|x", "total_lines": 1}),
        ("terminal", {"command": "cat b"}, {"output": "x", "exit_code": 0}),
    ],
)
def test_what_failed_or_is_not_told_changed_nothing(
    store: Store, tool: str, given: Any, result: Any
) -> None:
    assert changes(store, tool, given, result) == []


@pytest.mark.parametrize("is_text", [True, False])
def test_a_row_of_trajectories_tells_no_time(is_text: bool) -> None:
    told: Any = json.dumps(PATCHED) if is_text else PATCHED
    turns = (
        human("go"),
        answer("", call("patch", REPLACE), thought="so"),
        results(("call_1", "patch", told)),
    )

    (change,) = changes_in(read(HermesParser(), transcript(run(*turns), "batch.jsonl")))

    assert (change.call, change.path, change.moment) == ("call_1", "/w/d/a.py", None)
    assert change.hunks == (FOUND,)
