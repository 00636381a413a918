"""Blocks of pieces: what they are named by, and what was said of late."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from opentraces.adapters.claude_code.context.pieces import Piece
from opentraces.domain.context.blocks import Block, block_of

USER, ASSISTANT = "user", "assistant"
"""Who speaks."""

_LINES = 32


def block_of_piece(role: str, piece: Piece) -> Block | None:
    """Return the block that a piece becomes. None: no JSON can be made of it."""
    if piece.value is None:
        return None
    try:
        return block_of(role, piece.value, piece.content)
    except (TypeError, ValueError, RecursionError):
        return None


def blocks_of_pieces(role: str, pieces: Iterable[Piece]) -> list[Block]:
    """Return the blocks of those pieces of which JSON can be made."""
    return [block for piece in pieces if (block := block_of_piece(role, piece))]


class Recent:
    """The blocks of the last lines: what a compaction may keep."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, list[Block]] = OrderedDict()

    def add(self, line: str, block: Block) -> None:
        """Take a block of a line."""
        self._lines.setdefault(line, []).append(block)
        if len(self._lines) > _LINES:
            self._lines.popitem(last=False)

    def blocks(self, line: str) -> list[Block]:
        """Return the blocks of a line."""
        return list(self._lines.get(line, ()))

    def saved(self) -> dict[str, Any]:
        """Return them as JSON values."""
        return {line: [b.said() for b in said] for line, said in self._lines.items()}

    @classmethod
    def restored(cls, saved: Mapping[str, Any]) -> "Recent":
        """Become what `saved` was called on."""
        recent = cls()
        for line, said in saved.items():
            recent._lines[line] = [Block(**block) for block in said]
        return recent
