"""What Claude Code's events say, one by one."""

import json
from typing import Any

import pytest

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import canonical_bytes, digest
from tests.contracts.hook_events import HookEventsContract, giant, spooled

COMMON = {
    "session_id": "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04",
    "transcript_path": "/home/dev/.claude/projects/-home-dev-widgets/0b8f6c1e.jsonl",
    "cwd": "/home/dev/widgets",
    "permission_mode": "default",
}
CALL = {"tool_name": "Bash", "tool_input": {"command": "ls"}, "tool_use_id": "toolu_1"}


def event(name: str, **more: Any) -> bytes:
    return json.dumps({**COMMON, "hook_event_name": name, **more}).encode() + b"\n"


def said(*events: bytes) -> HookFacts:
    return ClaudeCodeHookEvents().facts(map(spooled, events))


class TestClaudeCodeHookEvents(HookEventsContract):
    @pytest.fixture
    def events(self) -> ClaudeCodeHookEvents:
        return ClaudeCodeHookEvents()

    @pytest.fixture
    def real(self) -> list[bytes]:
        return [
            event("UserPromptSubmit", prompt="Grüße ☃\n"),
            event("PostToolUse", **CALL, tool_response={"stdout": "a\nb"}, duration_ms=7),
            event("PostToolUse", **CALL | {"tool_use_id": "toolu_2"}, tool_response=None),
            event("PostToolUseFailure", **CALL | {"tool_use_id": "toolu_3"}, error="Exit code 1"),
            event("PermissionRequest", tool_name="Bash", tool_input={"command": "ls"}),
            event("PermissionDenied", **CALL, reason="No"),
            event("Stop"),
        ]


def test_session_is_where_its_events_say_last() -> None:
    facts = said(
        event("Stop"), event("Stop", transcript_path="/elsewhere"), event("Stop", cwd="/b")
    )

    assert facts.transcript == COMMON["transcript_path"]
    assert said(event("Stop"), event("Stop", transcript_path="/else")).transcript == "/else"
    assert said(event("Stop"), event("Stop", transcript_path=None)).transcript
    assert said(b'{"hook_event_name":"Stop"}').transcript is None


def test_folders_stand_in_the_order_in_which_they_appear() -> None:
    moves = [event("Stop", cwd=folder) for folder in ("/b", "/a", "/b")]

    assert said(*moves).folders == ("/b", "/a")


def test_events_are_counted_by_name() -> None:
    facts = said(event("Stop"), event("SessionEnd"), event("Stop"), event("A new one"))

    assert facts.events == {"A new one": 1, "SessionEnd": 1, "Stop": 2}


def test_end_of_a_call_is_all_that_was_said_of_it() -> None:
    line = event(
        "PostToolUse",
        **CALL,
        tool_response={"stdout": "x"},
        duration_ms=88,
        agent_id="a1",
        agent_type="Explore",
    )

    assert said(line).tools == {
        "toolu_1": ToolEvent(
            call="toolu_1",
            place=EventPlace(0, len(spooled(line)) - 1),
            agent_id="a1",
            agent_type="Explore",
            duration_ms=88,
            error=None,
            has_response=True,
        )
    }


def test_failed_call_has_an_error_and_no_response() -> None:
    line = event("PostToolUseFailure", **CALL, error="Exit code 3\noops", duration_ms=19)

    [end] = said(line).tools.values()

    assert (end.error, end.has_response, end.duration_ms) == ("Exit code 3\noops", False, 19)


def test_response_of_nothing_is_a_response() -> None:
    [end] = said(event("PostToolUse", **CALL, tool_response=None)).tools.values()

    assert end.has_response


@pytest.mark.parametrize("odd", [-1, 2.5, "7", True, 2**60, None])
def test_duration_is_a_number_of_milliseconds(odd: object) -> None:
    [end] = said(event("PostToolUse", **CALL, duration_ms=odd)).tools.values()

    assert end.duration_ms is None


