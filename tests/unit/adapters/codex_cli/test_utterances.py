"""Who said what, once, in every dialect."""

import orjson
import pytest

from tests.checked import json_of
from tests.unit.adapters.codex_cli.lines import (
    TURN,
    begin,
    call,
    event,
    item,
    line,
    message,
    meta,
    output,
    parsed,
    recorded,
    response,
    said,
    steps,
    told,
    typed,
)

SEAL = "gAAAAA_SEALED"


def test_what_is_told_twice_is_said_once() -> None:
    assert told(
        typed("go"),
        event("user_message", message="go"),
        event("agent_reasoning", text="hm"),
        response("reasoning", summary=[{"type": "summary_text", "text": "hm"}]),
        event("agent_message", message="done"),
        said("done"),
    ) == [("user", "go"), ("agent", "done")]


def test_what_is_told_twice_by_items_is_said_once() -> None:
    (user, agent) = steps(
        typed("go"),
        item("UserMessage", id="u", content=[{"type": "text", "text": "go"}]),
        item("Reasoning", id="r", summary_text=["hm"], raw_content=[]),
        response("reasoning", id="r", summary=[{"type": "summary_text", "text": "hm"}]),
        item("AgentMessage", id="m", content=[{"type": "Text", "text": "done"}]),
        response(
            "message", id="m", role="assistant", content=[{"type": "output_text", "text": "done"}]
        ),
    )

    assert user.content == "go"
    assert (agent.content, agent.reasoning_content) == ("done", "hm")


def test_the_same_words_typed_twice_are_two_prompts() -> None:
    told_twice = (typed("yes"), event("user_message", message="yes"))
    found = parsed(*told_twice, said("a"), *told_twice)

    assert [step.step.role for step in found.steps] == ["user", "agent", "user"]
    assert found.source.facts.prompts == 2
    assert parsed(typed("yes"), said("a"), typed("yes")).source.facts.prompts == 2


def test_what_only_an_event_tells_is_said() -> None:
    assert told(event("user_message", message="go"), event("agent_message", message="cut")) == [
        ("user", "go"),
        ("agent", "cut"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds", "origin"),
    [
        ("# AGENTS.md instructions for /w\n", None, "agents_md"),
        ("<environment_context>\n", None, "environment_context"),
        ("<user_shell_command>ls", None, "user_shell_command"),
        ("<hook_prompt hook_run_id=1>", None, "hook_prompt"),
        ("Another language model started to solve this problem and", None, "compact_summary"),
        ("anything", ["agents_md.instructions"], "agents_md.instructions"),
        ("<turn_aborted>\n", None, "interruption"),
        ("x", ["generic.turn_aborted"], "interruption"),
    ],
)
def test_what_the_program_put_in_is_no_prompt(
    text: str, kinds: list[str] | None, origin: str
) -> None:
    found = parsed(message("user", text, kinds=kinds))

    assert [(step.step.role, step.native["origin"]) for step in found.steps] == [("system", origin)]
    assert found.source.facts.prompts == 0


def test_a_wrapper_that_somebody_typed_is_a_prompt() -> None:
    assert told(message("user", "<environment_context>", kinds=["user.text"])) == [
        ("user", "<environment_context>")
    ]


def test_what_is_typed_and_what_is_put_in_are_apart() -> None:
    kinds = ["agents_md.instructions", "user.text"]

    assert told(message("user", "rules", "go", kinds=kinds)) == [
        ("system", "rules"),
        ("user", "go"),
    ]


def test_a_picture_is_a_marker() -> None:
    content = [
        {"type": "input_text", "text": "look"},
        {"type": "input_text", "text": "<image name=[Image #1]>"},
        {"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
        {"type": "input_text", "text": "</image>"},
    ]
    prompt = response("message", role="user", content=content)

    assert told(prompt, event("user_message", message="look")) == [("user", "look\n[image]")]


def test_sealed_bytes_are_shown_nowhere() -> None:
    sealed = {"type": "encrypted_content", "encrypted_content": SEAL}
    found = parsed(
        response("reasoning", id="r", summary=[], content=None, encrypted_content=SEAL),
        response("compaction", id="c", encrypted_content=SEAL),
        response(
            "agent_message", author="/root", content=[{"type": "input_text", "text": "x"}, sealed]
        ),
        line("compacted", {"message": "", "replacement_history": [sealed]}),
        call("c1"),
        output("c1", [sealed]),
    )
    shown = b"".join(json_of(step.step) for step in found.steps)

    assert SEAL.encode() not in shown
    assert SEAL.encode() not in json_of(found.source.facts)
    assert SEAL.encode() not in found.source.state
    assert found.steps[0].native["sealed_thinking"] == "true"


def test_a_compaction_repeats_no_history() -> None:
    history = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "go"}]}
    ]
    found = parsed(
        typed("go"), line("compacted", {"message": "sum", "replacement_history": history})
    )

    assert [step.step.content for step in found.steps] == ["go", "sum"]
    assert [each.ordinal for each in found.source.facts.compactions] == [1]


