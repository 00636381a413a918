"""Garbage in a list."""

from dataclasses import replace
from datetime import datetime, timedelta

from opentraces.domain.audit import Problem
from opentraces.domain.garbage import Garbage, GarbageKind, Heap, added_up
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.garbage import GarbageCollector


@frozen_dataclass
class Piece:
    """One thing that nothing needs."""

    kind: GarbageKind
    """What it is."""

    size: int
    """Bytes."""

    changed: datetime
    """When it was last changed."""


class MemoryGarbageCollector(GarbageCollector):
    """See GarbageCollector."""

    def __init__(self, *pieces: Piece, problems: tuple[Problem, ...] = ()) -> None:
        """Hold `pieces`, beside something that has `problems`."""
        self.pieces = list(pieces)
        self._problems = problems

    def redate(self, now: datetime) -> None:
        """See GarbageCollector."""
        latest = now + timedelta(days=1)
        self.pieces = [
            replace(piece, changed=now) if piece.changed > latest else piece
            for piece in self.pieces
        ]

    def collect(self, latest: datetime, *, remove: bool) -> Garbage:
        """See GarbageCollector."""
        old = [piece for piece in self.pieces if piece.changed <= latest]
        if remove:
            self.pieces = [piece for piece in self.pieces if piece not in old]
        found = added_up(Garbage({piece.kind: Heap(1, piece.size)}) for piece in old)
        return Garbage(found.heaps, self._problems)
