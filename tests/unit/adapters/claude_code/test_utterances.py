"""Lines of the user and of the program."""

from typing import Any

import pytest

from opentraces.domain.facts import AgentLink, Compaction
from opentraces.domain.ids import step_key
from tests.contracts.trace_parser import Read
from tests.unit.adapters.claude_code.lines import Lines, call, parsed, text

REMINDER = "<system-reminder>\nToday is Monday.\n</system-reminder>"


@pytest.fixture
def lines() -> Lines:
    return Lines()


def said(found: Read) -> list[tuple[str, str | None]]:
    return [(step.step.role, step.step.content) for step in found.steps]


# What was typed.


def test_what_was_typed_is_the_users(lines: Lines) -> None:
    found = parsed(lines.user("mend the sum", promptId="p1"))

    assert said(found) == [("user", "mend the sum")]
    assert found.steps[0].key == step_key(("uuid-1",))
    assert dict(found.steps[0].native) == {"uuid": "uuid-1", "prompt_id": "p1"}
    assert found.source.facts.prompts == 1
    assert found.source.facts.first_prompt == "mend the sum"


def test_what_was_put_beside_it_is_a_step_of_its_own(lines: Lines) -> None:
    found = parsed(
        lines.user([text("mend it"), text(REMINDER), text("please")]),
        lines.user(f"{REMINDER}\nand this"),
    )

    assert said(found) == [
        ("user", "mend it\nplease"),
        ("system", REMINDER),
        ("system", REMINDER),
        ("user", "and this"),
    ]
    assert len({step.key for step in found.steps}) == 4
    assert found.source.facts.prompts == 2


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"isMeta": True}, "meta"),
        ({"isMeta": True, "sourceToolUseID": "t1"}, "tool"),
        ({"isCompactSummary": True, "isVisibleInTranscriptOnly": True}, "compact_summary"),
        ({"origin": {"kind": "task-notification"}}, "task-notification"),
        ({"origin": {"kind": "coordinator"}}, "coordinator"),
    ],
)
def test_what_nobody_typed_is_the_programs(
    lines: Lines, fields: dict[str, Any], origin: str
) -> None:
    found = parsed(lines.user("Stop hook feedback: go on", **fields))

    assert said(found) == [("system", "Stop hook feedback: go on")]
    assert found.steps[0].native["origin"] == origin
    assert found.source.facts.prompts == 0
    assert found.source.facts.first_prompt is None


def test_a_human_origin_is_a_person(lines: Lines) -> None:
    assert said(parsed(lines.user("x", origin={"kind": "human"}))) == [("user", "x")]


def test_a_picture_is_a_marker_and_never_its_bytes(lines: Lines) -> None:
    image = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "QUJD" * 9000},
    }
    found = parsed(lines.user([text("look"), image]))

    assert said(found) == [("user", "look\n[image image/png, 27000 bytes]")]


def test_a_command_is_typed_and_its_output_is_not(lines: Lines) -> None:
    found = parsed(
        lines.user(
            "<command-name>/compact</command-name>\n            <command-message>compact"
            "</command-message>\n            <command-args>keep file names</command-args>"
        ),
        lines.line(
            "system",
            subtype="local_command",
            content="<local-command-stdout>ok</local-command-stdout>",
        ),
        lines.line(
            "system", subtype="local_command", content="<command-name>/clear</command-name>"
        ),
    )

    assert said(found) == [
        ("user", "/compact keep file names"),
        ("system", "<local-command-stdout>ok</local-command-stdout>"),
        ("user", "/clear"),
    ]
    used = [(each.name, each.kind, each.ordinal) for each in found.source.facts.commands]
    assert used == [("compact", "command", 0), ("clear", "command", 2)]


def test_a_title_is_made_of_words_rather_than_of_a_command(lines: Lines) -> None:
    clear = "<command-name>/clear</command-name>"

    assert parsed(lines.user(clear)).source.facts.first_prompt == "/clear"
    assert parsed(lines.user(clear), lines.user("go")).source.facts.first_prompt == "go"


def test_a_first_prompt_is_cut(lines: Lines) -> None:
    assert len(parsed(lines.user("x" * 9000)).source.facts.first_prompt or "") == 2000


