"""What else than blocks holds at a place of a session, and where its calls were."""

from base64 import b64decode, b64encode
from bisect import bisect_right
from dataclasses import asdict, field, replace
from typing import Any

from opentraces.domain.context.growing import Point
from opentraces.domain.ids import Digest, NodeId
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass

_PREFIX = "sha256:"

MIXED = "*"
"""As `Mark.thinker`: several models."""


@frozen_dataclass
class Mark:
    """What holds from a place on."""

    system: Digest | None = None
    """The layer of the system prompt. None: nothing is known of it."""

    tools: Digest | None = None
    """The layer of the tools. None: nothing is known of them."""

    level: str | None = None
    """How much the model is to think. None: not said."""

    api: str = ""
    """How the service that answered last is asked. Empty: none did."""

    thinker: str = ""
    """Whose thinking is among the blocks: only that model is sent it as it was. Empty: nobody's."""

    lacks: tuple[str, ...] = ()
    """What is not known of the blocks, as words."""

    def lacking(self, *words: str) -> "Mark":
        """Return it with more that is not known."""
        return replace(self, lacks=tuple(sorted({*self.lacks, *words})))


@mutable_dataclass
class Calls:
    """Calls by the place of their answer, and the marks of all places that have another one."""

    places: list[int] = field(default_factory=list)
    """Of answers, ascending."""

    _nodes: list[NodeId] = field(default_factory=list)
    _blocks: list[int] = field(default_factory=list)
    _known: dict[Mark, int] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)
    _marks: dict[int, Mark] = field(default_factory=dict)
    _last: Mark | None = None

    def add(self, at: int, point: Point, mark: Mark) -> None:
        """Take the call of the newest entry."""
        self._numbers[at] = len(self.places)
        self.places.append(at)
        self._nodes.append(NodeId(point.node or ""))
        self._blocks.append(point.blocks)
        self.mark(at, mark)

    def mark(self, at: int, mark: Mark) -> None:
        """Note what holds from the newest entry on."""
        if mark is not self._last:
            self._known.setdefault(mark, len(self._known))
            self._last = mark
        self._marks[at] = mark

    def is_at(self, at: int) -> bool:
        """Whether an entry is an answer."""
        return at in self._numbers

    def point(self, at: int) -> Point:
        """Return where the conversation stood when an answer began."""
        number = self._numbers[at]
        return Point(self._nodes[number], self._blocks[number])

    def after(self, at: int) -> int | None:
        """Return the place of the first answer behind an entry in the file. None: there is none."""
        number = bisect_right(self.places, at)
        return self.places[number] if number < len(self.places) else None

    def marked(self, at: int) -> Mark | None:
        """Return the mark of an entry. None: it has none of its own."""
        return self._marks.get(at)

    def saved(self) -> dict[str, Any]:
        """Return them as values that JSON can hold; ids of nodes take 43 letters each."""
        others = [at for at in self._marks if at not in self._numbers]
        return {
            "places": self.places,
            "nodes": "".join(map(_short, self._nodes)),
            "blocks": self._blocks,
            "known": [asdict(mark) for mark in self._known],
            "marks": [self._known[self._marks[at]] for at in self.places],
            "others": [[at, self._known[self._marks[at]]] for at in others],
        }

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> "Calls":
        """Return what `saved` was called on."""
        known = [Mark(**{**mark, "lacks": tuple(mark["lacks"])}) for mark in saved["known"]]
        marks = dict(zip(saved["places"], saved["marks"], strict=True)) | dict(saved["others"])
        text: str = saved["nodes"]
        return cls(
            saved["places"],
            [_long(text[start : start + 43]) for start in range(0, len(text), 43)],
            saved["blocks"],
            {mark: number for number, mark in enumerate(known)},
            {at: number for number, at in enumerate(saved["places"])},
            {at: known[number] for at, number in marks.items()},
        )


def _short(node: NodeId) -> str:
    return b64encode(bytes.fromhex(node.removeprefix(_PREFIX))).decode().rstrip("=")


def _long(text: str) -> NodeId:
    return NodeId(f"{_PREFIX}{b64decode(f'{text}=').hex()}")