def test_what_was_said_last_of_a_call_stands() -> None:
    first = event("PostToolUse", **CALL, tool_response="a", duration_ms=1)
    last = event("PostToolUse", **CALL, tool_response="b", duration_ms=2)

    [end] = said(first, last).tools.values()

    assert end.duration_ms == 2
    assert end.place.offset == len(spooled(first))


def test_end_of_a_call_without_an_id_is_counted_alone() -> None:
    facts = said(event("PostToolUse", **CALL | {"tool_use_id": ""}))

    assert (facts.tools, facts.events) == ({}, {"PostToolUse": 1})


def test_long_error_is_cut() -> None:
    [end] = said(event("PostToolUseFailure", **CALL, error="x" * 9000)).tools.values()

    assert end.error == "x" * 2000


def test_permissions_stand_in_the_order_in_which_they_were_asked() -> None:
    asked = event("PermissionRequest", tool_name="Bash", tool_input={"command": "ls"})
    denied = event("PermissionDenied", **CALL, permission_mode="auto", reason="It is unseen")
    arguments = digest(canonical_bytes({"command": "ls"}))

    assert said(denied, asked, asked).permissions == (
        PermissionEvent("denied", "Bash", arguments, "toolu_1", "auto", "It is unseen"),
        PermissionEvent("requested", "Bash", arguments, None, "default", None),
        PermissionEvent("requested", "Bash", arguments, None, "default", None),
    )


def test_arguments_are_the_same_in_any_order() -> None:
    one = event("PermissionRequest", tool_name="X", tool_input={"a": 1, "b": 2})
    other = event("PermissionRequest", tool_name="X", tool_input={"b": 2, "a": 1})

    first, second = said(one, other).permissions

    assert first == second


def test_permission_of_no_named_tool_is_of_an_unknown_one() -> None:
    [asked] = said(event("PermissionRequest", tool_name=7)).permissions

    assert asked.tool == "unknown"


def test_giant_is_known_by_its_head_and_says_no_more() -> None:
    line = event("PostToolUse", **CALL, tool_response="x" * 4000)

    facts = ClaudeCodeHookEvents().facts([giant(line)])

    assert facts == HookFacts(
        events={"PostToolUse": 1}, began=facts.began, ended=facts.began, is_midway=True
    )
    assert facts.began


@pytest.mark.parametrize("head", ["", "zz", "7b7d", 7, None])
def test_giant_whose_head_says_no_name_is_bad(head: object) -> None:
    line = json.dumps({"opentraces": 1, "at": 1, "bytes": 9_000_000, "head": head}).encode()

    assert ClaudeCodeHookEvents().facts([line + b"\n"]) == HookFacts(bad=1)


def test_line_longer_than_any_event_is_bad() -> None:
    line = spooled(event("Stop", x="x" * 9_000_000))

    facts = ClaudeCodeHookEvents().facts([spooled(event("Stop")), line, spooled(event("Stop"))])

    assert (facts.events, facts.bad) == ({"Stop": 2}, 1)


def test_words_of_ours_within_an_event_are_not_taken_for_a_line() -> None:
    quoted = spooled(event("SessionEnd")).decode()
    line = spooled(event("PostToolUse", **CALL, tool_response=quoted))

    assert ClaudeCodeHookEvents().facts([line]).events == {"PostToolUse": 1}
    assert ClaudeCodeHookEvents().facts([line[:30] + line]).events == {"PostToolUse": 1}


def test_response_comes_back_as_it_was() -> None:
    response = {"stdout": "a\nb", "list": [1, 2.5, None, True, {"☃": "é"}]}
    line = spooled(event("PostToolUse", **CALL, tool_response=response))

    assert ClaudeCodeHookEvents().response(line) == response


@pytest.mark.parametrize("line", [b"", b"torn", spooled(event("Stop")), spooled(b"[]")])
def test_event_without_a_response_gives_none(line: bytes) -> None:
    assert ClaudeCodeHookEvents().response(line) is None
