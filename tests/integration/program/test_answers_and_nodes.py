"""The node of a step is of that step's own answer: by its id, and by the times of what it saw."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.context.carried import COPIED
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.seen import CALLS
from opentraces.domain.moments import milliseconds
from opentraces.domain.session import Agent
from opentraces.ports.parsing import TraceParser
from tests.contracts.context_events import nodes_of
from tests.contracts.trace_parser import Source, read
from tests.integration.adapters.claude_code.fixtures import every_source as of_claude_code
from tests.integration.adapters.codex_cli.fixtures import every_source as of_codex_cli
from tests.integration.adapters.pi.fixtures import every_source as of_pi

PARSERS: dict[Agent, TraceParser] = {
    Agent.CLAUDE_CODE: ClaudeCodeParser(),
    Agent.CODEX_CLI: CodexCliParser(),
    Agent.PI: PiParser(),
}
SOURCES = {
    f"{agent.value} {name}": (agent, source)
    for agent, every in (
        (Agent.CLAUDE_CODE, of_claude_code()),
        (Agent.CODEX_CLI, of_codex_cli()),
        (Agent.PI, of_pi()),
    )
    for name, source in every.items()
}


def places(template: Any) -> Iterator[tuple[int, int]]:
    """Yield offset and length of every line that a template refers to."""
    if isinstance(template, list):
        for each in template:
            yield from places(each)
    elif isinstance(template, dict):
        if "$from" in template:
            yield template["$from"][1], template["$from"][2]
        else:
            yield from places(list(template.values()))


def lines_of(source: Source, node: NodeObserved) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the lines that a node adds something of, with their offsets."""
    found = {place for block in node.added for place in places(block.content)}
    for offset, length in sorted(found):
        yield offset, json.loads(source.data[offset : offset + length])


@pytest.mark.parametrize(("agent", "source"), SOURCES.values(), ids=SOURCES)
def test_each_step_has_the_node_of_its_answer(agent: Agent, source: Source) -> None:
    found = read(PARSERS[agent], source)
    nodes = {node.call: node for node in nodes_of(found) if COPIED not in node.limitations}
    steps = {
        each.native[CALLS[agent]]: each
        for each in found.steps
        if each.step.role == "agent" and CALLS[agent] in each.native
    }
    asked = {call for call, each in steps.items() if "synthetic" not in each.native}

    assert asked <= nodes.keys() <= steps.keys()
    for call, node in nodes.items():
        step = steps[str(call)]
        begun = milliseconds(step.step.timestamp)
        for _, line in lines_of(source, node):
            at = milliseconds(line.get("timestamp"))
            assert begun is None or at is None or at <= begun, (call, line)


def test_many_answers_were_looked_at() -> None:
    nodes = [
        node
        for agent, source in SOURCES.values()
        for node in nodes_of(read(PARSERS[agent], source))
    ]

    assert len(nodes) > 200
    assert sum(len(node.added) for node in nodes) > 500
