"""How far what was put together is what the model was sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from opentraces.domain.context.blocks import Block, block_id
from opentraces.domain.context.messages import SaidBlock, flattened
from opentraces.domain.ids import Digest
from opentraces.domain.slotted import frozen_dataclass

MISSING, OTHER, EXTRA = "missing", "other", "extra"
"""First words of a kind of difference: a block was sent that we do not have; in its place we have
another; we have one that was not sent."""

Named = tuple[str, Digest]
"""Who speaks, and the id of a block."""


@frozen_dataclass
class Difference:
    """One block that is not on both sides."""

    kind: str
    """One of the three words, who speaks, and the type of the block as it was sent; of an extra
    block the type is not told."""

    sent: int | None
    """Its place among the blocks that were sent, from 0. None: it was not sent."""

    ours: int | None
    """Its place among ours, from 0. None: we have none."""


@frozen_dataclass
class Compared:
    """How one call, or several together, compare with their requests."""

    sent: int = 0
    """Blocks that were sent."""

    ours: int = 0
    """Blocks that we have."""

    equal: int = 0
    """Blocks of both, in the same order."""

    sent_messages: int = 0
    """Messages that were sent, neighbours of one role counted as one."""

    our_messages: int = 0
    """Messages that we have, counted the same way."""

    equal_messages: int = 0
    """Messages of both, in the same order, each block of them equal."""

    differences: tuple[Difference, ...] = ()
    """Of each block that is not on both sides."""

    @property
    def share(self) -> float:
        """Equal blocks among those of the longer side; 1.0 when there are none."""
        return _share(self.equal, self.sent, self.ours)

    @property
    def message_share(self) -> float:
        """Equal messages among those of the longer side; 1.0 when there are none."""
        return _share(self.equal_messages, self.sent_messages, self.our_messages)

    @property
    def kinds(self) -> Counter[str]:
        """How often each kind of difference is there."""
        return Counter(each.kind for each in self.differences)


def compared(ours: Sequence[Block], messages: Iterable[Any]) -> Compared:
    """Compare the blocks along a node's path with the `messages` of its request."""
    sent = flattened(messages)
    theirs = [(role, block_id(role, value)) for role, value in sent]
    own = [(block.role, block.id) for block in ours]
    differences: list[Difference] = []
    for place, length, other, other_length in _differing(theirs, own):
        differences += _differences(sent, own, (place, length), (other, other_length))
    equal = len(theirs) - sum(each.sent is not None for each in differences)
    their_messages, our_messages = _messages(theirs), _messages(own)
    unequal = sum(length for _, length, _, _ in _differing(their_messages, our_messages))
    return Compared(
        sent=len(theirs),
        ours=len(own),
        equal=equal,
        sent_messages=len(their_messages),
        our_messages=len(our_messages),
        equal_messages=len(their_messages) - unequal,
        differences=tuple(differences),
    )


def summed(results: Iterable[Compared]) -> Compared:
    """Add up what was compared; places of differences stay those of their own call."""
    total = Compared()
    differences: list[Difference] = []
    for each in results:
        differences += each.differences
        total = Compared(
            sent=total.sent + each.sent,
            ours=total.ours + each.ours,
            equal=total.equal + each.equal,
            sent_messages=total.sent_messages + each.sent_messages,
            our_messages=total.our_messages + each.our_messages,
            equal_messages=total.equal_messages + each.equal_messages,
            differences=tuple(differences),
        )
    return total


def _share(equal: int, one: int, other: int) -> float:
    most = max(one, other)
    return equal / most if most else 1.0


def _messages(named: Sequence[Named]) -> list[tuple[Named, ...]]:
    return [tuple(group) for _, group in groupby(named, key=lambda each: each[0])]


def _differing(sent: Sequence[Any], ours: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where two sequences differ: place and length in one, place and length in the other."""
    head = 0
    while head < min(len(sent), len(ours)) and sent[head] == ours[head]:
        head += 1
    if head == len(sent) == len(ours):
        return
    match = SequenceMatcher(None, sent[head:], ours[head:], autojunk=False)
    for tag, start, end, other, other_end in match.get_opcodes():
        if tag != "equal":
            yield head + start, end - start, head + other, other_end - other


def _differences(
    sent: Sequence[SaidBlock],
    ours: Sequence[Named],
    theirs: tuple[int, int],
    own: tuple[int, int],
) -> Iterator[Difference]:
    """Pair blocks of one role, in order; what is left over is missing or extra."""
    left = list(range(own[0], own[0] + own[1]))
    for place in range(theirs[0], theirs[0] + theirs[1]):
        role, value = sent[place]
        pair = next((each for each in left if ours[each][0] == role), None)
        word = MISSING if pair is None else OTHER
        yield Difference(f"{word} {role} {_type(value)}", place, pair)
        if pair is not None:
            left.remove(pair)
    for each in left:
        yield Difference(f"{EXTRA} {ours[each][0]}", None, each)


def _type(value: Any) -> str:
    return str(value.get("type")) if isinstance(value, Mapping) else "text"
