"""What real events of Pi say, and what forged ones do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.pi.hook_events import PiHookEvents
from opentraces.adapters.pi.setup import PACKAGE
from opentraces.domain.hook_facts import HookFacts
from tests.contracts.hook_events import HookEventsContract, spooled

RECORDED = Path(__file__).parents[3] / "data" / "pi-events"
SESSIONS = "/home/dev/.pi/agent/sessions"
FILE = f"{SESSIONS}/--home-dev-widgets--/x.jsonl"


def lines_of(*events: dict[str, Any], since: int = 10**18) -> list[bytes]:
    return [
        spooled(json.dumps({"pid": 7, "sequence": number} | each).encode(), since + number * 10**6)
        for number, each in enumerate(events)
    ]


def read(*lines: bytes) -> HookFacts:
    return PiHookEvents((SESSIONS,)).facts(lines)


def said(*events: dict[str, Any]) -> HookFacts:
    return read(*lines_of(*events))


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"hook_event_name": name, "transcript_path": FILE, "cwd": "/home/dev/widgets"} | more


class TestPiHookEvents(HookEventsContract):
    @pytest.fixture
    def events(self) -> PiHookEvents:
        return PiHookEvents((SESSIONS,))

    @pytest.fixture(params=["0.73.1", "0.87.1"])
    def real(self, request: pytest.FixtureRequest) -> list[bytes]:
        lines = (RECORDED / f"{request.param}.jsonl").read_bytes().splitlines()
        return [json.dumps(json.loads(line)["event"]).encode() for line in lines]


@pytest.mark.parametrize("client", ["0.73.1", "0.87.1"])
def test_what_the_extension_wrote_is_read(client: str) -> None:
    facts = PiHookEvents((SESSIONS,)).facts([(RECORDED / f"{client}.jsonl").read_bytes()])

    assert facts.bad == 0
    assert facts.events.keys() <= {*PACKAGE.events}
    assert facts.events["before_provider_request"] == facts.events["turn_end"] == 6
    assert len(facts.tools) == facts.events["tool_execution_end"] == 7
    assert all(tool.duration_ms is not None for tool in facts.tools.values())
    assert (facts.transcript or "").startswith(f"{SESSIONS}/--home-dev-widgets--/")
    assert facts.folders == ("/home/dev/widgets",)


def test_a_line_that_was_written_twice_counts_once() -> None:
    begun = event("tool_execution_start", tool_use_id="a")
    ended = event("tool_execution_end", tool_use_id="a")

    lines = lines_of(begun, ended)
    facts = read(*lines, *lines)

    assert facts.events == {"tool_execution_end": 1, "tool_execution_start": 1}
    assert facts.tools["a"].duration_ms == 1


def test_a_session_that_a_process_came_back_to_has_the_lines_of_both_times() -> None:
    first = lines_of(event("session_start"), event("session_shutdown"))
    second = lines_of(event("session_start"), event("agent_end"), since=2 * 10**18)

    assert read(*first, *second).events == {
        "agent_end": 1,
        "session_shutdown": 1,
        "session_start": 2,
    }


@pytest.mark.parametrize(
    "forged",
    [
        "/home/dev/widgets/x.jsonl",
        f"{SESSIONS}-evil/x.jsonl",
        f"{SESSIONS}/../../x.jsonl",
        "x.jsonl",
        "",
        None,
        7,
    ],
)
def test_forged_event_names_no_file_but_one_of_the_agents_own(forged: Any) -> None:
    assert said(event("agent_end", transcript_path=forged)).transcript is None
    facts = said(event("turn_end"), event("agent_end", transcript_path=forged))
    assert facts.transcript == FILE
