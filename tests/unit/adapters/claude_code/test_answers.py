"""Lines of the model: one step for each API message."""

from typing import Any

import pytest

from opentraces.domain.ids import step_key
from opentraces.domain.step import TokenUsage
from tests.unit.adapters.claude_code.lines import Lines, call, parsed, text


@pytest.fixture
def lines() -> Lines:
    return Lines()


def thinking(words: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": words, "signature": "sealed"}


def test_blocks_of_all_lines_of_a_message_are_one_step(lines: Lines) -> None:
    found = parsed(
        lines.answer(thinking("hm")),
        lines.answer(text("I look.")),
        lines.answer(call("Read", "t1", file_path="/a")),
        lines.answer(text("And then."), call("Bash", "t2", command="ls")),
    )

    (step,) = (each.step for each in found.steps)
    assert step.role == "agent"
    assert step.reasoning_content == "hm"
    assert step.content == "I look.\nAnd then."
    assert [(c.tool_call_id, c.tool_name) for c in step.tool_calls] == [
        ("t1", "Read"),
        ("t2", "Bash"),
    ]
    assert step.call_type == "main"
    assert step.agent_role == "main"
    assert found.source.facts.responses == 1


def test_a_message_counts_once_with_the_largest_output(lines: Lines) -> None:
    usages = [
        {"output_tokens": n, "input_tokens": 3, "cache_read_input_tokens": 5} for n in (1, 9, 4)
    ]
    found = parsed(*(lines.answer(text("x"), said={"usage": usage}) for usage in usages))

    (step,) = found.steps
    assert step.step.token_usage == TokenUsage(input_tokens=3, output_tokens=9, cache_read_tokens=5)


def test_a_message_is_told_by_its_id_and_its_request(lines: Lines) -> None:
    found = parsed(
        lines.answer(text("a"), message="m1", request="r1"),
        lines.answer(text("b"), message="m1", request="r2"),
        lines.answer(text("c"), message="m2", request="r1"),
        lines.answer(text("d"), message="m1", request="r1"),
    )

    assert [step.step.content for step in found.steps] == ["a\nd", "b", "c"]
    assert found.steps[0].key == step_key(("m1", "r1"))
    assert found.steps[0].native["message_id"] == "m1"
    assert found.steps[0].native["request_id"] == "r1"
    assert found.steps[0].native["uuid"] == "uuid-1"


def test_a_message_without_any_id_is_its_line(lines: Lines) -> None:
    found = parsed(
        lines.answer(text("a"), message=None, request=None),
        lines.answer(text("b"), message=None, request=None),
    )

    assert [step.key for step in found.steps] == [step_key(("uuid-1",)), step_key(("uuid-2",))]


def test_a_line_that_is_written_again_counts_as_read_and_says_nothing(lines: Lines) -> None:
    first, second = lines.user("go"), lines.answer(text("done"))
    found = parsed(first, second, first, second)

    assert [step.step.content for step in found.steps] == ["go", "done"]
    assert found.source.facts.lines.recognised == 4
    assert found.source.facts.prompts == 1


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929"),
        ("claude-opus-4-8", "anthropic/claude-opus-4-8"),
        ("us.anthropic.claude-sonnet-4-5-v1:0", "us.anthropic.claude-sonnet-4-5-v1:0"),
        ("glm-4.6", "glm-4.6"),
        ("<synthetic>", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_a_model_is_named_with_its_provider(lines: Lines, told: Any, expected: str | None) -> None:
    found = parsed(lines.answer(text("x"), said={"model": told}))

    assert found.steps[0].step.model == expected
    assert found.source.facts.models == ((expected,) if expected else ())


def test_a_synthetic_line_is_no_model_and_no_cost(lines: Lines) -> None:
    found = parsed(
        lines.user("go"),
        lines.answer(
            text("API Error: 500"),
            message="8f1c",
            said={"model": "<synthetic>"},
            isApiErrorMessage=True,
            error="server_error",
        ),
    )

    step = found.steps[1]
    assert step.step.role == "agent"
    assert step.step.content == "API Error: 500"
    assert step.step.token_usage == TokenUsage()
    assert step.native["synthetic"] == "true"
    assert step.native["failure"] == "server_error"
    assert found.source.facts.failures == (1,)
    assert found.source.facts.models == ()
    assert found.source.facts.responses == 1


def test_what_was_cached_for_an_hour_is_told_apart(lines: Lines) -> None:
    written = {"ephemeral_1h_input_tokens": 700, "ephemeral_5m_input_tokens": 300}
    usage = {"output_tokens": 5, "cache_creation_input_tokens": 1000, "cache_creation": written}
    found = parsed(*(lines.answer(text("x"), said={"usage": usage}) for _ in range(2)))

    (step,) = found.steps
    assert step.step.token_usage.cache_write_tokens == 1000
    assert step.native["cache_write_1h"] == "700"
    assert found.source.facts.native["cache_write_1h"] == 700
    assert found.source.facts.native["cache_write_5m"] == 300


@pytest.mark.parametrize("odd", [None, "many", -1, 1.5, True, 2**60, [], {}])
def test_a_number_of_tokens_that_is_none_counts_as_none(lines: Lines, odd: Any) -> None:
    usage = {"input_tokens": odd, "output_tokens": 7, "cache_creation": odd}
    found = parsed(lines.answer(text("x"), said={"usage": usage}))

    assert found.steps[0].step.token_usage == TokenUsage(output_tokens=7)


@pytest.mark.parametrize("message", [None, 7, "x", [], {}, {"content": 7}, {"content": [7, None]}])
def test_a_message_that_is_none_is_an_empty_step(lines: Lines, message: Any) -> None:
    found = parsed(lines.line("assistant", message=message))

    assert found.steps[0].step.content is None
    assert found.source.facts.lines.recognised == 1


def test_thinking_that_is_sealed_says_so(lines: Lines) -> None:
    found = parsed(
        lines.answer(thinking(""), message="m1"),
        lines.answer({"type": "redacted_thinking", "data": "x"}, message="m2"),
    )

    assert [step.native.get("sealed_thinking") for step in found.steps] == ["true", "true"]
    assert [step.step.reasoning_content for step in found.steps] == [None, None]


def test_a_tool_of_the_provider_is_answered_within_the_message(lines: Lines) -> None:
    found = parsed(
        lines.answer(
            {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}},
            {
                "type": "web_search_tool_result",
                "tool_use_id": "s1",
                "content": [{"type": "web_search_result", "title": "A page"}],
            },
        )
    )

    (step,) = (each.step for each in found.steps)
    assert step.tool_calls[0].tool_name == "web_search"
    assert step.observations[0].source_call_id == "s1"


def test_blocks_of_an_unknown_kind_are_counted(lines: Lines) -> None:
    found = parsed(lines.answer({"type": "hologram"}, text("x"), {"type": 7}))

    assert found.steps[0].step.content == "x"
    assert found.source.facts.native["unknown_blocks"] == {"hologram": 1, "(none)": 1}


def test_a_call_without_an_id_gets_one_and_never_an_answer(lines: Lines) -> None:
    nameless = {"type": "tool_use", "input": {"a": 1}}
    (step,) = (each.step for each in parsed(lines.answer(nameless)).steps)

    assert step.tool_calls[0].tool_name == "unknown"
    assert step.tool_calls[0].tool_call_id


def test_a_call_that_is_written_twice_is_one(lines: Lines) -> None:
    found = parsed(lines.answer(call("Read", "t1")), lines.answer(call("Read", "t1")))

    assert len(found.steps[0].step.tool_calls) == 1


def test_a_skill_the_model_calls_is_a_skill_that_was_used(lines: Lines) -> None:
    found = parsed(
        lines.user("go"),
        lines.answer(call("Skill", "t1", skill="pdf")),
        lines.answer(text("x"), message="m2", attributionSkill="pdf"),
    )

    (used,) = found.source.facts.commands
    assert (used.name, used.kind, used.ordinal) == ("pdf", "skill", 1)
    assert found.steps[2].native["skill"] == "pdf"


def test_stop_reasons_are_counted_once_a_message(lines: Lines) -> None:
    found = parsed(
        lines.answer(text("a"), said={"stop_reason": None}),
        lines.answer(text("b"), said={"stop_reason": "tool_use"}),
        lines.answer(text("c"), said={"stop_reason": "tool_use"}),
        lines.answer(text("d"), message="m2", said={"stop_reason": "max_tokens"}),
    )

    assert found.source.facts.native["stop_reasons"] == {"tool_use": 1, "max_tokens": 1}
    assert [step.native["stop_reason"] for step in found.steps] == ["tool_use", "max_tokens"]


def test_very_many_calls_of_one_message_cost_no_more_each(lines: Lines) -> None:
    ids = [f"t{number}" for number in range(30_000)]  # half a minute, if each looked at all
    results = [{"type": "tool_result", "tool_use_id": each, "content": "ok"} for each in ids]
    found = parsed(lines.answer(*(call("Bash", each) for each in ids)), lines.user(results))

    (step,) = found.steps
    assert [each.tool_call_id for each in step.step.tool_calls] == ids
    assert [each.source_call_id for each in step.step.observations] == ids
