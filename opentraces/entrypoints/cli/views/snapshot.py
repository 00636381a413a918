"""What a snapshot did."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from opentraces.domain.snapshot import CopyFate, SnapshotTaken
from opentraces.entrypoints.cli.exit_codes import CORRUPT, DONE, FOUND_WRONG, UNAVAILABLE
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size

_CODES = {
    CopyFate.DAMAGED: CORRUPT,
    CopyFate.NEWER: UNAVAILABLE,
    CopyFate.DIFFERENT: FOUND_WRONG,
}
"""What a snapshot ends with that left something out; of several, the first of these."""

_ADVICE = {
    CopyFate.DAMAGED: "opentraces bucket repair",
    CopyFate.DIFFERENT: "take a snapshot to another folder",
}
"""What to do about it; of a later release the reason says so itself."""


def snapshot_lines(taken: SnapshotTaken, place: Path) -> Iterator[Line]:
    """Show what the copy has, then what was left out, and how it is read."""
    yield (
        Bold("Snapshot  "),
        f"{one_line(str(place))}  {count(taken.traces, 'trace')}: ",
        f"{taken.written:,} written ({size(taken.bytes)}), {taken.unchanged:,} unchanged",
        f", {taken.deleted:,} deleted" if taken.deleted else "",
    )
    for each in taken.left_out:
        yield (
            Bold("Left out  "),
            f"{each.trace}  {one_line(each.reason or '')}",
            f" → {_ADVICE[each.fate]}" if each.fate in _ADVICE else "",
        )
    yield (
        Bold("Read it   "),
        f"OPENTRACES_HOME={shlex.quote(one_line(str(place)))} opentraces trace query",
    )


def exit_code(taken: SnapshotTaken) -> int:
    """Return what a command that took a snapshot ends with."""
    fates = {each.fate for each in taken.left_out}
    return next((code for fate, code in _CODES.items() if fate in fates), DONE)