@pytest.mark.parametrize(
    ("attached", "expected"),
    [
        ({"type": "queued_command", "prompt": "wait", "commandMode": "prompt"}, ("user", "wait")),
        ({"type": "queued_command", "prompt": [text("wait")]}, ("user", "wait")),
        (
            {"type": "queued_command", "prompt": "done", "commandMode": "task-notification"},
            ("system", "done"),
        ),
        (
            {"type": "queued_command", "prompt": "done", "origin": {"kind": "channel"}},
            ("system", "done"),
        ),
        ({"type": "queued_command", "prompt": "x", "isMeta": True}, ("system", "x")),
        ({"type": "queued_command", "prompt": 7}, None),
        ({"type": "skill_listing", "content": "many"}, None),
        ({"type": "hook_success", "content": "quiet"}, None),
        (None, None),
    ],
)
def test_only_what_was_queued_meanwhile_is_a_step(
    lines: Lines, attached: Any, expected: tuple[str, str] | None
) -> None:
    found = parsed(lines.line("attachment", attachment=attached))

    assert said(found) == ([expected] if expected else [])
    assert found.source.facts.lines.recognised == 1


@pytest.mark.parametrize("content", [None, 7, [], {}, [7], "", "  ", [{"type": "text"}]])
def test_a_message_of_nothing_is_no_step(lines: Lines, content: Any) -> None:
    found = parsed(lines.user(content), lines.line("user", message="odd"))

    assert found.steps == []
    assert found.source.facts.lines.recognised == 2


# What came back from tools.


def test_results_join_their_calls_in_the_order_they_came(lines: Lines) -> None:
    found = parsed(
        lines.answer(call("Read", "t1")),
        lines.answer(call("Bash", "t2")),
        lines.result("t2", "second"),
        lines.answer(call("Grep", "t3")),
        lines.result("t1", [text("a"), text("b")]),
        lines.result("t3", "", is_error=False),
    )

    (step,) = (each.step for each in found.steps)
    seen = [(each.source_call_id, each.content, each.error) for each in step.observations]
    assert seen == [("t2", "second", None), ("t1", "a\nb", None), ("t3", None, None)]


def test_a_call_without_an_answer_has_no_observation(lines: Lines) -> None:
    (step,) = (each.step for each in parsed(lines.answer(call("Bash", "t1"))).steps)

    assert step.observations == ()


def test_a_result_of_no_known_call_is_a_step_of_its_own(lines: Lines) -> None:
    found = parsed(lines.result("t9", "lost"), lines.answer(call("Bash", "t9")))

    assert [step.step.role for step in found.steps] == ["system", "agent"]
    assert found.steps[0].step.observations[0].source_call_id == "t9"
    assert found.steps[1].step.observations == ()


@pytest.mark.parametrize(
    ("content", "told", "block", "error"),
    [
        ("fine", None, {}, None),
        ("fine", {"stdout": "fine"}, {"is_error": False}, None),
        ("Exit code 3", "Error: Exit code 3", {"is_error": True}, "Error: Exit code 3"),
        ("Exit code 3", None, {"is_error": True}, "Exit code 3"),
        (None, None, {"is_error": True}, "error"),
        ("no", "User rejected tool use", {}, "User rejected tool use"),
        ("odd", "Error: odd", {}, "Error: odd"),
        ("text of a server", "text of a server", {}, None),
        ("x", None, {"is_error": "yes"}, None),
        ("x" * 9000, None, {"is_error": True}, "x" * 2000),
    ],
)
def test_a_failure_is_told_in_the_agents_words(
    lines: Lines, content: Any, told: Any, block: dict[str, Any], error: str | None
) -> None:
    found = parsed(lines.answer(call("Bash", "t1")), lines.result("t1", content, told, **block))

    assert found.steps[0].step.observations[0].error == error


def test_a_long_result_has_a_summary_of_one_line(lines: Lines) -> None:
    found = parsed(
        lines.answer(call("Bash", "t1"), call("Bash", "t2")),
        lines.result("t1", "\n\n  first line  \n" + "more\n" * 100),
        lines.result("t2", "short"),
    )

    seen = found.steps[0].step.observations
    assert [each.output_summary for each in seen] == ["first line", None]


