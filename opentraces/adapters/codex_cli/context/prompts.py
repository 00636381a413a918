"""Where a thread was when something was typed: what a user can go back to.

Taking back turns is written as their number, and the lines stay. The last ones are remembered: how
many blocks there were before each prompt, and the first node after it, of which they are a part.
"""

from typing import Any

from opentraces.domain.context.growing import GrowingContext, Point
from opentraces.domain.ids import NodeId

MOST = 512
"""Prompts that are remembered."""


class Prompts:
    """The prompts of a thread that the model can still see."""

    def __init__(self, rows: list[list[Any]] | None = None) -> None:
        self._rows = rows or []

    def typed(self, blocks: int) -> None:
        """Take a prompt before which there are so many blocks."""
        self._rows.append([blocks, None, 0])
        del self._rows[:-MOST]

    def answered(self, point: Point) -> None:
        """Take the node that a call made."""
        for row in reversed(self._rows):
            if row[1] is not None:
                break
            row[1:] = [point.node, point.blocks]

    def clear(self) -> None:
        """Forget all of them."""
        self._rows.clear()

    def take_back(self, turns: int, growing: GrowingContext) -> bool:
        """Let a thread go back before its last turns; returns whether so many are remembered."""
        is_told = turns <= len(self._rows)
        if turns < 1 or not self._rows:
            return is_told
        blocks, node, size = self._rows[-turns if is_told else 0]
        del self._rows[-turns:]
        left = len(growing.waiting) - (growing.blocks - blocks)
        if left >= 0:
            del growing.waiting[left:]
        else:
            point = growing.point if node is None else Point(NodeId(node), size)
            growing.go_to(point, "rewind_branch", kept=blocks)
        return is_told

    def saved(self) -> list[list[Any]]:
        """Return it as values that JSON can hold."""
        return self._rows
