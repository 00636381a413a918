"""What each kind of line becomes."""

import pytest

from opentraces.domain.facts import CommandUse, Compaction
from tests.unit.adapters.pi.lines import (
    answer,
    entry,
    facts,
    header,
    message,
    origins,
    parsed,
    result,
    seen,
    steps,
    told,
    typed,
    usage,
)

HEAD = header()
ASKED = (HEAD, typed("u1", None, "go"))


def test_text_may_be_a_string_or_blocks_with_pictures() -> None:
    blocks = [{"type": "text", "text": "look"}, {"type": "image", "data": "AAAA"}]

    assert told(HEAD, typed("u1", None, "plain"), typed("u2", "u1", blocks)) == [
        ("user", "plain"),
        ("user", "look\n[image]"),
    ]


def test_an_answer_is_one_step_with_all_its_parts() -> None:
    said = answer("a1", "u1", "sure", "c1", "c2")
    (_, step) = steps(
        *ASKED, said, result("t1", "a1", "c1", "one"), result("t2", "t1", "c2", "two")
    )

    assert (step.role, step.content, step.model, step.call_type) == ("agent", "sure", "p/m", "main")
    assert [call.tool_call_id for call in step.tool_calls] == ["c1", "c2"]
    assert [each.content for each in step.observations] == ["one", "two"]


def test_tokens_are_told_apart_and_the_cost_is_as_written() -> None:
    spent = {**usage(10, 5, 300, 40, 0.0012000000000000001), "reasoning": 3, "cacheWrite1h": 8}
    (_, found) = parsed(*ASKED, answer("a1", "u1", "x", usage=spent)).steps

    assert found.step.token_usage.told() == {
        "input_tokens": 10,
        "output_tokens": 5,
        "cache_read_tokens": 300,
        "cache_write_tokens": 40,
    }
    assert found.native["cost_usd"] == "0.0012000000000000001"
    assert (found.native["reasoning_tokens"], found.native["cache_write_1h"]) == ("3", "8")


def test_what_the_model_thought_is_shown_or_marked() -> None:
    shown = [{"type": "thinking", "thinking": "hm", "thinkingSignature": "x"}]
    sealed = [{"type": "thinking", "thinking": "", "thinkingSignature": "x"}]
    found = parsed(
        *ASKED, answer("a1", "u1", "", content=shown), answer("a2", "a1", "", content=sealed)
    )

    assert found.steps[1].step.reasoning_content == "hm"
    assert found.steps[2].native["sealed_thinking"] == "true"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("out\n\n\nCommand exited with code 3", "Command exited with code 3"),
        ("some\n\nCommand aborted", "Command aborted"),
        ("Could not find the text.\nmore", "Could not find the text."),
        ("", "error"),
    ],
)
def test_why_a_call_failed_is_in_the_agent_s_words(said: str, error: str) -> None:
    lines = (answer("a1", "u1", "", "c1"), result("t1", "a1", "c1", said, isError=True))

    assert seen(*ASKED, *lines) == [("c1", said or None, error)]


def test_a_result_may_come_after_other_steps() -> None:
    lines = (answer("a1", "u1", "", "c1"), typed("u2", "a1", "steer"), result("t1", "u2", "c1"))

    assert [len(step.observations) for step in steps(*ASKED, *lines)] == [0, 1, 0]


def test_a_result_that_nobody_asked_for_is_a_step() -> None:
    assert origins(*ASKED, result("t1", "u1", "c9")) == [None, "result"]
    assert seen(*ASKED, result("t1", "u1", "c9")) == [("c9", "ok", None)]


def test_files_that_were_changed_are_known() -> None:
    calls = [
        {"type": "toolCall", "id": f"c{n}", "name": tool, "arguments": {"path": f"{tool}.py"}}
        for n, tool in enumerate(("edit", "write", "read", "edit"))
    ]
    lines = (
        answer("a1", "u1", "", content=calls),
        result("t1", "a1", "c0", toolName="edit", details={"diff": "- 1", "patch": "--- a"}),
        result("t2", "t1", "c1", toolName="write"),
        result("t3", "t2", "c2", toolName="read"),
        result("t4", "t3", "c3", toolName="edit", isError=True),
    )
    native = parsed(*ASKED, *lines).steps[1].native

    assert (native["changed_files"], native["patch"]) == ("M edit.py\nW write.py", "unified")


