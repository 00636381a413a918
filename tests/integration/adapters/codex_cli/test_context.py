"""What is told of the calls of real sessions: by hand, and beside what the model was sent."""

import gzip
from typing import Any

import pytest

from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.domain.context.comparing import summed
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.templates import render
from opentraces.domain.ids import read_json
from tests.codex_wire import Told, assert_is_what_was_sent, told_in
from tests.contracts.context_events import (
    Lines,
    assert_context_sound,
    layers_of,
    nodes_of,
)
from tests.contracts.trace_parser import Source, read
from tests.integration.adapters.codex_cli.fixtures import DATA, every_source

SOURCES = every_source()
WIRE = DATA.parent / "codex-cli-wire"
EDITS = [
    ("root", 3, None),
    ("linear", 4, None),
    ("linear", 2, None),
    ("linear", 4, None),
    ("linear", 2, None),
    ("linear", 2, None),
    ("linear", 2, None),
]
"""The nodes of the session of edits, counted by hand; the older client ran the same one."""

CALLS = {"copied": 4, "fork": 3, "killed": 2, "reverted": 5, "script_compact": 5}
"""Requests that were answered, as the scripted model counted them."""


def nodes(name: str) -> list[NodeObserved]:
    return nodes_of(read(CodexCliParser(), SOURCES[name]))


def shape(name: str) -> list[tuple[str, int, int | None]]:
    """Return how each node goes on, what it adds, and what it keeps."""
    return [(each.branch_type, len(each.added), each.kept) for each in nodes(name)]


def said(source: Source, node: NodeObserved) -> list[tuple[str, str]]:
    """Return who speaks in each block that a node adds, and of which type the block is."""
    kept = Lines(source.data)
    return [(each.role, render(each.content, kept)["type"]) for each in node.added]


def runtime(source: Source) -> dict[str, Any]:
    """Return the last runtime state."""
    layers = layers_of(read(CodexCliParser(), source))
    (*_, last) = (each for each in layers if each.kind == "runtime_state")
    state: dict[str, Any] = render(last.content, Lines(source.data))
    return state


def sent_and_told(name: str) -> list[tuple[Told, dict[str, Any]]]:
    """Return each call of the sessions of a folder, and its request."""
    lines = gzip.decompress((WIRE / name / "requests.jsonl.gz").read_bytes()).splitlines()
    requests = {each["response"]: each for each in map(read_json, lines)}
    return [
        (call, requests[call.response])
        for path in sorted((WIRE / name).glob("rollout-*"))
        for call in told_in(path, WIRE / name)
    ]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_templates_give_what_ids_name_and_each_answer_has_its_node(name: str) -> None:
    assert_context_sound(SOURCES[name], read(CodexCliParser(), SOURCES[name]), "answer")


@pytest.mark.parametrize("name", sorted(CALLS))
def test_all_that_is_told_was_sent(name: str) -> None:
    calls = sent_and_told(name)

    found = summed(assert_is_what_was_sent(call, request) for call, request in calls)

    assert len(calls) == CALLS[name]
    assert found.equal == found.ours > 0
    assert all(each["model"] == call.layers["runtime_state"]["model"] for call, each in calls)


def test_nodes_of_an_edit_are_as_by_hand() -> None:
    """The prompt with two items before it; then what each answer and its tools brought."""
    first, second, *_ = nodes("edit")

    assert shape("edit") == EDITS
    assert said(SOURCES["edit"], first) == [("developer", "message")] + [("user", "message")] * 2
    assert said(SOURCES["edit"], second) == [
        ("assistant", "reasoning"),
        ("assistant", "message"),
        ("assistant", "function_call"),
        ("tool", "function_call_output"),
    ]
    assert first.completeness == {
        "system": "approximated",
        "runtime_state": "approximated",
        "messages": "approximated",
    }


def test_nodes_of_a_compaction_are_as_by_hand() -> None:
    """A call; the one that sums up; two that go on from four items that took the place."""
    assert shape("compact") == [
        ("root", 3, None),
        ("linear", 2, None),
        ("compaction_fork", 4, 0),
        ("linear", 2, None),
    ]
    assert [each.purpose for each in nodes("compact")] == ["step", "compaction", "step", "step"]
    assert nodes("compact")[1].limitations == ("compaction_prompt_untold",)
    assert nodes("compact")[2].parent == nodes("compact")[1].node_id


def test_nodes_of_the_older_client_are_as_by_hand() -> None:
    assert shape("legacy120") == EDITS


def test_a_resumed_session_has_the_nodes_it_had() -> None:
    before, after = nodes("resume1"), nodes("resume2")

    assert after[: len(before)] == before
    assert shape("resume2")[2:] == [("linear", 2, None), ("linear", 2, None)]


def test_a_sub_agent_begins_by_itself() -> None:
    parent, helper = nodes("subagent_v2"), nodes("subagent_v2+")

    assert [each.branch_type for each in parent] == ["root", "linear", "linear"]
    assert [each.branch_type for each in helper] == ["subagent_fork", "linear"]
    assert helper[0].parent is None


def test_a_fork_says_where_it_goes_on_from() -> None:
    (first, *rest) = nodes("fork")
    (line,) = SOURCES["resume2"].data.splitlines()[33:34]

    assert first.branch_type == "root"
    assert all("history_elsewhere" in each.limitations for each in (first, *rest))
    base = runtime(SOURCES["fork"])["history_base"]
    assert base["thread_id"] in SOURCES["resume2"].file.name
    assert read_json(line)["ordinal"] + 1 == base["end_ordinal_exclusive"]


def test_scripts_have_their_tools_and_instructions_told_in_full() -> None:
    for each in nodes("codemode"):
        assert each.completeness == {
            "system": "full",
            "tool_registry": "full",
            "runtime_state": "approximated",
            "messages": "approximated",
        }


def test_runtime_state_tells_what_a_turn_runs_with() -> None:
    assert runtime(SOURCES["edit"]) == {
        "approval_policy": "never",
        "branch": "main",
        "cwd": "/home/dev/edit",
        "mode": "default",
        "model": "gpt-5.5",
        "sandbox": "danger-full-access",
    }
