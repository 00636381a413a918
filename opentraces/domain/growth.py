"""Whether a file grew, stayed, or was rewritten since it was kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from math import log

from opentraces.domain.envelope import Member
from opentraces.domain.ids import BlobHash, Digest


class Growth(StrEnum):
    """What became of a file."""

    SAME = "same"
    """Its bytes are those that were kept."""

    GREW = "grew"
    """It begins with the bytes that were kept, and goes on."""

    REWRITTEN = "rewritten"
    """It is another file now: shorter, or changed in what was kept."""

    EMPTIED = "emptied"
    """Nothing is left in it; what was kept stays."""


def growth(kept: Sequence[Member], pieces: Iterable[bytes]) -> Growth:
    """Compare a file with the digests of what was kept of it; reads no more than it must."""
    reader = _Reader(pieces)
    for number, member in enumerate(kept):
        found, said = reader.hashed(member.plain)
        if not found and number == 0:
            return Growth.EMPTIED
        if found < member.plain or said != member.content:
            return Growth.REWRITTEN
    more, _ = reader.hashed(1)
    return Growth.GREW if more else Growth.SAME


def growth_at_end(kept: Sequence[Member], read: Callable[[int], Iterable[bytes]]) -> Growth:
    """Compare only the last run of what was kept, however long the file is.

    `read` gives the file's bytes from an offset on. A change before that run is not seen.
    """
    before = sum(member.plain for member in kept[:-1])
    found = growth(kept[-1:], read(before))
    if before and found is Growth.EMPTIED and any(read(0)):
        return Growth.REWRITTEN
    return found


def is_step_up(before: int, after: int) -> bool:
    """Whether a length grew past one of a series of lengths, each an eighth above the last.

    What is done at these only costs, over all of a growth, no more than a fixed share of it.
    """
    return _level(after) > _level(before)


def _level(length: int) -> int:
    return int(log(length, 1.125)) if length > 0 else -1


def shared_lines(kept: bytes, waiting: bytes) -> int:
    """Return how many bytes `waiting` begins with that `kept` ends in, from a line's start on.

    No two lines are alike, so where the first that waits is kept, all that follow it there are.
    Of `kept` one byte more than `waiting` has is enough.
    """
    first = waiting[: waiting.find(b"\n") + 1]
    place = kept.find(first) if first else -1
    while place >= 0:
        is_begin = place == 0 or kept[place - 1 : place] == b"\n"
        if is_begin and waiting.startswith(kept[place:]):
            return len(kept) - place
        place = kept.find(first, place + 1)
    return 0


class _Reader:
    """Bytes in pieces, hashed in runs of the asked length, and never copied."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self._rest = memoryview(b"")

    def hashed(self, length: int) -> tuple[int, Digest]:
        """Return how many of the next `length` bytes there are, and their digest."""
        found, run = 0, BlobHash()
        while found < length:
            self._rest = self._rest or memoryview(next(self._pieces, b""))
            if not self._rest:
                break
            part = self._rest[: length - found]
            run.update(part)
            self._rest = self._rest[len(part) :]
            found += len(part)
        return found, run.digest()
