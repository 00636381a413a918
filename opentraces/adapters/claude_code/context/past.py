"""The turn as later turns show it, where hooks spoke: what they said has another place then."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from opentraces.adapters.claude_code.context.merging import Heard, has_hooks, merged, on_the_way
from opentraces.adapters.claude_code.context.sayable import USER, blocks_of_pieces
from opentraces.domain.context.blocks import Block
from opentraces.domain.slotted import mutable_dataclass

_MOST = 2_000
"""Blocks of one turn above which its later form is given up."""


@mutable_dataclass
class Past:
    """What of the running turn will be shown otherwise, and how."""

    is_begun_again: bool = False
    """Whether each turn is the client started anew, which loses what hung on parallel results."""

    kept: int | None = None
    """How many blocks of the conversation stay. None: all of it stays."""

    blocks: list[Block] = field(default_factory=list)
    """Those after them, as they will be shown."""

    def heard(self, messages: list[Heard], before: int, blocks: Iterable[Block]) -> None:
        """Note what was heard, after `before` blocks, and what became of it in this turn."""
        if self.kept is None and not has_hooks(messages):
            return
        left = on_the_way(messages) if self.is_begun_again else messages
        later = blocks_of_pieces(USER, merged(left, is_past=True))
        if self.kept is not None:
            self.spoken(later)
        elif [each.id for each in later] != [each.id for each in blocks]:
            self.kept, self.blocks = before, later

    def spoken(self, blocks: Iterable[Block]) -> None:
        """Note blocks that later turns show as they are."""
        if self.kept is not None:
            self.blocks += blocks
            if len(self.blocks) > _MOST:
                self.forget()

    def forget(self) -> None:
        """Let nothing be shown otherwise."""
        self.kept, self.blocks = None, []

    def saved(self) -> dict[str, Any]:
        """Return it as JSON values."""
        blocks = [block.said() for block in self.blocks]
        return {"again": self.is_begun_again, "kept": self.kept, "blocks": blocks}

    @classmethod
    def restored(cls, saved: Mapping[str, Any]) -> "Past":
        """Become what `saved` was called on."""
        blocks = [Block(**block) for block in saved["blocks"]]
        return cls(saved["again"], saved["kept"], blocks)