def test_a_failure_is_a_step_that_says_why() -> None:
    said = {"stopReason": "error", "errorMessage": "529 overloaded", "responseId": None}
    found = parsed(*ASKED, answer("a1", "u1", "half", **said), answer("a2", "a1", "", **said))

    assert [step.step.content for step in found.steps[1:]] == [
        "half\n529 overloaded",
        "529 overloaded",
    ]
    assert found.source.facts.failures == (1, 2)
    assert {step.native["failure"] for step in found.steps[1:]} == {"error"}


def test_a_failure_without_a_word_of_the_model_is_no_model_that_answered() -> None:
    said = {"stopReason": "error", "errorMessage": "no", "usage": usage(0, 0)}

    assert facts(*ASKED, answer("a1", "u1", "", **said)).models == ()
    assert facts(*ASKED, answer("a1", "u1", "half", **said)).models == ("p/m",)


def test_an_abort_is_an_interruption_and_a_length_stop_neither() -> None:
    lines = (
        answer("a1", "u1", "ha", stopReason="aborted", errorMessage="Request was aborted."),
        answer("a2", "a1", "too lo", stopReason="length"),
    )
    found = parsed(*ASKED, *lines)

    assert (found.source.facts.interruptions, found.source.facts.failures) == ((1,), ())
    assert found.steps[2].native["stop_reason"] == "length"


def test_what_was_aborted_before_the_model_was_asked_is_an_interruption() -> None:
    said = {"stopReason": "error", "errorMessage": "This operation was aborted"}
    found = parsed(*ASKED, answer("a1", "u1", "", **said))

    assert (found.source.facts.interruptions, found.source.facts.failures) == ((1,), ())
    assert "failure" not in found.steps[1].native


@pytest.mark.parametrize("is_hidden", [True, False])
def test_commands_of_the_user_are_typed_and_may_be_hidden_from_the_model(is_hidden: bool) -> None:
    said = {"command": "ls", "output": "a\n", "exitCode": 2, "excludeFromContext": is_hidden}
    found = parsed(*ASKED, message("bashExecution", "b1", "u1", **said))

    assert told(*ASKED, message("bashExecution", "b1", "u1", **said))[1:] == [
        ("user", "!!ls" if is_hidden else "!ls"),
        ("system", "a\n\nCommand exited with code 2"),
    ]
    assert found.source.facts.unseen == ((1, 2) if is_hidden else ())
    assert found.source.facts.prompts == 2


def test_a_skill_is_what_was_typed_and_what_was_put_in() -> None:
    block = '<skill name="pdf" location="/s/SKILL.md">\nHow to.\n</skill>'
    lines = (typed("u1", None, f"{block}\n\nread it"), typed("u2", "u1", block))

    assert told(HEAD, *lines) == [
        ("user", "/skill:pdf read it"),
        ("system", block),
        ("user", "/skill:pdf"),
        ("system", block),
    ]
    assert facts(HEAD, *lines).first_prompt == "/skill:pdf read it"
    assert facts(HEAD, *lines).commands[0] == CommandUse(name="pdf", kind="skill", ordinal=0)


def test_the_system_prompt_and_the_tools_are_told() -> None:
    first = {
        "content": "",
        "sections": {"preamble": "You are", "docs": "read"},
        "toolsAdded": [{"name": "read"}, {"name": "bash"}],
    }
    then = {"sections": {"docs": None}, "toolsRemoved": ["bash"], "toolsAdded": [{"name": "ls"}]}
    (one, _, other) = steps(
        HEAD,
        message("system", "s1", None, **first),
        typed("u1", "s1", "go"),
        message("system", "s2", "u1", **then),
    )

    assert (one.role, one.content, one.tools_available) == (
        "system",
        "You are\nread",
        ("read", "bash"),
    )
    assert (other.content, other.tools_available) == ("[docs: removed]", ("read", "ls"))


def test_a_compaction_is_a_step_and_says_what_it_cost() -> None:
    said = {"summary": "so far", "tokensBefore": 1990, "firstKeptEntryId": "u1"}
    lines = (
        entry("compaction", "c1", "u1", **said, usage=usage(900, 60, cost=0.25)),
        entry("compaction", "c2", "c1", **said, usage=usage(100, 40, cost=0.5)),
    )
    found = facts(*ASKED, *lines)

    assert told(*ASKED, *lines)[1:] == [("system", "so far")] * 2
    assert found.compactions[0] == Compaction(ordinal=1, tokens_before=1990)
    (expense,) = found.expenses
    assert (expense.kind, expense.calls, expense.cost_usd) == ("compaction", 2, 0.75)
    assert (expense.usage.input_tokens, expense.usage.output_tokens) == (1000, 100)


