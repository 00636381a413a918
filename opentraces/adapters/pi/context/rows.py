"""Blocks of entries that may be listed anew: where a conversation is gone back to or summed up.

A compaction keeps the last entries, and a user mostly goes back to before a prompt. So blocks of
the newest entries are held, and for ever those that were said between an answer's call and the
prompt after it, or that no call saw before they were left.
"""

from dataclasses import field
from typing import Any

from opentraces.domain.context.blocks import Block
from opentraces.domain.slotted import mutable_dataclass

MOST = 256
"""Entries above which the oldest are let go; Pi keeps as many as have some 80,000 characters."""


@mutable_dataclass
class Row:
    """Blocks of one entry, without those that are due before it."""

    blocks: list[Block] = field(default_factory=list)
    """In order."""

    asks: list[str] = field(default_factory=list)
    """Ids of the calls that it makes."""

    gives: str | None = None
    """Id of the call that it is the result of. None: of none."""

    later: list[Block] = field(default_factory=list)
    """What the model is told of it after the results of all calls."""

    is_gone: bool = False
    """Whether the entry is not shown any more."""

    is_fixed: bool = False
    """Whether it cannot be shown otherwise, but for not at all."""

    def saved(self) -> list[Any]:
        """Return it as values that JSON can hold."""
        later = [saved_block(block) for block in self.later]
        return [
            [saved_block(block) for block in self.blocks],
            self.asks,
            self.gives,
            later,
            self.is_gone,
        ]

    @classmethod
    def restored(cls, saved: list[Any]) -> "Row":
        """Return what `saved` was called on."""
        later = [restored_block(block) for block in saved[3]]
        return cls(
            [restored_block(block) for block in saved[0]], saved[1], saved[2], later, saved[4]
        )


@mutable_dataclass
class Rows:
    """Rows by the place of their entry in the file."""

    _rows: dict[int, Row] = field(default_factory=dict)
    _recent: dict[int, None] = field(default_factory=dict)

    def add(self, at: int, row: Row) -> None:
        """Hold the blocks of the newest entry, and let go of the oldest."""
        self._rows[at] = row
        self._recent[at] = None
        if len(self._recent) > MOST:
            oldest = next(iter(self._recent))
            del self._recent[oldest]
            del self._rows[oldest]

    def pin(self, at: int) -> None:
        """Hold the blocks of an entry for ever, if they are held."""
        self._recent.pop(at, None)

    def get(self, at: int) -> Row | None:
        """Return the blocks of an entry. None: they are not held, or it has none."""
        return self._rows.get(at)

    def saved(self) -> dict[str, Any]:
        """Return them as values that JSON can hold."""
        rows = {str(at): row.saved() for at, row in self._rows.items()}
        return {"rows": rows, "recent": list(self._recent)}

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> "Rows":
        """Return what `saved` was called on."""
        rows = {int(at): Row.restored(row) for at, row in saved["rows"].items()}
        return cls(rows, dict.fromkeys(saved["recent"]))


def saved_block(block: Block) -> list[Any]:
    """Return a block as values that JSON can hold."""
    return [block.id, block.role, block.content, block.size]


def restored_block(saved: list[Any]) -> Block:
    """Return what `saved_block` was called on."""
    return Block(id=saved[0], role=saved[1], content=saved[2], size=saved[3])
