"""Where a conversation stood at each line: what may be gone back to."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from opentraces.adapters.claude_code.context.merging import Heard, left_before, merged
from opentraces.adapters.claude_code.context.sayable import USER, blocks_of_pieces
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.growing import Point
from opentraces.domain.ids import NodeId
from opentraces.domain.slotted import mutable_dataclass

_LINES = 512
"""How many of the last lines may be gone back to."""


@dataclass(slots=True, eq=False)
class Place:
    """So many of the blocks that a node saw."""

    node: NodeId | None = None
    """None: the model was not called since; or not at all."""

    blocks: int = 0
    """How many, from the first on."""

    is_all: bool = False
    """Whether the node saw no more."""

    tail: Sequence[Block] = ()
    """What comes after them when the conversation goes on from here with a text."""


@mutable_dataclass
class Places:
    """All places of one source that are still known."""

    start: Place = field(default_factory=Place)
    """Before anything was said."""

    _lines: OrderedDict[str, Place] = field(default_factory=OrderedDict)
    _prompts: dict[str, Place] = field(default_factory=dict)
    _open: list[Place] = field(default_factory=list)
    _splits: list[tuple[Place, int]] = field(default_factory=list)

    def new(self, blocks: int = 0) -> Place:
        """Begin a place, after so many blocks, before the call that will have seen it."""
        place = Place(None, blocks)
        self._open.append(place)
        return place

    def split(self, place: Place, messages: int) -> None:
        """Let a place end after so many of the messages since the model spoke last."""
        self._splits.append((place, messages))

    def settle(self, before: int, heard: list[Heard]) -> None:
        """Let the messages since the model spoke last stand after so many blocks."""
        for place, messages in self._splits:
            pieces = left_before(heard, messages)
            if pieces is None:
                place.blocks = before + len(merged(heard[:messages], is_past=False))
            else:
                place.blocks, place.tail = before, blocks_of_pieces(USER, pieces)
        self._splits = []

    def called(self, point: Point) -> None:
        """Let all places since the last call be of this one."""
        for place in self._open:
            place.node, place.is_all = point.node, place.blocks == point.blocks
        self._open = []

    def leave(self) -> None:
        """Let the places since the last call be lost: no call saw them."""
        self._open, self._splits = [], []

    def put(self, line: str, place: Place) -> None:
        """Remember where the conversation stands after a line."""
        self._lines[line] = place
        if len(self._lines) > _LINES:
            self._lines.popitem(last=False)

    def typed(self, before: str, place: Place) -> None:
        """Remember for ever where it stood when somebody typed, after the line `before`."""
        self._prompts[before] = place

    def at(self, line: str) -> Place | None:
        """Return the place after a line. None: it is not known any more, or never was."""
        return self._lines.get(line) or self._prompts.get(line)

    def is_open(self, place: Place) -> bool:
        """Whether the model was not called since."""
        return any(each is place for each in self._open)

    def saved(self, *others: Place) -> dict[str, Any]:
        """Return all of it as JSON values; `others` are what `restored` gives back."""
        table = list({id(each): each for each in self._all(others)}.values())
        number = {id(each): n for n, each in enumerate(table)}
        nodes = {node: n for n, node in enumerate(dict.fromkeys(each.node for each in table))}
        return {
            "nodes": list(nodes),
            "table": [_saved(each, nodes[each.node]) for each in table],
            "start": number[id(self.start)],
            "lines": {line: number[id(each)] for line, each in self._lines.items()},
            "prompts": {line: number[id(each)] for line, each in self._prompts.items()},
            "open": [number[id(each)] for each in self._open],
            "splits": [[number[id(each)], messages] for each, messages in self._splits],
            "others": [number[id(each)] for each in others],
        }

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> tuple["Places", list[Place]]:
        """Become the places that `saved` was called on, and the others."""
        table = [_restored(each, saved["nodes"]) for each in saved["table"]]
        places = cls(
            start=table[saved["start"]],
            _lines=OrderedDict((line, table[n]) for line, n in saved["lines"].items()),
            _prompts={line: table[n] for line, n in saved["prompts"].items()},
            _open=[table[n] for n in saved["open"]],
            _splits=[(table[n], messages) for n, messages in saved["splits"]],
        )
        return places, [table[n] for n in saved["others"]]

    def _all(self, others: tuple[Place, ...]) -> Iterator[Place]:
        yield self.start
        yield from self._lines.values()
        yield from self._prompts.values()
        yield from self._open
        yield from others


def _saved(place: Place, node: int) -> list[Any]:
    tail = [block.said() for block in place.tail]
    rest = [int(place.is_all), tail] if tail or place.is_all else []
    return [node, place.blocks, *rest]


def _restored(saved: list[Any], nodes: list[NodeId | None]) -> Place:
    node, blocks, *rest = saved
    is_all, tail = rest or (0, [])
    blocks_after = [Block(**block) for block in tail]
    return Place(nodes[node], blocks, bool(is_all), blocks_after)