@pytest.mark.parametrize(
    ("told", "duration"),
    [
        ({"totalDurationMs": 340}, 340),
        ({"durationMs": 12}, 12),
        ({"durationSeconds": 1.5}, 1500),
        ({"durationMs": -1}, None),
        ({"durationMs": "12"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_call_has_the_time_it_took(lines: Lines, told: Any, duration: int | None) -> None:
    found = parsed(lines.answer(call("Glob", "t1")), lines.result("t1", told=told))

    assert found.steps[0].step.tool_calls[0].duration_ms == duration


def test_details_of_several_results_are_nobodys(lines: Lines) -> None:
    both = [{"type": "tool_result", "tool_use_id": f"t{n}", "content": "x"} for n in (1, 2)]
    found = parsed(
        lines.answer(call("Glob", "t1"), call("Glob", "t2")),
        lines.user(both, toolUseResult={"durationMs": 5}),
    )

    assert [each.duration_ms for each in found.steps[0].step.tool_calls] == [None, None]


def test_a_commit_and_a_spilled_output_are_noted(lines: Lines) -> None:
    told = {
        "gitOperation": {"commit": {"sha": "a52f4ce", "kind": "committed"}},
        "persistedOutputPath": "/home/dev/.claude/projects/-w/s/tool-results/b1.txt",
    }
    found = parsed(lines.answer(call("Bash", "t1")), lines.result("t1", told=told))

    assert found.steps[0].native["commit"] == "a52f4ce"
    assert found.source.facts.native["spilled"] == ["b1.txt"]


def test_a_result_may_bring_text_with_it(lines: Lines) -> None:
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "x"}
    found = parsed(
        lines.answer(call("Bash", "t1")),
        lines.user([result, text("[Request interrupted by user for tool use]")]),
    )

    assert said(found)[1] == ("system", "[Request interrupted by user for tool use]")
    assert found.source.facts.interruptions == (0,)


# Sub-agents.


def test_a_sub_agent_is_linked_from_the_call(lines: Lines) -> None:
    found = parsed(
        lines.answer(
            call("Agent", "t1", description="Inspect", subagent_type="Explore"),
            call("Agent", "t2", description="Count"),
        ),
        lines.result("t2", told={"isAsync": True, "agentId": "a2", "description": "Count it"}),
        lines.result("t1", told={"agentId": "a1", "totalDurationMs": 340}),
        lines.result("t9", told={"agentId": "a9", "agentType": "Plan"}),
    )

    assert found.source.facts.links == (
        AgentLink(agent_id="a2", tool_call_id="t2", description="Count it"),
        AgentLink(agent_id="a1", tool_call_id="t1", agent_type="Explore", description="Inspect"),
        AgentLink(agent_id="a9", agent_type="Plan"),
    )


def test_a_sub_agent_says_who_it_is_and_who_called_it(lines: Lines) -> None:
    name = "projects/-w/s/subagents/agent-a1.jsonl"
    note = {"agentType": "Explore", "description": "Inspect", "toolUseId": "t1", "spawnDepth": 1}
    found = parsed(
        lines.user("inspect it", isSidechain=True, agentId="a1"),
        lines.answer(text("it is fine"), isSidechain=True, agentId="a1"),
        name=name,
        **{name.replace(".jsonl", ".meta.json"): note},
    )

    assert [step.step.agent_role for step in found.steps] == ["Explore", "Explore"]
    assert [step.step.call_type for step in found.steps] == [None, "subagent"]
    assert said(found)[0] == ("user", "inspect it")
    facts = found.source.facts
    assert facts.prompts == 0
    assert facts.first_prompt is None
    assert facts.agent_id == "a1"
    assert facts.links == (
        AgentLink(agent_id="a1", tool_call_id="t1", agent_type="Explore", description="Inspect"),
    )
    assert facts.limitations == ()


@pytest.mark.parametrize("note", [{}, {"agentType": 7}, {"toolUseId": []}])
def test_a_sub_agent_nobody_tells_of_says_that(lines: Lines, note: dict[str, Any]) -> None:
    name = "projects/-w/s/subagents/workflows/wf_1/agent-a1.jsonl"
    notes = {name.replace(".jsonl", ".meta.json"): note} if note else {}
    found = parsed(lines.user("x"), name=name, **notes)

    assert found.steps[0].step.agent_role == "subagent"
    assert found.source.facts.limitations == ("parent_unknown",)


def test_lines_of_a_helper_among_the_sessions_own_are_the_helpers(lines: Lines) -> None:
    found = parsed(
        lines.user("inspect it", isSidechain=True),
        lines.answer(text("fine"), isSidechain=True),
        lines.answer(text("done"), message="m2"),
    )

    assert [step.step.agent_role for step in found.steps] == ["subagent", "subagent", "main"]
    assert [step.step.call_type for step in found.steps] == [None, "subagent", "main"]
    assert found.source.facts.prompts == 0


def test_an_aside_is_marked_and_named_by_messages_alone(lines: Lines) -> None:
    own = parsed(lines.answer(text("x"), message="m1", request="r1"))
    aside = parsed(
        lines.answer(text("x"), message="m1", request="r2"),
        name="projects/-w/s/subagents/agent-aside_question-7.jsonl",
    )

    (step,) = aside.steps
    assert step.native["aside"] == "true"
    assert step.native["message_id"] == own.steps[0].native["message_id"]
    assert step.key == step_key(("m1",))
    assert step.step.agent_role == "aside"


# Events.


def test_a_compaction_is_a_step_and_says_what_it_cost(lines: Lines) -> None:
    about = {"trigger": "auto", "preTokens": 10594, "postTokens": 717, "durationMs": 98}
    boundary = {"subtype": "compact_boundary", "content": "Conversation compacted"}
    found = parsed(
        lines.user("go"),
        lines.line("system", logicalParentUuid="uuid-1", compactMetadata=about, **boundary),
        lines.user("The summary.", isCompactSummary=True),
        lines.line("system", logicalParentUuid="elsewhere", compactMetadata=7, **boundary),
        lines.line("system", subtype="compact_boundary"),
    )

    assert said(found)[1:3] == [("system", "Conversation compacted"), ("system", "The summary.")]
    assert found.source.facts.compactions == (
        Compaction(ordinal=1, trigger="auto", tokens_before=10594, tokens_after=717),
        Compaction(ordinal=3, parent_lost=True),
        Compaction(ordinal=4),
    )


def test_an_interruption_cuts_the_last_answer_short(lines: Lines) -> None:
    found = parsed(
        lines.user("go"),
        lines.answer(text("I will")),
        lines.user([text("[Request interrupted by user]")]),
        lines.user("again"),
        lines.user([text("[Request interrupted by user]")]),
    )

    assert [step.step.role for step in found.steps] == ["user", "agent", "system", "user", "system"]
    assert found.source.facts.interruptions == (1, 4)
    assert found.source.facts.prompts == 2


def test_an_error_of_the_service_is_a_failure(lines: Lines) -> None:
    found = parsed(
        lines.line("system", subtype="api_error", error={"status": 529, "message": "Overloaded"}),
        lines.line("system", subtype="api_error", error={"status": 500}),
        lines.line("system", subtype="api_error"),
    )

    assert [content for _, content in said(found)] == ["Overloaded", "API error 500", "API error"]
    assert [step.native["failure"] for step in found.steps] == ["529", "500", "api_error"]
    assert found.source.facts.failures == (0, 1, 2)


@pytest.mark.parametrize(
    ("subtype", "content", "steps"),
    [
        ("informational", "Switched to Sonnet", 1),
        ("away_summary", "You were away", 1),
        ("stop_hook_summary", "x", 0),
        ("turn_duration", None, 0),
        (None, "text", 1),
        (7, None, 0),
    ],
)
def test_what_the_program_says_is_a_step(
    lines: Lines, subtype: Any, content: str | None, steps: int
) -> None:
    assert len(parsed(lines.line("system", subtype=subtype, content=content)).steps) == steps
