"""What is true of the context events of any parser, on any source."""

from collections.abc import Iterable
from typing import Any

from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import Kept, Place, pointed, render
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import NodeId, read_json
from tests.contracts.trace_parser import Read, Source


class Lines(Kept):
    """Looks places up in the bytes of one source."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def value(self, place: Place) -> Any:
        """See Kept."""
        source, offset, length, pointer = place
        assert source == 0
        return pointed(read_json(self._data[offset : offset + length]), pointer)

    def blob(self, blob: str) -> Any:
        """See Kept."""
        raise Corrupt(blob)

    def part(self, part: str) -> Any:
        """See Kept."""
        raise Corrupt(part)

    def head(self, body: str, count: int) -> list[Any]:
        """See Kept."""
        raise Corrupt(body)

    def text(self, body: str) -> str:
        """See Kept."""
        raise Corrupt(body)


def nodes_of(found: Read) -> list[NodeObserved]:
    """Return the nodes, in order."""
    return [each for each in found.context if isinstance(each, NodeObserved)]


def layers_of(found: Read) -> list[LayerObserved]:
    """Return the layers, in order."""
    return [each for each in found.context if isinstance(each, LayerObserved)]


def by_id(nodes: Iterable[NodeObserved]) -> dict[NodeId, NodeObserved]:
    """Return nodes by their id."""
    return {node.node_id: node for node in nodes}


def assert_context_sound(source: Source, found: Read, call: str) -> None:
    """Check that templates give what ids name, and that each answer has its node.

    `call`: the key of a step's `native` that is the call's id.
    """
    kept, nodes, layers = Lines(source.data), nodes_of(found), layers_of(found)
    for node in nodes:
        for block in node.added:
            assert block_id(block.role, render(block.content, kept)) == block.id, block
        assert id_of(node) == node.node_id
        assert len(blocks_at(by_id(nodes), node.node_id)) >= len(node.added)
    for layer in layers:
        assert layer_id(layer.kind, render(layer.content, kept)) == layer.layer_id
    told = {layer.layer_id for layer in layers} | {None}
    for node in nodes:
        assert {node.system, node.tool_registry, node.runtime_state} <= told
    answers = [each.native[call] for each in found.steps if each.step.role == "agent"]
    assert [node.call for node in nodes] == answers
