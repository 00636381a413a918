"""What entered and what left the window between two calls."""

from collections import Counter
from collections.abc import Sequence

from opentraces.domain.context.blocks import Block
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Differing:
    """Two sequences of blocks, held against each other. What is equal by id is the same block."""

    front: int
    """How many blocks both begin with."""

    left: tuple[int, ...]
    """Places in the earlier one of blocks that the later one has not, ascending."""

    entered: tuple[int, ...]
    """Places in the later one of blocks that the earlier one had not, ascending."""

    moved: int
    """How many blocks behind the common beginning both have, wherever they stand."""


def differing(before: Sequence[Block], after: Sequence[Block]) -> Differing:
    """Hold what the model saw at one call against what it saw at a later one.

    Of a block that one of them has more often, it is the last ones that left or entered.
    """
    front = 0
    for one, other in zip(before, after, strict=False):
        if one.id != other.id:
            break
        front += 1
    left = _beyond(before, after, front)
    entered = _beyond(after, before, front)
    return Differing(front, left, entered, len(before) - front - len(left))


def _beyond(these: Sequence[Block], others: Sequence[Block], front: int) -> tuple[int, ...]:
    there = Counter(block.id for block in others[front:])
    found = []
    for place in range(front, len(these)):
        if there[these[place].id]:
            there[these[place].id] -= 1
        else:
            found.append(place)
    return tuple(found)
