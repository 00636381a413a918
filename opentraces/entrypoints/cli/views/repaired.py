"""What a repair did, or would do."""

from collections.abc import Iterator, Sequence

from opentraces.domain.mending import Mend, Repaired
from opentraces.entrypoints.cli.exit_codes import DONE, FOUND_WRONG, UNAVAILABLE
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size

_INDENT = " " * 10


def repaired_lines(done: Repaired) -> Iterator[Line]:
    """Show what was mended and what was not, what came out different, and what to do next."""
    yield (Bold(_answer(done)), f"  {_checked(done)}")
    yield from _rows("Would be  " if done.dry_run else "Mended    ", done.mended)
    yield from _rows("Left      ", done.left)
    yield from _left_out(done.later)
    yield from ((Bold("Evidence  "), one_line(path)) for path in done.aside[:1])
    yield from ((_INDENT, one_line(path)) for path in done.aside[1:])
    if done.anew is not None:
        which = "would come out different" if done.dry_run else "came out different, written again"
        yield (Bold("Steps     "), f"made again of all: {count(done.anew, 'trace')} {which}")
    if done.behind is not None:
        yield (Bold("Index     "), f"not all can be found yet: {one_line(done.behind)}")
    if done.left:
        yield (
            Bold("Next      "),
            "put named files back, from a backup → opentraces bucket repair",
        )
    elif done.dry_run and done.mended:
        yield (Bold("Next      "), "opentraces bucket repair")


def exit_code(done: Repaired) -> int:
    """Return what a repair ends with; damage that remains counts before what was left out."""
    if not done.ok:
        return FOUND_WRONG
    return UNAVAILABLE if done.later else DONE


def _answer(done: Repaired) -> str:
    if not done.mended and not done.left:
        return "ok, but for what was left out" if done.later else "ok"
    mended = (
        f"{len(done.mended):,} can be mended" if done.dry_run else f"{len(done.mended):,} mended"
    )
    return f"{mended}, {len(done.left):,} left"


def _checked(done: Repaired) -> str:
    traces, files = count(done.traces, "trace"), count(done.files, "file")
    return f"{traces}, {files}, {size(done.bytes)} checked"


def _left_out(later: Sequence[Mend]) -> Iterator[Line]:
    if not later:
        return
    traces = {each.trace for each in later}
    what = count(len(traces), "trace") if None not in traces else count(len(later), "file")
    yield (Bold("Left out  "), f"{what} of a later release → upgrade opentraces")
    yield from ((_INDENT, one_line(each.path)) for each in later)


def _rows(head: str, rows: Sequence[Mend]) -> Iterator[Line]:
    for number, each in enumerate(rows):
        yield (Bold(head if number == 0 else _INDENT), one_line(each.path))
        yield (_INDENT, f"  {one_line(each.text)}")