def test_a_prompt_in_a_compaction_is_a_step_where_it_is_another_one() -> None:
    prompt = {"role": "system", "content": "You are"}
    other = {"role": "system", "content": "You were"}
    lines = (
        message("system", "s1", None, content="You are"),
        typed("u1", "s1", "go"),
        entry("compaction", "c1", "u1", summary="s", systemMessage=prompt),
        entry("compaction", "c2", "c1", summary="s", systemMessage=other),
    )

    assert origins(HEAD, *lines) == [
        "system_prompt",
        None,
        "compact_boundary",
        "compact_boundary",
        "system_prompt",
    ]


def test_a_summary_without_a_cost_is_a_limitation() -> None:
    assert facts(*ASKED, entry("compaction", "c1", "u1", summary="s")).limitations == (
        "summary_cost_unknown",
    )


def test_calls_that_are_no_steps_are_spent_by_kind() -> None:
    lines = (
        entry("usage", "w1", "u1", kind="cache_warm", usage=usage(1, 2, 3, 4, 0.1)),
        entry("usage", "w2", "w1", kind="cache_warm", usage=usage(1, 2)),
        entry("branch_summary", "b1", "u1", summary="s", fromId="w2", usage=usage(5, 6, cost=0.2)),
        answer("a1", "b1", "", "c1"),
        result("t1", "a1", "c1", usage=usage(7, 8, cost=0.3)),
    )
    found = {each.kind: each for each in facts(*ASKED, *lines).expenses}

    assert (found["cache_warm"].calls, found["cache_warm"].cost_usd) == (2, None)
    assert found["cache_warm"].usage.cache_write_tokens == 4
    assert found["branch_summary"].cost_usd == 0.2
    assert found["tool_result"].usage.output_tokens == 8


def test_a_line_that_stands_twice_is_paid_once() -> None:
    line = entry("usage", "w1", "u1", kind="cache_warm", usage=usage(1, 2))

    assert facts(*ASKED, line, line).expenses[0].calls == 1


def test_changes_of_the_model_are_steps_once_something_was_said() -> None:
    lines = (
        entry("model_change", "m1", None, provider="p", modelId="one"),
        entry("thinking_level_change", "t1", "m1", thinkingLevel="high"),
        typed("u1", "t1", "go"),
        entry("model_change", "m2", "u1", provider="p", modelId="two"),
        entry("thinking_level_change", "t2", "m2", thinkingLevel="low"),
        answer("a1", "t2", "x"),
    )
    found = parsed(HEAD, *lines)

    assert told(HEAD, *lines)[1:3] == [("system", "Model: p/two"), ("system", "Thinking: low")]
    assert found.source.facts.native["first_model"] == "p/one"
    assert found.steps[3].native["thinking_level"] == "low"


def test_what_extensions_say_is_told_and_what_they_keep_is_not() -> None:
    lines = (
        entry("custom_message", "x1", "u1", customType="probe", content="psst", display=False),
        entry("custom", "x2", "x1", customType="probe", data={"text": "state"}),
        message("hookMessage", "x3", "x2", customType="old", content="as before"),
    )

    assert told(*ASKED, *lines)[1:] == [("system", "psst"), ("system", "as before")]
    assert facts(*ASKED, *lines).lines.recognised == 5


def test_the_name_of_a_session_is_its_title_until_it_is_taken_away() -> None:
    named = entry("session_info", "n1", "u1", name="My work")

    assert facts(*ASKED, named).given_title == "My work"
    assert facts(*ASKED, named, entry("session_info", "n2", "n1")).given_title is None


def test_unknown_types_and_speakers_are_counted() -> None:
    found = facts(*ASKED, entry("hologram", "h1", "u1"), message("oracle", "o1", "h1", content="?"))

    assert found.unknown_types == {"hologram": 1, "message/oracle": 1}
    assert (found.lines.recognised, found.lines.unknown) == (2, 2)


def test_a_copy_of_an_answer_has_the_same_key() -> None:
    one = parsed(*ASKED, answer("a1", "u1", "x", responseId="r", timestamp=5)).steps[1].key
    moved = parsed(HEAD, answer("zz", None, "x", responseId="r", timestamp=5)).steps[0].key
    later = parsed(HEAD, answer("a1", None, "x", responseId="r", timestamp=6)).steps[0].key

    assert one == moved
    assert one != later
