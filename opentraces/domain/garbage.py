"""What lies in a home that nothing needs any more."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from opentraces.domain.audit import Problem
from opentraces.domain.slotted import frozen_dataclass


class GarbageKind(StrEnum):
    """What a piece of garbage is, and what is counted of it."""

    BLOBS = "blobs"
    """Whole files that no trace names."""

    LEFTOVERS = "leftovers"
    """Files in a trace's folder that the trace does not list."""

    FOLDERS = "folders"
    """Folders of traces of which nothing was ever committed; the bytes of their files count."""

    DELETED = "deleted"
    """Traces whose deletion was interrupted."""

    TEMPORARY = "temporary"
    """Files that were to be renamed."""

    PROGRESS = "progress"
    """How far traces were read that are gone."""

    MARKS = "marks"
    """Marks of traces that are gone."""

    RAW = "raw"
    """Bytes of sources that `retention.keep_raw_days` lets go: a piece a source, plain bytes."""

    INDEXES = "indexes"
    """Folders of indexes that this release does not read."""


class Heap(NamedTuple):
    """All garbage of one kind."""

    number: int = 0
    """How many pieces."""

    bytes: int = 0
    """Sizes of their files, added up."""


@frozen_dataclass
class Garbage:
    """What was found, and removed if that was asked for."""

    heaps: Mapping[GarbageKind, Heap] = field(default_factory=dict)
    """By kind; a kind of which there is none is left out."""

    problems: tuple[Problem, ...] = ()
    """What cannot be asked what it needs: all of it stays, and so does whatever it may need."""

    @property
    def total(self) -> Heap:
        """All kinds together."""
        return Heap(
            sum(heap.number for heap in self.heaps.values()),
            sum(heap.bytes for heap in self.heaps.values()),
        )


def added_up(parts: Iterable[Garbage]) -> Garbage:
    """Return what several places hold together."""
    heaps: dict[GarbageKind, Heap] = {}
    problems: dict[Problem, None] = {}
    for part in parts:
        problems |= dict.fromkeys(part.problems)
        for kind, heap in part.heaps.items():
            if heap.number:
                before = heaps.get(kind, Heap())
                heaps[kind] = Heap(before.number + heap.number, before.bytes + heap.bytes)
    return Garbage(heaps, tuple(problems))
