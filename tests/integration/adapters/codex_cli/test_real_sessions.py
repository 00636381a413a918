"""What the real sessions say. Numbers were added up by hand, out of the usage in their lines."""

import re

import pytest

from opentraces.adapters.codex_cli.line_types import EVENTS, ITEMS, LINES, RESPONSE_ITEMS
from opentraces.adapters.codex_cli.parser import CodexCliParser
from tests.contracts.trace_parser import Read, read, read_in_parts
from tests.integration.adapters.codex_cli.fixtures import every_source

SOURCES = every_source()

TOTALS = {
    #                 answers  input   cached  output  reasoning
    "abort_sigint": (1, 4000, 0, 20, 0),
    "codemode": (5, 28800, 21888, 355, 64),
    "compact": (4, 22300, 1920, 80, 0),
    "edit": (7, 41250, 34304, 490, 64),
    "fail500": (1, 4000, 0, 20, 0),
    "fork": (2, 8100, 3968, 34, 0),
    "legacy120": (7, 41250, 34304, 490, 64),
    "plan": (6, 32800, 26624, 482, 168),
    "resume1": (2, 8100, 3968, 34, 0),
    "resume2": (4, 16800, 12288, 88, 0),
    "subagent_v2": (3, 9400, 6016, 50, 0),
    "subagent_v2+": (2, 4100, 1920, 32, 0),
}
"""The input with its cached part, as Codex writes it. A fork goes on from its parent's count, of
16800: that is not its own."""


def session(name: str) -> Read:
    return read(CodexCliParser(), SOURCES[name])


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_token_is_counted_once(name: str) -> None:
    found = session(name)
    answers, whole, cached, written, thought = TOTALS[name]
    usage = [step.step.token_usage for step in found.steps]

    assert sum(step.step.role == "agent" for step in found.steps) == answers
    assert sum(each.input_tokens for each in usage) == whole - cached
    assert sum(each.cache_read_tokens for each in usage) == cached
    assert sum(each.output_tokens for each in usage) == written
    assert found.source.facts.native.get("reasoning_tokens", 0) == thought


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_line_is_recognised(name: str) -> None:
    facts = session(name).source.facts

    assert facts.lines.recognised == SOURCES[name].data.count(b"\n")
    assert facts.unknown_types == {}


def test_no_key_stands_twice_in_a_session() -> None:
    for name in SOURCES:
        keys = [step.key for step in session(name).steps]
        assert len(keys) == len(set(keys)), name


def test_a_resumed_session_begins_with_what_it_was() -> None:
    first, second = session("resume1").steps, session("resume2").steps

    assert [step.key for step in second[: len(first)]] == [step.key for step in first]
    whole = SOURCES["resume2"]
    grown = read_in_parts(CodexCliParser(), whole, [len(SOURCES["resume1"].data)])
    assert grown.steps == second
    assert [step.revision for step in grown.emitted] == [0] * len(second)


def test_both_dialects_say_the_same_of_the_same_work() -> None:
    new = [step.step for step in session("edit").steps if step.step.role != "system"]
    old = [step.step for step in session("legacy120").steps if step.step.role != "system"]

    for one, other in zip(new, old, strict=True):
        assert one.role == other.role
        assert one.content == other.content
        assert one.reasoning_content == other.reasoning_content
        assert [each.input for each in one.tool_calls] == [each.input for each in other.tool_calls]
        assert sorted(bool(each.error) for each in one.observations) == sorted(
            bool(each.error) for each in other.observations
        )
        assert one.token_usage == other.token_usage


def test_code_mode_shows_what_the_scripts_ran() -> None:
    found = session("codemode").steps
    calls = [call for step in found for call in step.step.tool_calls]

    assert [call.tool_name for call in calls] == [
        *("exec", "exec_command"),
        *("exec", "apply_patch", "exec_command", "exec_command"),
        "exec",
        *("exec", "exec_command"),
    ]
    assert [step.native.get("patched_files") for step in found if "patch" in step.native] == [
        "M calc.py\nA test_calc.py"
    ]


def test_a_sub_agent_is_a_thread_of_its_own_that_knows_its_parent() -> None:
    facts = session("subagent_v2+").source.facts
    parent = session("subagent_v2").source.facts.native["thread_id"]

    assert facts.native["parent_thread_id"] == facts.native["root_thread_id"] == parent
    assert facts.prompts == 0
    assert {step.step.call_type for step in session("subagent_v2+").steps} == {None, "subagent"}
    shown = "".join(step.step.content or "" for step in session("subagent_v2+").steps)
    assert "CHILD_MARK" not in shown


def test_the_step_ids_of_the_client_are_kept() -> None:
    native = [step.native for step in session("edit").steps if step.step.role == "agent"]

    assert [each["response_id"] for each in native] == [f"resp_mock000{n}" for n in range(1, 8)]
    assert {each["turn_id"] for each in native} == {"01a206c1-7c92-70c2-ae99-2beb71bc6371"}


def test_what_was_run_before_is_in_the_facts() -> None:
    facts = session("edit").source.facts

    assert facts.versions == ("0.169.0",)
    assert facts.models == ("openai/gpt-5.5",)
    assert facts.folders == ("/home/dev/edit",)
    assert facts.branches == ("main",)
    assert facts.first_prompt == "Fix add and add a test, then commit"
    assert facts.surroundings.shell == "bash"
    assert re.fullmatch("[0-9a-f]{40}", str(facts.native["git_commit"]))


def test_every_type_that_the_client_wrote_is_one_we_name() -> None:
    named = re.compile(rb'"type":"([A-Za-z_]+)"')
    lines = [line for source in SOURCES.values() for line in source.data.splitlines()]
    types = {found[1].decode() for line in lines if (found := named.search(line))}

    assert types <= LINES | {"response_item", "event_msg"}
    assert {"local_shell_call", "context_compaction", "tool_search_output"} <= RESPONSE_ITEMS
    assert {"thread_rolled_back", "exited_review_mode", "image_generation_end"} <= EVENTS
    assert {"McpToolCall", "Plan", "Sleep", "EnteredReviewMode"} <= ITEMS
