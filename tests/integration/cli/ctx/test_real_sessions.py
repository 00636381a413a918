"""Real sessions of Claude Code: what each step saw, out of what was kept of them."""

from typing import Any

import pytest

from tests.integration.cli.conftest import Document


@pytest.fixture(params=["edit-commit", "subagent"])
def record(kept: object, document: Document, request: pytest.FixtureRequest) -> Any:
    """The record of a kept session, by its project."""
    (hit, *_) = document("trace", "query", "--project", request.param)["hits"]
    return document("trace", "get", hit["trace_id"])


def test_each_answer_saw_the_node_that_its_step_has(record: Any, document: Document) -> None:
    trace = record["trace_id"]
    nodes = {node["node_id"]: node for node in document("ctx", "tree", trace)["nodes"]}

    answers = [step for step in record["steps"] if step["role"] == "agent"]
    for step in answers:
        assert step["step_index"] in nodes[step["context_node_id"]]["steps"]
    last = document("ctx", "show", f"{trace}:{answers[-1]['step_index']}")
    assert last["node_id"] == answers[-1]["context_node_id"]


def test_a_window_goes_on_from_the_one_before(record: Any, document: Document) -> None:
    trace = record["trace_id"]
    own = [s["step_index"] for s in record["steps"] if s["call_type"] == "main"]

    found = document("ctx", "diff", f"{trace}:{own[0]}", f"{trace}:{own[-1]}")

    assert (found["left"], found["moved"]) == ([], 0)
    assert found["common_front"] == found["before"]["blocks"] > 0
    assert len(found["entered"]) == found["after"]["blocks"] - found["before"]["blocks"]


def test_the_first_prompt_is_in_the_first_window(record: Any, document: Document) -> None:
    trace, prompt = record["trace_id"], record["task"]["description"]

    layers = document("ctx", "show", f"{trace}:1")["layers"]
    said = [block.get("text", "") for each in layers["messages"] for block in each["content"]]

    assert any(prompt in text for text in said)


def test_the_tokens_are_those_of_the_answer(record: Any, document: Document) -> None:
    answer = next(step for step in record["steps"] if step["token_usage"]["output_tokens"])
    usage = answer["token_usage"]

    found = document("ctx", "tokens", f"{record['trace_id']}:{answer['step_index']}")

    assert found["prompt_tokens"] == sum(
        usage[key] for key in ("input_tokens", "cache_read_tokens", "cache_write_tokens")
    )
    assert sum(part["tokens"] for part in found["parts"]) == found["prompt_tokens"]


def test_a_sub_agent_hangs_on_its_step(kept: object, document: Document) -> None:
    (hit, *_) = document("trace", "query", "--project", "subagent")["hits"]

    found = document("ctx", "tree", hit["trace_id"])

    forks = [node for node in found["nodes"] if node["branch_type"] == "subagent_fork"]
    assert forks
    for node in forks:
        helper = found["subagents"][str(node["source"])]
        assert helper["parent_step"] < node["steps"][0]
