"""What the model saw in real sessions of Pi, against what it was sent, and as somebody counted."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.pi.parser import CALL, PiParser
from opentraces.domain.context.blocks import Block, block_id
from opentraces.domain.context.carried import COPIED
from opentraces.domain.context.comparing import Compared, compared, summed
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from opentraces.domain.ids import NodeId
from tests.contracts.context_events import Lines, by_id, layers_of, nodes_of
from tests.contracts.trace_parser import Source, read
from tests.integration.adapters.pi.fixtures import FILES, every_source, source_of
from tests.integration.adapters.pi.wire import prompt, said, tool_names

REQUESTS = Path(__file__).parents[3] / "data" / "pi-requests"
SOURCES = every_source()
OLD, NEW = "0.73.1", "0.87.1"


def nodes_in(source: Source) -> list[NodeObserved]:
    return nodes_of(read(PiParser(), source))


def own_nodes(scene: str) -> dict[str, NodeObserved]:
    """Return the nodes of a scene's sessions by their call, without those of copies."""
    found: dict[str, NodeObserved] = {}
    for path in FILES[scene]:
        nodes = nodes_in(source_of(path))
        found |= {node.call or "": node for node in nodes if COPIED not in node.limitations}
    return found


def every_node(scene: str) -> dict[NodeId, NodeObserved]:
    return by_id(node for path in FILES[scene] for node in nodes_in(source_of(path)))


def asked(scene: str) -> dict[int, str]:
    """Return by what each answer is told, by the time at which it was asked for."""
    lines = [json.loads(line) for path in FILES[scene] for line in path.read_bytes().splitlines()]
    answers = [each for each in lines if each.get("message", {}).get("role") == "assistant"]
    return {
        each["message"]["timestamp"]: each["message"].get("responseId", each["id"])
        for each in answers
    }


