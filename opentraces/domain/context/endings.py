"""How conversations end: what the model said last, and what was said to it since."""

from collections.abc import Iterable

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.ids import Digest, NodeId, digest
from opentraces.domain.slotted import frozen_dataclass

_ANSWER = "assistant"


@frozen_dataclass
class Ending:
    """The end of a conversation, as the ids of blocks."""

    answer: tuple[Digest, ...] = ()
    """The blocks of the last answer. Empty: there is none yet."""

    answers: str = ""
    """Of all blocks of all answers."""

    after: tuple[Digest, ...] = ()
    """The blocks after the last answer."""

    def then(self, block: Block) -> "Ending":
        """Return the end after one block more."""
        if block.role != _ANSWER:
            return Ending(self.answer, self.answers, (*self.after, block.id))
        answer = (block.id,) if self.after else (*self.answer, block.id)
        return Ending(answer, digest(f"{self.answers}{block.id}".encode()))


@frozen_dataclass
class _Cell:
    """The end after one block, and the cell before it."""

    end: Ending
    length: int
    before: "_Cell | None"


class Endings:
    """The ends of nodes along their parents, each block looked at once."""

    def __init__(self, nodes: Iterable[NodeObserved]) -> None:
        self._nodes = {node.node_id: node for node in nodes}
        self._cells: dict[NodeId, _Cell | None] = {}

    def of(self, node: NodeObserved) -> Ending:
        """Return how the conversation of a node ends; a parent that is not there is left out."""
        waiting = [node]
        while waiting:
            parent = self._nodes.get(waiting[-1].parent) if waiting[-1].parent else None
            if parent and parent.node_id not in self._cells and len(waiting) <= len(self._nodes):
                waiting.append(parent)
                continue
            each = waiting.pop()
            before = self._cells.get(parent.node_id) if parent else None
            self._cells[each.node_id] = _after(each, before)
        cell = self._cells[node.node_id]
        return cell.end if cell else Ending()


def _after(node: NodeObserved, cell: _Cell | None) -> _Cell | None:
    while cell and node.kept is not None and cell.length > node.kept:
        cell = cell.before
    for block in node.added:
        end = (cell.end if cell else Ending()).then(block)
        cell = _Cell(end, cell.length + 1 if cell else 1, cell)
    return cell
