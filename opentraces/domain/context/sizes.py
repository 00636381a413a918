"""How much the model saw at each node of a Context Tree."""

from collections.abc import Mapping

from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import NodeId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Extent:
    """How much stands in messages."""

    blocks: int = 0
    """How many blocks."""

    bytes: int = 0
    """Of their normal form as JSON."""


NOTHING = Extent()
"""Of no messages."""


def extents(tree: ContextTree) -> Mapping[NodeId, Extent]:
    """Return how much each node holds, its parents' blocks included.

    Each block is looked at once, but for those of a node of which only the first are kept.
    """
    found: dict[NodeId, Extent] = {}
    for name in tree.nodes:
        path: dict[NodeId, NodeObserved] = {}
        at: NodeId | None = name
        while at is not None and at in tree.nodes and at not in found and at not in path:
            path[at] = tree.nodes[at]
            at = path[at].parent
        for each in reversed(path):
            found[each] = _extent(path[each], tree, found)
    return found


def _extent(node: NodeObserved, tree: ContextTree, found: Mapping[NodeId, Extent]) -> Extent:
    before = found.get(node.parent, NOTHING) if node.parent is not None else NOTHING
    if node.parent is not None and node.kept is not None and node.kept < before.blocks:
        before = Extent(node.kept, _front(node.parent, node.kept, tree, found))
    added = sum(block.size for block in node.added)
    return Extent(before.blocks + len(node.added), before.bytes + added)


def _front(node: NodeId, count: int, tree: ContextTree, found: Mapping[NodeId, Extent]) -> int:
    """Return the bytes of the first blocks of a node."""
    total, at = 0, node
    while count and at in found:
        each = tree.nodes[at]
        inherited = found[at].blocks - len(each.added)
        if count > inherited:
            total += sum(block.size for block in each.added[: count - inherited])
            count = inherited
        if each.parent is None:
            break
        at = each.parent
    return total
