"""What the calls in real sessions did to files, counted by hand from their lines.

A place is read back with nothing but a JSON parser; what a file held in the end was read from the
disk when the session was over.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.trail.file_change import FileChange, Hunk, TextPlace
from opentraces.domain.trail.hook_changes import joined_change, wants_hook
from tests.contracts.trace_parser import Source, read
from tests.integration.adapters.claude_code.fixtures import DATA, FOLDERS, sessions, sources

FILES = json.loads((DATA / "changes" / "files.json").read_bytes())
EVENTS = 7
"""Number of the source of events, which no transcript has."""

Told = tuple[FileChange, Source]


@cache
def told(folder: str) -> tuple[Told, ...]:
    """Return every change in the sessions of a folder, with the source it stands in."""
    return tuple(
        (change, source)
        for session in sessions(folder).values()
        for source in sources(session)
        for step in read(ClaudeCodeParser(), source).steps
        for change in step.changes
    )


def changes(folder: str, *, seen: bool = False) -> list[FileChange]:
    """Return what was changed; with `seen`, what was only seen instead."""
    return [change for change, _ in told(folder) if (change.operation == "read") is seen]


def at(data: bytes, place: TextPlace) -> str:
    """Return the text at a place."""
    line = data[place.offset : place.offset + place.length]
    assert data[place.offset + place.length : place.offset + place.length + 1] == b"\n"
    value: Any = json.loads(line)
    for step in place.pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    assert isinstance(value, str)
    return value


def name(change: FileChange) -> str:
    return change.path.rpartition("/")[2]


@pytest.mark.parametrize(
    ("folder", "changed", "hunks", "seen"),
    [
        ("edit_commit", 3, 2, 2),  # calc.py edited; test_calc.py made; README.md written anew
        ("subagent", 1, 0, 0),  # NOTES.md made by a sub-agent; it sees files without being told
        ("permission", 1, 0, 0),  # x.txt made under acceptEdits; three more were refused
        ("resume", 2, 2, 2),  # one edit, and its copy in the fork
        ("failures", 0, 0, 0),  # commands only
        ("live", 3, 2, 1),  # table.py; rates.py and notes.md by sub-agents
        ("release_330", 2, 2, 2),  # one edit in each of two sessions
        ("changes", 22, 15, 13),  # see below
    ],
)
def test_changes_are_as_many_as_were_made(folder: str, changed: int, hunks: int, seen: int) -> None:
    made = changes(folder)

    assert (len(made), sum(len(each.hunks) for each in made)) == (changed, hunks)
    assert len(changes(folder, seen=True)) == seen


def test_no_folder_of_sessions_is_left_out() -> None:
    assert len(FOLDERS) == 8


def test_sample_edits_one_function_and_writes_one_file_anew() -> None:
    edit, made, anew = changes("edit_commit")

    assert edit.path == "/home/dev/edit-commit/calc.py"
    assert edit.hunks == (
        Hunk(
            old_start=3,
            new_start=3,
            lines=(" ", " ", " def sub(a, b):", "-    return a + b", "+    return a - b"),
        ),
    )
    assert (made.operation, made.had_file, made.before, made.hunks) == ("write", False, None, ())
    assert (anew.operation, anew.had_file) == ("write", True)
    assert anew.hunks[0].authored == ("A scratch project. Overwritten.",)
    assert all(each.methods == ("tool_input", "tool_result") for each in (edit, made, anew))
    assert all(each.limitations == () for each in (edit, made, anew))


def test_moment_is_that_of_the_result() -> None:
    edit = changes("edit_commit")[0]
    line = at_line(edit)

    assert line["timestamp"] == "2026-11-23T04:59:26.719Z"
    assert edit.moment == 1_795_409_966_719


def at_line(change: FileChange) -> Any:
    source = next(source for each, source in told("edit_commit") if each is change)
    assert change.before is not None
    start = change.before.offset
    return json.loads(source.data[start : start + change.before.length])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_place_holds_a_text_that_the_hunks_fit(folder: str) -> None:
    for change, source in told(folder):
        for place in (change.before, change.after):
            if place is None:
                continue
            text = at(source.data, place)
            if place is change.before:
                put_into(text, change.hunks)


def test_copied_history_says_the_same_change_under_the_same_step() -> None:
    """The fork's copy is known by its step's key, as all copied steps are."""
    found = [
        (step.key, change.but(before=None))
        for session in sessions("resume").values()
        for source in sources(session)
        for step in read(ClaudeCodeParser(), source).steps
        for change in step.changes
        if change.operation == "edit"
    ]

    assert len(found) == 2
    assert found[0] == found[1]


def test_calls_that_were_refused_did_nothing() -> None:
    only = changes("permission")[0]

    assert (only.path, only.had_file) == ("/home/dev/permission/x.txt", False)
    assert "refused.txt" not in map(name, changes("changes"))


# changes: every file was changed once, so that what is on the disk is what the call made of it.

BY_SUB_AGENT = {name for name in FILES["after"] if "sub" in name}
WITHOUT_BEFORE = {"cut.go", "cutw.txt"} | BY_SUB_AGENT
"""Their content before is not in the transcript, but in what the hook was told."""

RETURNS = {"crlf.txt"}
r"""Claude Code says `\n` where `\r\n` stands."""


@cache
def by_hooks() -> tuple[FileChange, ...]:
    """Return what a hook was told of each call."""
    return tuple(joined for _, joined in with_hooks())


def with_hooks() -> Iterator[tuple[FileChange, FileChange]]:
    """Yield each change as the transcript has it, and joined."""
    events = ClaudeCodeHookEvents()
    tools = events.facts([EVENT_BYTES]).tools
    for change in changes("changes"):
        end = tools[str(change.call)]
        line = EVENT_BYTES[end.place.offset : end.place.offset + end.place.length]
        heard = events.change(line, end.place, EVENTS)
        assert heard is not None
        yield change, joined_change(change, heard) if wants_hook(change) else change


EVENT_BYTES = next((DATA / "changes" / "spool" / "claude-code").iterdir()).read_bytes()


def content(change: FileChange, place: TextPlace) -> str:
    if place.source == EVENTS:
        return at(EVENT_BYTES, place)
    source = next(source for each, source in told("changes") if each.call == change.call)
    return at(source.data, place)


def before_and_after(change: FileChange) -> tuple[str | None, str | None]:
    """Return what a file held before and after a change, as far as can be told from it."""
    before = content(change, change.before) if change.before else None
    if change.after is not None:
        return before, content(change, change.after)
    if before is None:
        return None, None
    return before, put_into(before, change.hunks)


def put_into(text: str, hunks: tuple[Hunk, ...]) -> str:
    """Return a text after hunks that stand where they say, to the letter."""
    lines, done, begin = text.split("\n"), [], 0
    for hunk in hunks:
        assert hunk.old_start is not None
        start = hunk.old_start - (1 if hunk.before else 0)
        assert tuple(lines[start : start + len(hunk.before)]) == hunk.before
        done += [*lines[begin:start], *hunk.after]
        assert hunk.new_start == len(done) - len(hunk.after) + (1 if hunk.after else 0)
        begin = start + len(hunk.before)
    return "\n".join([*done, *lines[begin:]])


def on_disk(when: str, change: FileChange) -> str | None:
    text: str | None = FILES[when].get(name(change))
    return text.replace("\r\n", "\n") if text and name(change) in RETURNS else text


def ended(text: str | None) -> str:
    """Return a text as lines: hunks do not say whether the last one has its newline."""
    return "".join(f"{line}\n" for line in text.removesuffix("\n").split("\n")) if text else ""


def test_every_file_of_the_disk_was_changed() -> None:
    assert sorted(map(name, changes("changes"))) == sorted({*FILES["after"]} - {"refused.txt"})


def test_before_and_hunks_give_what_is_on_the_disk() -> None:
    for change in changes("changes"):
        before, after = before_and_after(change)
        if name(change) in WITHOUT_BEFORE:
            assert before is None
            continue
        assert (before or None) == on_disk("before", change)
        assert ended(after) == ended(on_disk("after", change)), change.path


def test_files_that_were_seen_whole_held_what_was_on_the_disk() -> None:
    *early, late, again = changes("changes", seen=True)
    texts = [
        (name(each), content(each, each.after)) for each in (*early, late, again) if each.after
    ]

    assert texts[:-2] == [(name(each), on_disk("before", each)) for each in early]
    assert texts[-2:] == [("tabs.go", FILES["after"]["tabs.go"])] * 2
    assert "cut.go" not in map(name, early)  # of it only the beginning was read


def test_hooks_know_what_the_transcript_leaves_out() -> None:
    for change in by_hooks():
        before, after = before_and_after(change)
        assert (before or None) == on_disk("before", change)
        assert ended(after) == ended(on_disk("after", change)), change.path
        assert change.limitations == ()


def test_what_hooks_add_is_told_as_theirs() -> None:
    added = {name(joined) for change, joined in with_hooks() if joined is not change}

    assert added == WITHOUT_BEFORE
    for joined in by_hooks():
        assert ("hook_response" in joined.methods) == (name(joined) in added)


def test_call_that_a_hook_rewrote_is_told_as_it_was_done() -> None:
    found = {name(each): each for each in by_hooks()}
    main, helper = found["rewritten.txt"], found["rewritten_sub.txt"]

    assert main.methods == ("tool_result",)
    assert main.hunks[0].lines == ("-as it was", "+rewritten")
    assert helper.methods == ("hook_response",)
    assert before_and_after(helper) == (None, "rewritten\n")


def test_tabs_are_tabs() -> None:
    """Claude Code shows each as two spaces."""
    found = {name(each): each for each in changes("changes")}

    assert found["Makefile"].hunks[0].authored == ("\tgo build ./...",)
    assert found["tabs.go"].hunks[0].authored == ("\t\treturn 33", "\tlog(3)")
    cut = found["cut.go"].hunks[0]
    assert (cut.old_start, cut.new_start) == (24, 24)
    assert cut.lines == (
        "-\t\treturn 3",
        "+\t\treturn 33",
        " \t}",
        "+\tlog(3)",
        " \treturn -3",
        " }",
        " ",
    )
    go = FILES["before"]["cut.go"].split("\n")
    assert tuple(go[23 : 23 + len(cut.before)]) == cut.before


def test_sub_agents_calls_say_what_they_leave_open() -> None:
    found = {name(each): each.limitations for each in changes("changes")}
    edited = ("before_unknown", "partial_lines", "place_unknown")

    assert {each: found[each] for each in sorted(BY_SUB_AGENT)} == {
        "rewritten_sub.txt": (),
        "sub.go": edited,
        "suball.py": (*edited, "repeated"),
        "subcut.go": edited,
        "subnb.ipynb": ("after_unknown", "before_unknown", "place_unknown"),
        "subnew.txt": (),
        "subw.txt": ("before_unknown",),
    }
