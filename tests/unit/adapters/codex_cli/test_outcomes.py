"""What came of calls: told twice, in either order, or late."""

from typing import Any

import pytest

from tests.unit.adapters.codex_cli.lines import (
    call,
    ended,
    event,
    item,
    line,
    output,
    parsed,
    recorded,
    response,
    said,
    script,
    seen,
    steps,
)

RUNNING = "Wall time: 0.25 seconds\nProcess running with session ID 7\nOutput:\ntick 1\n"
FAILED = "Wall time: 0.1 seconds\nProcess exited with code 3\nOutput:\nno\n"


def test_an_output_and_an_item_are_one_observation() -> None:
    shown = "Process exited with code 0\nOutput:\nhi\n"

    assert seen(call("c"), ended("c", "hi\n"), output("c", shown)) == [("c", shown, None)]
    assert seen(call("c"), output("c", shown), ended("c", "hi\n")) == [("c", shown, None)]


def test_an_end_without_an_output_is_what_there_is() -> None:
    assert seen(call("c"), ended("c", "hi\n", -1)) == [("c", "hi\n", "Process exited with code -1")]


def test_a_command_that_ends_late_amends_the_step_that_began_it() -> None:
    later = [each for number in range(300) for each in _answered(f"o{number}")]
    lines = (call("c"), output("c", RUNNING), *later, ended("c", "tick 1\ntick 2\n"))
    found = parsed(*lines)

    assert [each.content for each in found.steps[0].step.observations] == [
        RUNNING,
        "tick 1\ntick 2\n",
    ]
    assert found.steps[0].step.tool_calls[0].duration_ms == 1500
    assert [step.revision for step in found.emitted if step.ordinal == 0] == [0, 1]


def _answered(call_id: str) -> tuple[bytes, ...]:
    return (call(call_id), output(call_id, "x"))


def test_an_aborted_command_ends_after_its_turn() -> None:
    aborted = "Wall time: 1.5 seconds\naborted by user"

    assert seen(call("c"), output("c", aborted), ended("c", "started\n", -1)) == [
        ("c", aborted, "aborted by user"),
        ("c", "started\n", "Process exited with code -1"),
    ]


def test_what_stands_twice_is_one() -> None:
    lines = (call("c"), call("c"), ended("c", "hi"), ended("c", "hi"))

    assert seen(*lines, output("c", "hi"), output("c", "hi")) == [("c", "hi", None)]
    assert len(steps(*lines)[0].tool_calls) == 1


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (FAILED, "Process exited with code 3"),
        ("Exit code: 1\nWall time: 0 seconds\nOutput:\nx", "Exit code: 1"),
        ('{"output":"x","metadata":{"exit_code":2}}', "Process exited with code 2"),
        ('{"output":"x","metadata":{"exit_code":0}}', None),
        ({"content": "no good", "success": False}, "no good"),
        ({"content": "good", "success": True}, None),
        ("apply_patch verification failed: no file", "apply_patch verification failed: no file"),
        ("unsupported call: x", "unsupported call: x"),
        ("Command blocked by PreToolUse hook: no", "Command blocked by PreToolUse hook: no"),
        ("Output:\nProcess exited with code 3 said the log", None),
        ("Process exited with code 0\nOutput:\nProcess exited with code 3\n", None),
        ([{"type": "input_text", "text": "Script failed\nOutput:\n"}], "Script failed"),
        (None, None),
        (17, None),
    ],
)
def test_whether_it_failed(told: Any, error: str | None) -> None:
    assert [each[2] for each in seen(call("c"), output("c", told))] == [error]


def test_a_result_whose_call_is_gone_is_a_step_of_its_own() -> None:
    assert [(step.role, len(step.observations)) for step in steps(output("c", "x"))] == [
        ("system", 1)
    ]


# Code mode.


def test_what_a_script_called_follows_its_call() -> None:
    change = item("FileChange", id="exec-2", changes={"/w/a": {"type": "add", "content": "x"}})
    (step,) = steps(script("c"), ended("exec-1", "hi\n"), change, output("c", "done"))

    assert [(each.tool_call_id, each.tool_name) for each in step.tool_calls] == [
        ("c", "exec"),
        ("exec-1", "exec_command"),
        ("exec-2", "apply_patch"),
    ]
    assert step.tool_calls[1].input == {"cmd": "ls", "workdir": "/w", "called_by": "c"}
    assert step.tool_calls[2].input["changes"] == {"/w/a": {"type": "add", "content": "x"}}
    assert [each.source_call_id for each in step.observations] == ["exec-1", "exec-2", "c"]


def test_what_ends_after_its_script_is_still_that_script_s() -> None:
    lines = (script("c"), recorded("r1", 1, 0, 1), output("c", "x"), said("done"))
    first, _ = steps(*lines, ended("exec-1", "late\n"))

    assert [each.tool_call_id for each in first.tool_calls] == ["c", "exec-1"]


def test_what_no_script_called_is_a_step_of_its_own() -> None:
    assert [step.role for step in steps(call("c"), ended("exec-1", "x"))] == ["agent", "system"]


# Other kinds of calls and of ends.


def test_the_legacy_dialect_tells_ends_as_events() -> None:
    end = event("exec_command_end", call_id="c", aggregated_output="hi\n", exit_code=1)

    assert seen(call("c"), end) == [("c", "hi\n", "Process exited with code 1")]


def test_calls_that_the_service_runs_are_done_at_once() -> None:
    search = response("web_search_call", id="w", status="completed", action={"query": "x"})
    image = response("image_generation_call", id="i", status="completed", result="aGk=")
    shell = response("local_shell_call", call_id="s", action={"command": ["ls"]})
    (step,) = steps(search, image, shell)

    assert [each.tool_name for each in step.tool_calls] == [
        "web_search",
        "image_generation",
        "local_shell",
    ]
    assert [(each.source_call_id, each.content) for each in step.observations] == [
        ("w", None),
        ("i", "[image]"),
    ]


def test_a_tool_of_a_namespace_has_both_names() -> None:
    spawn = response(
        "function_call", name="spawn_agent", namespace="collaboration", arguments="{}", call_id="c"
    )
    start = item("SubAgentActivity", id="c", kind="started", agent_thread_id="t2", agent_path="/r")
    found = parsed(spawn, start)

    assert found.steps[0].step.tool_calls[0].tool_name == "collaboration.spawn_agent"
    assert found.steps[0].step.subagent_trajectory_ref == "t2"
    (link,) = found.source.facts.links
    assert (link.agent_id, link.tool_call_id, link.description) == ("t2", "c", "/r")


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ('{"a":[1,{"b":2}]}', {"a": [1, {"b": 2}]}),
        ("not json", {"input": "not json"}),
        ("[1]", {"input": "[1]"}),
        ("", {}),
        ('{"a":' * 150 + "1" + "}" * 150, {"too_deep": True}),
        ("{" + ",".join(f'"k{n}":{n}' for n in range(100_001)) + "}", {"too_many": True}),
    ],
)
def test_arguments_of_a_call(arguments: str, given: dict[str, Any]) -> None:
    assert steps(call("c", arguments=arguments))[0].tool_calls[0].input == given


def test_a_file_s_worth_of_output_does_not_stay_in_memory() -> None:
    large = "x" * (3 * 1024 * 1024)
    lines = [
        each for number in range(9) for each in (call(f"c{number}"), output(f"c{number}", large))
    ]
    found = parsed(*lines, line("world_state", {}))

    assert len(found.source.state) < 20 * 1024 * 1024
    assert [len(step.step.observations) for step in found.steps] == [1] * 9