def test_an_error_of_the_service_is_a_step() -> None:
    error = {"message": "busy", "codex_error_info": "internal_server_error"}
    found = parsed(begin(), typed("go"), event("task_complete", turn_id=TURN, error=error))

    assert found.steps[1].step.content == "busy"
    assert found.steps[1].native["failure"] == "internal_server_error"
    assert found.source.facts.failures == (1,)


def test_a_turn_that_is_cut_short_is_said_once() -> None:
    aborted = event("turn_aborted", turn_id=TURN, reason="interrupted")
    found = parsed(begin(), typed("go"), said("w"), message("user", "<turn_aborted>\n"), aborted)

    assert [step.step.role for step in found.steps] == ["user", "agent", "system"]
    assert found.source.facts.interruptions == (1,)
    assert told(begin(), aborted) == [("system", "Turn aborted: interrupted")]


# Where one answer ends.


def test_parts_of_one_response_are_one_step() -> None:
    assert len(steps(said("a"), call("c1"), call("c2"), output("c1", "x"), output("c2", "x"))) == 1


def test_a_response_is_whole_once_it_was_counted_or_something_came_back() -> None:
    assert len(steps(said("a"), recorded("r1", 1, 0, 1), said("b"))) == 2
    assert len(steps(call("c1"), output("c1", "x"), said("b"))) == 2


def test_parts_that_saw_the_same_history_belong_together() -> None:
    first = response("function_call", 7, name="a", arguments="{}", call_id="c1")
    second = response("function_call", 7, name="b", arguments="{}", call_id="c2")
    third = response("function_call", 9, name="c", arguments="{}", call_id="c3")

    assert len(steps(first, output("c1", "x"), second)) == 1
    assert len(steps(first, output("c1", "x"), third)) == 2


# The oldest dialect, and what is odd.


def test_bare_lines_are_read_by_their_shape() -> None:
    bare = (
        b'{"id":"t","timestamp":"2025-06-01T10:00:00Z","instructions":null,'
        b'"git":{"branch":"main","commit_hash":"abc"}}\n',
        b'{"record_type":"state"}\n',
        b'{"type":"message","role":"user","content":[{"type":"input_text","text":'
        b'"<environment_context>\\n<cwd>/old</cwd>\\n</environment_context>"}]}\n',
        b'{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}\n',
        b'{"type":"function_call","name":"shell","arguments":"{}","call_id":"c"}\n',
        b'{"type":"function_call_output","call_id":"c","output":"x"}\n',
    )
    found = parsed(*bare)

    assert [step.step.role for step in found.steps] == ["system", "user", "agent"]
    assert found.source.facts.lines.recognised == 6
    assert found.source.facts.folders == ("/old",)
    assert found.source.facts.branches == ("main",)
    assert found.source.facts.started == "2025-06-01T10:00:00Z"


def test_unknown_types_are_counted_by_name() -> None:
    found = parsed(
        line("brand_new", {}),
        event("brand_new"),
        response("brand_new"),
        item("BrandNew"),
        line("event_msg", {}),
        orjson.dumps({"type": "event_msg", "payload": 7}) + b"\n",
    )

    assert found.steps == []
    assert found.source.facts.lines.unknown == 6
    assert sorted(found.source.facts.unknown_types) == [
        "brand_new",
        "event_msg",
        "event_msg/(none)",
        "event_msg/brand_new",
        "item/BrandNew",
        "response_item/brand_new",
    ]


def test_a_line_too_long_to_be_read_stands_in_the_step_of_its_call() -> None:
    long = "x" * (9 * 1024 * 1024)
    found = parsed(meta(), call("c"), output("c", long), typed(long))

    assert [step.step.role for step in found.steps] == ["agent", "system"]
    assert "kept in the source and not read" in str(found.steps[0].step.observations[0].content)
    assert [each.ordinal for each in found.source.facts.giants] == [0, 1]
    assert found.source.facts.lines.recognised == 4
    assert found.source.facts.limitations == ("giant_lines",)
