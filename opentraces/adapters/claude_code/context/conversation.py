"""The conversation of one source, as the model is told it call by call."""

from collections.abc import Mapping
from typing import Any

from opentraces.adapters.claude_code.context.merging import Heard, Way, merged
from opentraces.adapters.claude_code.context.opening import Opening
from opentraces.adapters.claude_code.context.past import Past
from opentraces.adapters.claude_code.context.pieces import Line, Piece, with_newline
from opentraces.adapters.claude_code.context.places import Place, Places
from opentraces.adapters.claude_code.context.sayable import (
    ASSISTANT,
    USER,
    Recent,
    block_of_piece,
    blocks_of_pieces,
)
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import BranchType
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.templates import literal

UNREADABLE, OPENING = "block_unreadable", "opening_approximated"
"""Limitations of a call: a block cannot be kept; of what it begins with only the day is known."""


class Conversation:
    """What was said, in the order in which the model is told it."""

    def __init__(self, begins: BranchType | None = None) -> None:
        self.context = GrowingContext()
        self.heard: list[Heard] = []
        """Messages since the model spoke last."""
        self.limitations: set[str] = set()
        """Of the next call."""
        self.settings: dict[str, str] = {}
        """Model and permissions of the next call."""
        self.places = Places()
        self.past = Past()
        self._opening = Opening()
        self._recent = Recent()
        self._front = 0
        self._stated: dict[str, str] = {}
        self._after, self._within = self.places.new(), self.places.new()
        if begins is not None:
            self.context.go_to(Point(), begins)

    @property
    def length(self) -> int:
        """How many blocks there are, but for what was heard since the model spoke last."""
        return self._front + len(self.context.waiting)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self._within if self.heard else self._after

    def remember(self, line: str) -> None:
        """Remember where it stands after a line."""
        self.places.put(line, self._within if self.heard else self._after)

    def hear(self, line: Line, heard: Heard) -> None:
        """Take a message to the model; one without pieces is not sent."""
        if not heard.pieces:
            return
        self._opening.note(line)
        if heard.is_prompt and self.heard:
            self.places.split(self._within, len(self.heard))
            self._within = self.places.new()
        name = line.name or ""
        for piece in heard.pieces:
            piece.line = name
        self.heard.append(heard)

    def speak(self, pieces: list[Piece]) -> None:
        """Take blocks of the model."""
        blocks = self._say(ASSISTANT, pieces)
        if self.past.kept is not None:
            self.past.spoken(blocks)
        self._after = self.places.new(self._front + len(self.context.waiting))

    def call(self, answer: str | None) -> None:
        """Let the model be called; it is about to answer."""
        self.settle()
        self._state()
        limitations = tuple(sorted(self.limitations))
        point = self.context.call(Call(answer, limitations=limitations))
        self.places.called(point)
        self.limitations.clear()
        self._front = point.blocks
        self._begin()

    def settle(self) -> None:
        """Let all that was heard be told to the model."""
        self._after.blocks = before = self.length
        if self._opening.is_due and self.heard:
            self._open()
        pieces = merged(self.heard, is_past=False)
        self.past.heard(self.heard, before, self._say(USER, pieces))
        self._within.blocks = self.length
        if pieces and pieces[-1].text is not None:
            self._within.blocks -= 1
            self._within.tail = blocks_of_pieces(USER, [with_newline(pieces[-1])])
        self.places.settle(before, self.heard)
        self.heard = []

    def interject(self) -> None:
        """Let the model seem to say something that it did not."""
        self.settle()
        self._begin()

    def compact(self) -> None:
        """Let a summary take the place of what was said."""
        self.settle()
        self.context.go_to(
            self.context.point, "compaction_fork", kept=0 if self.context.point.node else None
        )
        self._front = 0
        self._opening = Opening()
        self._leave()

    def keep(self, lines: list[str]) -> None:
        """Say again what was said in earlier lines."""
        self.settle()
        for line in lines:
            self.context.waiting += self._recent.blocks(line)
        self._begin()

    def go_on_from(self, place: Place) -> bool:
        """Go back to a place, unless it stands there; returns whether that can be done."""
        is_start = place is self.places.start and not self.length
        if place is self._within or ((is_start or place is self._after) and not self.heard):
            return True
        if is_start or place is self._after:
            self._untype()
        elif self.places.is_open(place):
            self.context.waiting[max(0, place.blocks - self._front) :] = place.tail
            self.heard = []
            self._begin()
        elif place.node is None and place is not self.places.start:
            return False
        else:
            self._rewind(place)
        return True

    def begin_turn(self) -> None:
        """Show the last turn as later turns see it, from now on."""
        kept, blocks = self.past.kept, self.past.blocks
        self.past.forget()
        if kept is None or self.heard:
            return
        if kept < self._front:
            self.context.go_to(self.context.point, "linear", kept=kept)
            self._front = kept
        del self.context.waiting[kept - self._front :]
        self.context.waiting += blocks
        self._begin()

    def _state(self) -> None:
        if self.settings and self.settings != self._stated:
            self._stated = dict(sorted(self.settings.items()))
            content = literal(self._stated)
            self.context.layer("runtime_state", self._stated, content, "approximated")

    def _say(self, role: str, pieces: list[Piece]) -> list[Block]:
        blocks = []
        for piece in pieces:
            block = block_of_piece(role, piece)
            if block is None:
                self.limitations.add(UNREADABLE)
                continue
            blocks.append(block)
            self._recent.add(piece.line, block)
        self.context.waiting += blocks
        return blocks

    def _open(self) -> None:
        first = self._opening.taken(self.heard)
        if first is not None:
            self.heard.insert(0, Heard(Way.SAID, [first]))
        if not any(each.way is Way.FOLDED for each in self.heard):
            self.limitations.add(OPENING)

    def _untype(self) -> None:
        first = next((n for n, each in enumerate(self.heard) if each.is_prompt), None)
        if first is not None:
            del self.heard[first:]

    def _rewind(self, place: Place) -> None:
        kept = None if place.is_all else place.blocks
        self.context.go_to(Point(place.node, place.blocks), "rewind_branch", kept)
        self._front = place.blocks
        self.context.waiting = list(place.tail)
        self.heard = []
        if place is self.places.start:
            self._opening = Opening()
        self._leave()

    def _leave(self) -> None:
        self.places.leave()
        self.past.forget()
        self._begin()

    def _begin(self) -> None:
        self._after, self._within = self.places.new(self.length), self.places.new()

    def saved(self) -> dict[str, Any]:
        """Return it as JSON values, for `restore`; only when no event is left to take."""
        return {
            "context": self.context.saved(),
            "heard": [each.saved() for each in self.heard],
            "limitations": sorted(self.limitations),
            "settings": self.settings,
            "places": self.places.saved(self._after, self._within),
            "past": self.past.saved(),
            "opening": self._opening.saved(),
            "recent": self._recent.saved(),
            "front": self._front,
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Become the conversation that `saved` was called on."""
        self.context = GrowingContext.restored(saved["context"])
        self.heard = [Heard.restored(each) for each in saved["heard"]]
        self.limitations, self.settings = set(saved["limitations"]), dict(saved["settings"])
        self.places, (self._after, self._within) = Places.restored(saved["places"])
        self.past = Past.restored(saved["past"])
        self._opening = Opening.restored(saved["opening"])
        self._recent = Recent.restored(saved["recent"])
        self._front = saved["front"]
