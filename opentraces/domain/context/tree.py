"""A Context Tree, put together from its events."""

from collections.abc import Iterable, Iterator
from dataclasses import field

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import (
    BodyKept,
    ContextEvent,
    LayerObserved,
    NodeObserved,
    PartObserved,
)
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.ids import Digest, NodeId
from opentraces.domain.slotted import mutable_dataclass

_Call = tuple[int, str]
"""Source and native id of an answer."""


@mutable_dataclass
class ContextTree:
    """The events of one trace's tree, each thing as it was said last."""

    nodes: dict[NodeId, NodeObserved] = field(default_factory=dict)
    """All nodes that stand, in the order in which they were first told of."""

    calls: dict[_Call, NodeObserved] = field(default_factory=dict)
    """The node of each call whose answer is known, as its session's lines tell of it."""

    live: list[NodeObserved] = field(default_factory=list)
    """Nodes of requests that were kept themselves, in the order of the events."""

    layers: dict[Digest, LayerObserved] = field(default_factory=dict)
    """By id."""

    parts: dict[Digest, PartObserved] = field(default_factory=dict)
    """By id."""

    bodies: dict[str, BodyKept] = field(default_factory=dict)
    """By name."""

    @classmethod
    def of(cls, events: Iterable[ContextEvent]) -> "ContextTree":
        """Put events together, in the order in which they were written."""
        tree = cls()
        for event in events:
            tree.take(event)
        return tree

    def take(self, event: ContextEvent) -> None:
        """Take the next event."""
        if isinstance(event, NodeObserved):
            self._take_node(event)
        elif isinstance(event, LayerObserved):
            self.layers.setdefault(event.layer_id, event)
        elif isinstance(event, PartObserved):
            self.parts.setdefault(event.part_id, event)
        else:
            self.bodies.setdefault(event.name, event)

    def lineage(self, node: NodeId) -> Iterator[NodeObserved]:
        """Yield a node, the one that it goes on from, and so on, as far as they are there."""
        seen: set[NodeId] = set()
        at: NodeId | None = node
        while at is not None and at in self.nodes and at not in seen:
            seen.add(at)
            found = self.nodes[at]
            yield found
            at = found.parent

    def blocks(self, node: NodeId) -> tuple[Block, ...]:
        """Return all blocks of a node, those that its parents have first: see `blocks_at`."""
        return tuple(blocks_at(self.nodes, node))

    def _take_node(self, node: NodeObserved) -> None:
        if node.capture_method == "live_capture":
            self.live.append(node)
        elif node.call is not None:
            self.calls[node.source, node.call] = node
        self.nodes.setdefault(node.node_id, node)
