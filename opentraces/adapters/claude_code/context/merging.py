"""How Claude Code makes one message of all that comes between two answers of the model.

Attachments are moved up, before what was typed; texts of several messages are parted by a newline;
an attachment after what a tool gave back becomes a part of it; results come first.
"""

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import Any

from opentraces.adapters.claude_code.context.pieces import (
    Piece,
    glued,
    glued_blocks,
    with_newline,
)
from opentraces.domain.slotted import mutable_dataclass


class Way(StrEnum):
    """How a message came."""

    SAID = "said"
    """Somebody said it, or a tool gave it back."""

    ATTACHED = "attached"
    """The program attached it."""

    FOLDED = "folded"
    """The program attached it, in a release that puts it into results that are lists, too."""

    HOOKED = "hooked"
    """A hook of a tool call said it: in the turn a message, later an attachment."""


@mutable_dataclass
class Heard:
    """One message to the model."""

    way: Way
    pieces: list[Piece] = field(default_factory=list)
    is_prompt: bool = False
    """Whether somebody typed it."""

    has_results: bool = field(init=False, default=False)
    """Whether it is what tools gave back."""

    def __post_init__(self) -> None:
        for piece in self.pieces:
            if piece.is_result:
                self.has_results = True

    def saved(self) -> list[Any]:
        """Return it as JSON values."""
        pieces = [[piece.value, piece.content, piece.line] for piece in self.pieces]
        return [self.way, pieces, self.is_prompt]

    @classmethod
    def restored(cls, saved: list[Any]) -> "Heard":
        """Become what `saved` was called on."""
        way, pieces, is_prompt = saved
        return cls(Way(way), [Piece(*piece) for piece in pieces], is_prompt)


def merged(messages: list[Heard], *, is_past: bool) -> list[Piece]:
    """Return the blocks of what was heard.

    `is_past`: as it is sent in a later turn, in which words of hooks are attachments.
    """
    if len(messages) < 2:
        return list(messages[0].pieces) if messages else []
    blocks: list[Piece] = []
    for message in _moved(messages, is_past=is_past):
        if _is_attached(message, is_past=is_past):
            for piece in message.pieces:
                _attach(blocks, piece, is_folded=message.way is Way.FOLDED)
        else:
            _say(blocks, message)
    return blocks


def left_before(messages: list[Heard], first: int) -> list[Piece] | None:
    """Return the blocks of so many messages, as they are when a text follows them.

    None: they stand in front of all the others.
    """
    if not any(_is_attached(each, is_past=False) for each in messages[first:]):
        return None
    blocks = merged(messages[:first], is_past=False)
    if blocks and blocks[-1].text is not None:
        blocks[-1] = with_newline(blocks[-1])
    return blocks


def has_hooks(messages: Iterable[Heard]) -> bool:
    """Whether a later turn shows it otherwise."""
    hooked = Way.HOOKED
    return any(message.way is hooked for message in messages)


def on_the_way(messages: list[Heard]) -> list[Heard]:
    """Return what is left when the client is started anew.

    What hooks said of all results but the last is lost: the line before it leads past them.
    """
    last = max((n for n, each in enumerate(messages) if each.has_results), default=0)
    return [m for n, m in enumerate(messages) if n > last or m.way is not Way.HOOKED]


def _is_attached(message: Heard, *, is_past: bool) -> bool:
    return message.way in (Way.ATTACHED, Way.FOLDED) or (is_past and message.way is Way.HOOKED)


def _moved(messages: Iterable[Heard], *, is_past: bool) -> list[Heard]:
    moved: list[Heard] = []
    place = 0
    for message in messages:
        if _is_attached(message, is_past=is_past):
            moved.insert(place, message)
            place += 1
            continue
        moved.append(message)
        if message.has_results:
            place = len(moved)
    return moved


def _say(blocks: list[Piece], message: Heard) -> None:
    if not message.pieces:
        return
    if blocks and blocks[-1].text is not None and message.pieces[0].text is not None:
        blocks[-1] = with_newline(blocks[-1])
    blocks += message.pieces
    if message.has_results:
        blocks.sort(key=lambda piece: not piece.is_result)


def _attach(blocks: list[Piece], piece: Piece, *, is_folded: bool) -> None:
    if not blocks or not blocks[-1].is_result:
        blocks.append(piece)
        return
    content: Any = blocks[-1].value.get("content")
    if piece.text is not None and (content is None or isinstance(content, str)):
        blocks[-1] = glued(blocks[-1], piece)
    elif is_folded and piece.text is not None and isinstance(content, list):
        blocks[-1] = glued_blocks(blocks[-1], piece)
    else:
        blocks.append(piece)
