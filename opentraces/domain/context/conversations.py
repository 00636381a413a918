"""Which earlier request another begins as, told by the ids of blocks alone.

Each place in a conversation is named by a digest over all blocks before it, so the longest common
beginning with every earlier request is found in one walk along the new one.
"""

from collections.abc import Iterable

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.ids import Digest, NodeId, digest
from opentraces.domain.slotted import frozen_dataclass

_START = Digest("")


@frozen_dataclass
class Shared:
    """The longest beginning that a conversation has in common with an earlier one."""

    node: NodeId
    """The earlier one; of several, one that is no longer than the beginning, if there is one."""

    blocks: int
    """How many blocks they have in common."""

    is_whole: bool
    """Whether those are all blocks of the earlier one."""

    is_followed: bool
    """Whether some earlier one went on from there."""


@frozen_dataclass
class _Path:
    parent: NodeId | None
    start: int
    own: list[Digest]


def places(ids: Iterable[Digest], before: Digest = _START) -> list[Digest]:
    """Return the digest of the place after each block, from the place `before` on."""
    found: list[Digest] = []
    for each in ids:
        before = digest(f"{before}{each}".encode())
        found.append(before)
    return found


class Conversations:
    """All requests so far, as nodes."""

    def __init__(self) -> None:
        self._paths: dict[NodeId, _Path] = {}
        self._ends: dict[Digest, NodeId] = {}
        self._inside: dict[Digest, NodeId] = {}
        self._followed: set[Digest] = set()
        self._blocks: dict[Digest, Block] = {}

    def add(self, node: NodeObserved) -> None:
        """Take one more; its parent came before."""
        if node.node_id in self._paths:
            return
        start, before = self._place(node.parent, node.kept)
        own = places((block.id for block in node.added), before)
        self._paths[node.node_id] = _Path(node.parent, start, own)
        for place, block in zip(own, node.added, strict=True):
            self._inside[place] = node.node_id
            self._blocks.setdefault(place, block)
            self._followed.add(before)
            before = place
        self._ends[before] = node.node_id

    def same(self, along: list[Digest]) -> NodeId | None:
        """Return a node of just these blocks. None: there is none."""
        return self._ends.get(along[-1]) if along else None

    def shared(self, along: list[Digest]) -> Shared | None:
        """Return the longest beginning shared with an earlier one, of fewer blocks than these.

        None: no first block is theirs.
        """
        for number in range(len(along) - 1, 0, -1):
            place = along[number - 1]
            node = self._ends.get(place) or self._inside.get(place)
            if node:
                return Shared(node, number, place in self._ends, place in self._followed)
        return None

    def shared_with(self, node: NodeId, along: list[Digest]) -> int:
        """Return how many blocks these begin with that one earlier one begins with, too."""
        most = len(along)
        while most and self._place(node, most) != (most, along[most - 1]):
            most -= 1
        return most

    def length(self, node: NodeId) -> int:
        """Return how many blocks a node has, its parents' included."""
        path = self._paths[node]
        return path.start + len(path.own)

    def has(self, place: Digest) -> bool:
        """Whether any earlier one came by a place."""
        return place in self._inside

    def block(self, place: Digest) -> Block | None:
        """Return the block before a place, as it was first met. None: nobody came by."""
        return self._blocks.get(place)

    def _place(self, node: NodeId | None, kept: int | None) -> tuple[int, Digest]:
        """Return how many blocks stay of a node that is gone on from, and the place after them."""
        path = self._paths.get(node) if node else None
        while path:
            kept = path.start + len(path.own) if kept is None else kept
            if kept > path.start + len(path.own):
                return 0, _START
            if kept > path.start:
                return kept, path.own[kept - path.start - 1]
            path = self._paths.get(path.parent) if path.parent else None
        return 0, _START
