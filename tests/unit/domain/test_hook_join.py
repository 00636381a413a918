"""What hooks say, joined to the steps whose calls they speak of."""

from typing import Any

import pytest

from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.hook_join import hooks_metadata, joined_step
from opentraces.domain.ids import canonical_bytes, digest, step_key
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.step import Observation, Step, ToolCall

PLACE = EventPlace(40, 200)
SOURCE = "hooks/s1.jsonl"


def call(name: str = "a", **more: Any) -> ToolCall:
    return ToolCall(**{"tool_call_id": name, "tool_name": "Bash", **more})


def step(*calls: ToolCall, seen: tuple[Observation, ...] = (), index: int = 1) -> Step:
    return Step(step_index=index, role="agent", tool_calls=calls, observations=seen)


def kept(index: int, *calls: ToolCall) -> KeptStep:
    of_step = step(*calls, index=index)
    return KeptStep(source=0, ordinal=index - 1, key=step_key((f"key{index}",)), step=of_step)


def ended(*ends: ToolEvent) -> HookFacts:
    return HookFacts(events={"PostToolUse": len(ends)}, tools={end.call: end for end in ends})


def asked(command: str, decision: str = "requested", **more: Any) -> PermissionEvent:
    arguments = digest(canonical_bytes({"command": command}))
    return PermissionEvent(decision, more.pop("tool", "Bash"), arguments, **more)


def permissions(steps: list[KeptStep], *events: PermissionEvent) -> list[Any]:
    facts = HookFacts(events={"PermissionRequest": len(events)}, permissions=events)
    said = hooks_metadata(facts, steps, SOURCE)
    assert said is not None
    rows: list[Any] = said["permissions"]
    return rows


# Steps.


def test_step_of_which_hooks_know_nothing_stays_as_it_is() -> None:
    for facts in (HookFacts(), ended(ToolEvent("other", PLACE, duration_ms=3))):
        alone = step(call())
        assert joined_step(alone, facts) is alone
    assert joined_step(step(), ended(ToolEvent("a", PLACE))) == step()


def test_call_took_as_long_as_a_hook_was_told() -> None:
    facts = ended(ToolEvent("a", PLACE, duration_ms=0), ToolEvent("c", PLACE, duration_ms=9))

    found = joined_step(step(call("a"), call("b"), call("c")), facts)

    assert [each.duration_ms for each in found.tool_calls] == [0, None, 9]


def test_duration_that_the_transcript_says_stands() -> None:
    found = joined_step(step(call(duration_ms=5)), ended(ToolEvent("a", PLACE, duration_ms=9)))

    assert found.tool_calls[0].duration_ms == 5


def test_duration_that_nobody_says_is_not_known() -> None:
    found = joined_step(step(call()), ended(ToolEvent("a", PLACE, has_response=True)))

    assert found.tool_calls[0].duration_ms is None


def test_failure_that_the_transcript_lacks_is_added() -> None:
    found = joined_step(step(call()), ended(ToolEvent("a", PLACE, error="Exit code 3")))

    assert found.observations == (Observation(source_call_id="a", error="Exit code 3"),)


def test_result_that_the_transcript_has_stands() -> None:
    seen = (Observation(source_call_id="a", content="fine"),)
    for end in (ToolEvent("a", PLACE, error="broke"), ToolEvent("a", PLACE, has_response=True)):
        assert joined_step(step(call(), seen=seen), ended(end)).observations == seen


def test_call_that_was_answered_is_no_call_without_a_result() -> None:
    found = joined_step(step(call()), ended(ToolEvent("a", PLACE, has_response=True)))

    assert found.observations == (Observation(source_call_id="a"),)


def test_end_without_error_or_response_answers_nothing() -> None:
    assert joined_step(step(call()), ended(ToolEvent("a", PLACE))).observations == ()


def test_results_stand_behind_those_of_the_transcript_in_the_order_of_the_calls() -> None:
    seen = (Observation(source_call_id="b", content="fine"),)
    ends = [ToolEvent(name, PLACE, error=f"{name} broke") for name in "cab"]

    found = joined_step(step(call("a"), call("b"), call("c"), seen=seen), ended(*ends))

    assert [each.source_call_id for each in found.observations] == ["b", "a", "c"]


# What has no place in a step.


def test_of_no_event_nothing_is_said() -> None:
    assert hooks_metadata(HookFacts(), [kept(1, call())], SOURCE) is None


def test_events_and_torn_lines_are_counted() -> None:
    facts = HookFacts(events={"Stop": 2}, bad=1)

    assert hooks_metadata(facts, [], SOURCE) == {
        "source": SOURCE,
        "events": {"Stop": 2},
        "bad_lines": 1,
    }
    assert hooks_metadata(HookFacts(bad=1), [], SOURCE) == {"source": SOURCE, "bad_lines": 1}


def test_response_is_where_its_event_stands() -> None:
    facts = ended(
        ToolEvent("b", PLACE, agent_id="a1", agent_type="Explore", has_response=True),
        ToolEvent("gone", EventPlace(0, 7), has_response=True),
        ToolEvent("a", PLACE, error="broke"),
    )

    said = hooks_metadata(facts, [kept(1, call("a")), kept(2, call("b"))], SOURCE)

    assert said is not None
    assert said["tool_responses"] == [
        {
            "step_index": 2,
            "tool_call_id": "b",
            "agent_id": "a1",
            "agent_type": "Explore",
            "offset": 40,
            "length": 200,
        },
        {"tool_call_id": "gone", "offset": 0, "length": 7},
    ]


def test_permission_with_the_id_of_a_call_is_of_that_call() -> None:
    steps = [kept(1, call("a", input={"command": "ls"}))]
    denied = asked("rm", "denied", call="a", mode="auto", reason="It is unseen")

    assert permissions(steps, denied) == [
        {
            "step_index": 1,
            "tool_call_id": "a",
            "tool_name": "Bash",
            "decision": "denied",
            "permission_mode": "auto",
            "reason": "It is unseen",
        }
    ]


def test_request_is_of_the_call_with_its_tool_and_arguments() -> None:
    steps = [
        kept(1, call("a", input={"command": "ls"}), call("b", input={"command": "rm"})),
        kept(2, call("c", input={"command": "rm"}, tool_name="Other")),
    ]

    rows = permissions(steps, asked("rm"), asked("rm", tool="Other"))

    assert [(row["step_index"], row["tool_call_id"]) for row in rows] == [(1, "b"), (2, "c")]


def test_equal_requests_are_of_equal_calls_in_their_order() -> None:
    steps = [kept(n, call(f"c{n}", input={"command": "ls"})) for n in (1, 2)]

    rows = permissions(steps, asked("ls"), asked("ls"), asked("ls"))

    assert [row.get("tool_call_id") for row in rows] == ["c1", "c2", None]


@pytest.mark.parametrize(
    "event", [asked("none of these"), asked("ls", tool="Other"), asked("ls", call="unknown")]
)
def test_permission_for_no_kept_call_has_no_step(event: PermissionEvent) -> None:
    [row] = permissions([kept(1, call("a", input={"command": "ls"}))], event)

    assert "step_index" not in row
    assert row["decision"] == "requested"


def test_order_of_arguments_does_not_matter() -> None:
    given = PermissionEvent("requested", "Edit", digest(canonical_bytes({"a": 1, "b": 2})))

    [row] = permissions([kept(1, call("x", tool_name="Edit", input={"b": 2, "a": 1}))], given)

    assert row["tool_call_id"] == "x"
