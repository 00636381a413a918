"""What nothing needs any more."""

from collections.abc import Iterator

from opentraces.domain.garbage import Garbage, GarbageKind
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size

_WHAT = {
    GarbageKind.BLOBS: ("blob", "that no trace names"),
    GarbageKind.LEFTOVERS: ("file", "that interrupted writes left beside a trace"),
    GarbageKind.FOLDERS: ("folder", "of a trace that was never kept"),
    GarbageKind.DELETED: ("trace", "whose deletion was interrupted"),
    GarbageKind.TEMPORARY: ("file", "that was to be renamed"),
    GarbageKind.PROGRESS: ("note", "of how far a trace was read that is gone"),
    GarbageKind.MARKS: ("mark", "of a trace that is gone"),
    GarbageKind.RAW: ("file", "of sessions that ended before retention.keep_raw_days"),
    GarbageKind.INDEXES: ("folder", "with an index of another release"),
}
"""One piece of each kind, and what may be said of several, too."""


def garbage_lines(found: Garbage, days: int, *, dry_run: bool) -> Iterator[Line]:
    """Show how much went, then of what kinds, then what had to stay."""
    did = "Would go  " if dry_run else "Removed   "
    total = found.total
    if total.number:
        yield (Bold(did), f"{count(total.number, 'thing')}, {size(total.bytes)}")
    else:
        yield (Bold(did), f"nothing: what is here is needed, or younger than {count(days, 'day')}")
    for kind, (noun, rest) in _WHAT.items():
        heap = found.heaps.get(kind)
        if heap is not None and heap.number:
            amount = f"  {size(heap.bytes)}" if heap.bytes else ""
            yield ("          ", f"{count(heap.number, noun)} {rest}{amount}")
    if found.problems:
        yield (
            Bold("Stays     "),
            "every blob, and what was deleted: who knows what these need → ",
            "opentraces bucket repair",
        )
        yield from (
            ("          ", f"{problem.kind:<10} {one_line(problem.path)}")
            for problem in found.problems
        )