def requests(scene: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every request of a scene, with its answer."""
    answers = asked(scene)
    for line in gzip.decompress((REQUESTS / f"{scene}.jsonl.gz").read_bytes()).splitlines():
        row = json.loads(line)
        yield answers[row["asked"]], row["payload"]


def against(blocks: list[Block], body: dict[str, Any]) -> Compared:
    return compared(blocks, [{"role": role, "content": [value]} for role, value in said(body)])


@pytest.mark.parametrize("scene", sorted(FILES))
def test_every_block_is_what_was_sent(scene: str) -> None:
    nodes, own = every_node(scene), own_nodes(scene)

    results = [
        against(blocks_at(nodes, own[answer].node_id), body) for answer, body in requests(scene)
    ]

    total = summed(results)
    assert total.kinds == {}
    assert total.share == total.message_share == 1.0
    assert len(results) == len(own)
    assert total.sent > 0


@pytest.mark.parametrize("scene", sorted(scene for scene in FILES if scene.startswith(NEW)))
def test_later_release_tells_system_prompt_and_tools(scene: str) -> None:
    own = own_nodes(scene)
    layers: dict[str, tuple[LayerObserved, Any]] = {}
    for path in FILES[scene]:
        source = source_of(path)
        for layer in layers_of(read(PiParser(), source)):
            layers[layer.layer_id] = layer, render(layer.content, Lines(source.data))
    for answer, body in requests(scene):
        node = own[answer]
        assert node.system == layer_id("system", [{"type": "text", "text": prompt(body)}])
        assert [tool["name"] for tool in layers[node.tool_registry or ""][1]] == tool_names(body)
        assert node.completeness == {
            "system": "approximated",
            "tool_registry": "approximated",
            "runtime_state": "approximated",
            "messages": "approximated",
        }


@pytest.mark.parametrize("scene", sorted(scene for scene in FILES if scene.startswith(OLD)))
def test_earlier_release_tells_nothing_of_system_prompt_and_tools(scene: str) -> None:
    for node in own_nodes(scene).values():
        assert (node.system, node.tool_registry) == (None, None)
        assert node.completeness.keys() == {"runtime_state", "messages"}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_what_ids_name_is_what_templates_give(name: str) -> None:
    source = SOURCES[name]
    found = read(PiParser(), source)
    kept = Lines(source.data)

    for node in nodes_of(found):
        assert node.node_id == id_of(node)
        for block in node.added:
            assert block.id == block_id(block.role, render(block.content, kept))
    for layer in layers_of(found):
        assert layer.layer_id == layer_id(layer.kind, render(layer.content, kept))
    answers = [step.native[CALL] for step in found.steps if step.step.role == "agent"]
    assert [node.call for node in nodes_of(found) if COPIED not in node.limitations] == answers


def shape(scene: str) -> list[tuple[str, int, int | None, int | None]]:
    """Return of each node what it is, what it adds, whose child it is, and how much of it stays."""
    (path,) = FILES[scene]
    nodes = nodes_in(source_of(path))
    numbers: dict[NodeId | None, int] = {node.node_id: at for at, node in enumerate(nodes)}
    return [
        (node.branch_type, len(node.added), numbers.get(node.parent), node.kept) for node in nodes
    ]


@pytest.mark.parametrize("release", [OLD, NEW])
def test_user_who_went_back_twice(release: str) -> None:
    """Counted by hand: both times to the first answer, the second time with a summary."""
    assert shape(f"{release}/s2_branches") == [
        ("root", 1, None, None),
        ("linear", 2, 0, None),
        ("linear", 3, 1, None),
        ("rewind_branch", 2, 0, None),
        ("linear", 3, 3, None),
        ("rewind_branch", 3, 0, None),
        ("linear", 3, 5, None),
        ("linear", 2, 6, None),
    ]


def test_conversation_that_was_summed_up_twice() -> None:
    """Counted by hand: a summary, what stays from the call or the prompt on, and the new prompt."""
    assert shape(f"{NEW}/s5_compact") == [
        ("root", 1, None, None),
        ("linear", 4 + 2, 0, None),
        ("linear", 2 + 1, 1, None),
        ("linear", 1 + 1, 2, None),
        ("linear", 3 + 2, 3, None),
        ("linear", 1 + 1, 4, None),
        ("compaction_fork", 1 + 4 + 1, 5, 0),
        ("linear", 2 + 1, 6, None),
        ("linear", 1 + 1, 7, None),
        ("compaction_fork", 1 + 6 + 1, 8, 0),
    ]


def test_attempts_that_failed_are_calls_and_add_nothing() -> None:
    assert shape(f"{OLD}/s4_retry") == [("root", 1, None, None), ("linear", 0, 0, None)]
    assert shape(f"{NEW}/s4_retry") == [
        ("root", 1, None, None),
        ("linear", 0, 0, None),
        ("linear", 0, 1, None),
        ("linear", 0, 2, None),
    ]


@pytest.mark.parametrize("release", [OLD, NEW])
def test_copied_calls_are_the_nodes_of_the_session_they_are_of(release: str) -> None:
    origin, *forks = (nodes_in(source_of(path)) for path in FILES[f"{release}/s3_fork"])
    known = {node.node_id for node in origin}

    copies = [[node for node in nodes if COPIED in node.limitations] for nodes in forks]

    assert [len(nodes) for nodes in copies] == [5, 1, 1, 0]
    assert all(node.node_id in known for nodes in copies for node in nodes)
    for nodes in forks:
        own = [node for node in nodes if COPIED not in node.limitations]
        assert len(own) == 1
        assert own[0].parent is None or own[0].parent in known


def test_model_and_thinking_are_the_state_of_a_call() -> None:
    source = SOURCES[f"{OLD}/s2_branches"]
    found = read(PiParser(), source)
    states: dict[str, Any] = {
        layer.layer_id: render(layer.content, Lines(source.data)) for layer in layers_of(found)
    }

    told = [states[node.runtime_state or ""] for node in nodes_of(found)]

    assert told[0] == {"model": "mock/mock-1", "thinking_level": "medium"}
    assert told[-1] == {"model": "mock/mock-2", "thinking_level": "off"}


@pytest.mark.parametrize("scene", sorted(FILES))
def test_places_take_little_room(scene: str) -> None:
    """Of sessions as small as these; of long ones it is far less."""
    events: list[ContextEvent] = []
    size = 0
    for path in FILES[scene]:
        source = source_of(path)
        events += read(PiParser(), source).context
        size += len(source.data)

    assert len(gzip.compress(b"".join(map(line_of, events)), 6)) < 0.27 * size
