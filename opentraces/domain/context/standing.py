"""The nodes of a Context Tree that stand for a call, and the steps that they are about."""

from collections.abc import Iterable, Mapping

from opentraces.domain.context.events import NodeObserved, Purpose
from opentraces.domain.context.seen import Seen
from opentraces.domain.ids import NodeId
from opentraces.domain.slotted import frozen_dataclass

_OF_BODIES = "live_capture"
"""Nodes of requests that were kept: what they are joined to is among a trace's own."""


@frozen_dataclass
class Standing:
    """The nodes of a tree that stand: of each call that is a step's the one that it saw."""

    nodes: Mapping[NodeId, NodeObserved]
    """By id, in the order in which they were first told of."""

    steps: Mapping[NodeId, tuple[int, ...]]
    """The numbers of the steps that saw them, ascending; a node that is missing has none."""

    children: Mapping[NodeId, tuple[NodeObserved, ...]]
    """What goes on from each node, in the order in which it was first told of."""

    roots: tuple[NodeObserved, ...]
    """Nodes that go on from none, or from one that is not there."""

    again: Mapping[NodeId, tuple[Purpose, ...]]
    """What the same was sent for besides, as retries are; a node that is missing: for nothing."""

    def calls(self, node: NodeId) -> int:
        """Return how often the model was called with what a node holds."""
        return max(len(self.steps.get(node, ())), 1) + len(self.again.get(node, ()))


def standing(seen: Seen) -> Standing:
    """Take the nodes that are a trace's own, and what they go on from.

    What only telemetry tells of stands, too.
    """
    told = seen.tree.nodes.values()
    own = {node.node_id: node for node in reversed(seen.own)}
    others = [n.node_id for n in told if n.call is None and n.capture_method != _OF_BODIES]
    kept = _with_parents(seen, (*own, *others))
    nodes = {n.node_id: own.get(n.node_id, n) for n in told if n.node_id in kept}
    children: dict[NodeId, list[NodeObserved]] = {}
    roots = []
    for node in nodes.values():
        if node.parent is not None and node.parent in nodes:
            children.setdefault(node.parent, []).append(node)
        else:
            roots.append(node)
    return Standing(
        nodes=nodes,
        steps=_steps(seen),
        children={name: tuple(each) for name, each in children.items()},
        roots=tuple(roots),
        again=_again(seen, nodes),
    )


def _again(seen: Seen, nodes: Mapping[NodeId, NodeObserved]) -> dict[NodeId, tuple[Purpose, ...]]:
    again: dict[NodeId, tuple[Purpose, ...]] = {}
    for node in seen.own:
        name = node.node_id
        if node.purpose != "step" and nodes.get(name) is not node:
            again[name] = (*again.get(name, ()), node.purpose)
    return again


def _with_parents(seen: Seen, names: Iterable[NodeId]) -> set[NodeId]:
    kept: set[NodeId] = set()
    for name in names:
        for node in seen.tree.lineage(name):
            if node.node_id in kept:
                break
            kept.add(node.node_id)
    return kept


def _steps(seen: Seen) -> dict[NodeId, tuple[int, ...]]:
    steps: dict[NodeId, tuple[int, ...]] = {}
    for step, node in sorted(seen.nodes.items(), key=lambda item: item[0]):
        steps[node.node_id] = (*steps.get(node.node_id, ()), step)
    return steps
