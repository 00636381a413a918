"""What the model saw at a node: the blocks of its parents, and its own."""

from collections.abc import Mapping

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import NodeId


def blocks_at(nodes: Mapping[NodeId, NodeObserved], node: NodeId) -> list[Block]:
    """Return every block that the model saw at a node, from the first on.

    Raises Corrupt when a parent is not among `nodes`, or nodes go round.
    """
    path: list[NodeObserved] = []
    at: NodeId | None = node
    while at is not None:
        if at not in nodes or len(path) > len(nodes):
            raise Corrupt(f"{node}: its parents do not lead to a beginning")
        path.append(nodes[at])
        at = nodes[at].parent
    blocks: list[Block] = []
    for each in reversed(path):
        if each.kept is not None:
            del blocks[each.kept :]
        blocks += each.added
    return blocks
