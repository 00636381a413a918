"""A record of a session that hooks watched."""

from dataclasses import replace
from typing import Any

import opentraces_schema  # type: ignore[import-untyped]

from opentraces.domain.assemble import assemble, wire_bytes
from opentraces.domain.envelope import Envelope, KeptSource, TraceHeader
from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import (
    SessionId,
    TraceId,
    canonical_bytes,
    content_hash,
    digest,
    read_json,
    step_key,
)
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Observation, Step, ToolCall

TRANSCRIPT = KeptSource(kind=SourceKind.TRANSCRIPT, name="p/s1.jsonl", location="/x", size=9)
EVENTS = KeptSource(kind=SourceKind.HOOKS, name="hooks/s1.jsonl", location="/y", size=900)
ARGUMENTS = {"command": "make", "list": [1, 2.5, None]}
FACTS = HookFacts(
    events={"PermissionRequest": 1, "PostToolUse": 1, "PostToolUseFailure": 1, "Stop": 1},
    bad=1,
    tools={
        "fine": ToolEvent("fine", EventPlace(0, 200), duration_ms=88, has_response=True),
        "broke": ToolEvent("broke", EventPlace(201, 99), "a1", "Explore", 19, "Exit code 3"),
        "silent": ToolEvent("silent", EventPlace(300, 50), has_response=True),
    },
    permissions=(
        PermissionEvent("requested", "Bash", digest(canonical_bytes(ARGUMENTS)), mode="default"),
    ),
    transcript="/x",
    folders=("/home/dev/widgets",),
)


def envelope(*sources: KeptSource, agent: Agent = Agent.CLAUDE_CODE) -> Envelope:
    header = TraceHeader(agent=agent, session_id=SessionId("s1"), steps=1, sources=sources)
    return Envelope(trace_id=TraceId("t"), commit=1, header=header)


def kept() -> list[KeptStep]:
    calls = [
        ToolCall(tool_call_id="fine", tool_name="Bash", input=ARGUMENTS),
        ToolCall(tool_call_id="broke", tool_name="Bash"),
        ToolCall(tool_call_id="silent", tool_name="Edit"),
        ToolCall(tool_call_id="lost", tool_name="Edit"),
    ]
    seen = (Observation(source_call_id="fine", content="made"),)
    step = Step(step_index=1, role="agent", tool_calls=tuple(calls), observations=seen)
    return [KeptStep(source=0, ordinal=0, key=step_key(("key1",)), step=step)]


def test_calls_have_durations_and_the_ends_that_hooks_saw() -> None:
    [step] = assemble(envelope(TRANSCRIPT, EVENTS), kept(), FACTS).steps

    assert [each.duration_ms for each in step.tool_calls] == [88, 19, None, None]
    ends = [(each.source_call_id, each.content, each.error) for each in step.observations]
    assert ends == [
        ("fine", "made", None),
        ("broke", None, "Exit code 3"),
        ("silent", None, None),
        ("lost", None, "no_result"),
    ]


def test_without_hooks_the_same_calls_have_no_result() -> None:
    [step] = assemble(envelope(TRANSCRIPT), kept()).steps

    assert [each.error for each in step.observations] == [None, *["no_result"] * 3]
    assert {each.duration_ms for each in step.tool_calls} == {None}


def test_metadata_say_what_has_no_place_in_a_step() -> None:
    hooks = assemble(envelope(TRANSCRIPT, EVENTS), kept(), FACTS).metadata["hooks"]

    assert hooks == {
        "source": "hooks/s1.jsonl",
        "events": {"PermissionRequest": 1, "PostToolUse": 1, "PostToolUseFailure": 1, "Stop": 1},
        "bad_lines": 1,
        "permissions": [
            {
                "step_index": 1,
                "tool_call_id": "fine",
                "tool_name": "Bash",
                "decision": "requested",
                "permission_mode": "default",
            }
        ],
        "tool_responses": [
            {"step_index": 1, "tool_call_id": "fine", "offset": 0, "length": 200},
            {"step_index": 1, "tool_call_id": "silent", "offset": 300, "length": 50},
        ],
    }


def test_events_are_a_source_of_the_trace_wherever_they_stand() -> None:
    rows = assemble(envelope(EVENTS, TRANSCRIPT), kept(), FACTS).metadata["sources"]

    assert [(row["kind"], row["name"], row["size"]) for row in rows] == [
        ("transcript", "p/s1.jsonl", 9),
        ("hooks", "hooks/s1.jsonl", 900),
    ]


def test_trace_without_events_says_nothing_of_hooks() -> None:
    assert "hooks" not in assemble(envelope(TRANSCRIPT), kept(), FACTS).metadata
    assert "hooks" not in assemble(envelope(TRANSCRIPT, EVENTS), kept(), HookFacts()).metadata


def test_record_is_valid_by_the_public_schema_and_says_the_same_there() -> None:
    wire = read_json(wire_bytes(assemble(envelope(TRANSCRIPT, EVENTS), kept(), FACTS)))

    public: Any = opentraces_schema.TraceRecord.model_validate(wire)

    assert canonical_bytes(public.model_dump(mode="json")) == canonical_bytes(wire)
    assert wire["content_hash"] == content_hash(wire)


def test_what_hooks_say_changes_the_hash() -> None:
    with_hooks, without = (
        assemble(envelope(TRANSCRIPT, EVENTS), kept(), facts) for facts in (FACTS, HookFacts())
    )

    assert with_hooks.content_hash != without.content_hash


def test_record_says_whether_the_requests_to_the_model_were_seen() -> None:
    seen = replace(FACTS, requests=2)
    pi = envelope(TRANSCRIPT, EVENTS, agent=Agent.PI)

    live = assemble(pi, kept(), seen).metadata
    assert live["hooks"]["capture_method"] == "live_capture"
    assert "limitations" not in live
    for trace in (envelope(TRANSCRIPT, agent=Agent.PI), pi):
        said = assemble(trace, kept()).metadata
        assert said["limitations"] == ["transcript_reconstruction"]
    assert "limitations" not in assemble(envelope(TRANSCRIPT), kept()).metadata
