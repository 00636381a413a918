"""What real events of Codex say, and what forged ones do not."""

import json
from typing import Any

import pytest

from opentraces.adapters.codex_cli.hook_events import CodexHookEvents
from opentraces.adapters.codex_cli.setup import HOOKS
from opentraces.domain.hook_facts import HookFacts
from tests.contracts.hook_events import HookEventsContract, spooled
from tests.integration.adapters.codex_cli.fixtures import DATA

RECORDED = DATA.parent / "codex-cli-hooks"
HOME = "/home/dev/.codex"
ROLLOUT = f"{HOME}/sessions/2026/11/23/rollout-x.jsonl"


def payloads(run: str) -> list[dict[str, Any]]:
    """Return what the client gave its hooks in one run, at events that ours is told of."""
    lines = (DATA / run / "hooks.jsonl").read_text().splitlines()
    given = [json.loads(line)["payload"] for line in lines]
    return [each for each in given if each["hook_event_name"] in HOOKS.events]


def said(*events: dict[str, Any]) -> HookFacts:
    return CodexHookEvents((HOME,)).facts(spooled(json.dumps(each).encode()) for each in events)


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"hook_event_name": name, "transcript_path": ROLLOUT, "cwd": "/home/dev/edit"} | more


class TestCodexHookEvents(HookEventsContract):
    @pytest.fixture
    def events(self) -> CodexHookEvents:
        return CodexHookEvents((HOME,))

    @pytest.fixture
    def real(self) -> list[bytes]:
        compacted = [each for each in payloads("compact") if "tool_name" not in each]
        return [json.dumps(each).encode() for each in (*payloads("edit"), *compacted)]


@pytest.mark.parametrize("run", ["edit", "plan", "codemode", "compact", "abort_sigint"])
def test_real_events_say_where_their_session_is(run: str) -> None:
    events = payloads(run)

    facts = said(*events)

    assert facts.transcript == events[0]["transcript_path"]
    assert facts.folders == (events[0]["cwd"],)
    assert facts.bad == 0
    ends = {each["tool_use_id"] for each in events if each["hook_event_name"] == "PostToolUse"}
    assert facts.tools.keys() == ends


def test_what_a_sub_agent_says_of_itself_is_not_of_the_session() -> None:
    child = f"{HOME}/sessions/2026/11/23/rollout-child.jsonl"

    facts = said(
        event("SubagentStart", agent_id="c", transcript_path=child),
        event("PostToolUse", agent_id="c", transcript_path=child, tool_use_id="call"),
        event("SubagentStop", agent_id="c", agent_transcript_path=child),
    )

    assert facts.transcript == ROLLOUT
    assert facts.tools["call"].agent_id == "c"


@pytest.mark.parametrize(
    "forged",
    [
        "/home/dev/edit/rollout-x.jsonl",
        "/home/dev/.codex-evil/rollout-x.jsonl",
        f"{HOME}/../edit/rollout-x.jsonl",
        f"{HOME}/sessions/../../edit/rollout-x.jsonl",
        "rollout-x.jsonl",
        "",
        "x" * 5000,
        None,
        7,
    ],
)
def test_forged_event_names_no_file_but_one_of_the_agents_own(forged: Any) -> None:
    assert said(event("Stop", transcript_path=forged)).transcript is None
    assert said(event("Stop"), event("Stop", transcript_path=forged)).transcript == ROLLOUT


def test_folder_of_a_tool_is_not_that_of_the_session() -> None:
    facts = said(
        event("PostToolUse", cwd="/elsewhere", tool_use_id="call"),
        event("PermissionRequest", cwd="/elsewhere"),
        event("Stop"),
    )

    assert facts.folders == ("/home/dev/edit",)


def test_permission_that_was_asked_for_is_told() -> None:
    asked = event("PermissionRequest", tool_name="Bash", tool_input={"command": "rm"})

    [permission] = said(asked | {"permission_mode": "default"}).permissions

    assert (permission.decision, permission.tool) == ("requested", "Bash")
    assert (permission.mode, permission.call, permission.reason) == ("default", None, None)


def test_permission_is_of_the_call_that_ran_then() -> None:
    asked = {"command": "make", "description": "It needs the network"}
    facts = said(
        event("PermissionRequest", turn_id="t", tool_name="Bash", tool_input=asked),
        event("PermissionRequest", turn_id="t", tool_name="Bash", tool_input={"command": "rm"}),
        event("PermissionRequest", turn_id="t", tool_name="Bash", tool_input=asked),
        *(
            event(
                "PostToolUse",
                turn_id=turn,
                tool_name="Bash",
                tool_input={"command": "make"},
                tool_use_id=call,
            )
            for turn, call in (("s", "of another turn"), ("t", "first"), ("t", "second"))
        ),
    )

    assert [each.call for each in facts.permissions] == ["first", None, "second"]


def test_recorded_permissions_are_of_the_calls_that_ran() -> None:
    lines = (RECORDED / "permissions.jsonl").read_text().splitlines()

    permissions = said(*map(json.loads, lines)).permissions

    assert [(each.tool, each.call, each.mode) for each in permissions] == [
        ("Bash", "call_1_0", "default"),
        ("apply_patch", "call_4_0", "default"),
        ("Bash", None, "default"),
    ]


def test_sessions_that_a_session_started_are_told() -> None:
    child = f"{HOME}/sessions/2026/11/23/rollout-child.jsonl"

    facts = said(
        event("SubagentStart", agent_id="c", transcript_path=child),
        event("SubagentStop", agent_id="c", agent_transcript_path=child),
        event("SubagentStop", agent_id="c", agent_transcript_path="/home/dev/edit/forged.jsonl"),
    )

    assert facts.started == (child,)
    assert said(event("Stop")).started == ()
