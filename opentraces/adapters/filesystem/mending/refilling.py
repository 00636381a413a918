"""The runs of a source's file: those that are whole, and the others out of the agent's own file."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from opentraces.adapters.filesystem.frames import expanded
from opentraces.adapters.filesystem.members import check
from opentraces.adapters.filesystem.packing import Packed, zstd_frame
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.envelope import Member, StoredFile
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import digest
from opentraces.domain.mending import Gap
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.mending import Reread


@frozen_dataclass
class Refill:
    """One run."""

    place: Gap
    """What it holds of the source."""

    packed: Packed | None
    """The run, whole. None: it is lost."""

    is_taken: bool
    """Whether it is damaged where it is kept."""


def refilled(bucket: Tree, name: str, kept: StoredFile, reread: Reread) -> Iterator[Refill]:
    """Yield the runs of a file in order; a digest proves what is taken from elsewhere."""
    with ExitStack() as held:
        opened = _opened(bucket, name)
        if opened is not None:
            held.callback(opened.close)
        offset = passed = 0
        for member in kept.members:
            place = Gap(passed, member.plain)
            stored = _whole(opened, offset, member) if opened is not None else None
            if stored is not None:
                yield Refill(place, Packed(stored, member), is_taken=False)
            else:
                yield Refill(place, _packed_again(member, reread(passed)), is_taken=True)
            offset += member.stored
            passed += member.plain


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return ranges in order, those that touch as one."""
    merged: list[Gap] = []
    for gap in gaps:
        last = merged[-1] if merged else None
        if last is not None and last.offset + last.length == gap.offset:
            merged[-1] = Gap(last.offset, last.length + gap.length)
        else:
            merged.append(gap)
    return tuple(merged)


def _opened(bucket: Tree, name: str) -> OpenFile | None:
    try:
        return bucket.open(name)
    except (Corrupt, StorageUnavailable):
        return None


def _whole(opened: OpenFile, offset: int, member: Member) -> bytes | None:
    """Return a run as it is stored. None: it is damaged, or cannot be read."""
    try:
        stored = opened.read(offset, member.stored)
        check(stored, member.digest, opened.name)
        plain = expanded(stored, member.plain, opened.name)
    except (Corrupt, StorageUnavailable):
        return None
    return stored if digest(plain) == member.content else None


def _packed_again(member: Member, pieces: Iterator[bytes]) -> Packed | None:
    held = bytearray()
    while len(held) < member.plain and (piece := next(pieces, b"")):
        held += piece
    plain = bytes(held[: member.plain])
    if len(plain) != member.plain or digest(plain) != member.content:
        return None
    (packed,) = zstd_frame(plain)
    return packed
