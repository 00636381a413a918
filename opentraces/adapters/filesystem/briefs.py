"""What a search needs of envelopes, held as long as they are what they were."""

import os
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.layout import tombstone
from opentraces.adapters.filesystem.raw_envelope import (
    count,
    read_envelope,
    taken_from,
    text,
    text_or_none,
)
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.search import TraceBrief

_MOST_RUNS = 40_000
"""Runs of which it is held where they are: some 15 MB; each trace counts as one more."""

_Stamp = tuple[int, int, int, int]


class Run(NamedTuple):
    """Where some steps are stored."""

    first: int
    """The lowest number among them."""

    last: int
    """The highest."""

    plain: int
    """Bytes they have."""

    stored: int
    """Bytes they take."""

    digest: str
    """Of the stored bytes."""

    offset: int
    """Where in the file of steps."""


class Kept(NamedTuple):
    """What an envelope says."""

    brief: TraceBrief
    """What stands beside a hit."""

    file: str | None
    """The file of its steps. None: it has none."""

    runs: tuple[Run, ...]
    """Where steps are, in the order they were written."""


class Briefs:
    """Envelopes of a bucket. Those asked for last are held, and read anew when they changed."""

    def __init__(self, bucket: Tree) -> None:
        self._bucket = bucket
        self._held: dict[TraceId, tuple[_Stamp, Kept]] = {}
        self._size_held = 0

    def of(self, trace: TraceId) -> Kept:
        """Return what a trace's envelope says now. Raises as `read`."""
        held = self._held.pop(trace, None)
        if held is None:
            return self.read(trace)
        if held[0] == self._stamp(trace) and not self._may_be_deleted(trace):
            self._held[trace] = held
            return held[1]
        self._size_held -= _size(held[1])
        return self.read(trace)

    def read(self, trace: TraceId) -> Kept:
        """Read an envelope. Raises TraceNotFound, Corrupt, NewerFormat, StorageUnavailable."""
        stamp = self._stamp(trace)  # before: what is replaced meanwhile is then read again
        kept = _kept(trace, read_envelope(self._bucket, trace))
        before = self._held.pop(trace, None)
        self._size_held -= _size(before[1]) if before else 0
        if stamp is not None:
            self._held[trace] = (stamp, kept)
            self._size_held += _size(kept)
        while self._size_held > _MOST_RUNS:
            self._size_held -= _size(self._held.pop(next(iter(self._held)))[1])
        return kept

    def _stamp(self, trace: TraceId) -> _Stamp | None:
        """Return what changes with an envelope: it is never written to, only replaced."""
        try:
            found = os.lstat(f"{self._bucket.root}/{envelope_name(trace)}")
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)

    def _may_be_deleted(self, trace: TraceId) -> bool:
        return os.path.lexists(f"{self._bucket.root}/{tombstone(trace)}")


def _size(kept: Kept) -> int:
    return 1 + len(kept.runs)


def _kept(trace: TraceId, said: dict[str, Any]) -> Kept:
    with taken_from(envelope_name(trace)):
        header, files = said["header"], said["files"]
        file = next((file for file in files if file.startswith("steps.")), None)
        return Kept(
            brief=TraceBrief(
                trace=trace,
                session=SessionId(text(header["session_id"])),
                agent=text(header["agent"]),
                project=text_or_none(header.get("project")),
                title=text_or_none(header.get("title")),
                started=text_or_none(header.get("started")),
                steps=count(header.get("steps", 0)),
            ),
            file=file,
            runs=tuple(_runs(files[file]["members"])) if file else (),
        )


def _runs(members: list[list[Any]]) -> Iterator[Run]:
    offsets = accumulate((member[3] for member in members), initial=0)
    for (first, last, plain, stored, digest, *_), offset in zip(members, offsets, strict=False):
        yield Run(count(first), count(last), plain, stored, text(digest), offset)
