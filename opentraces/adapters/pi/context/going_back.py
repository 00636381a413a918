"""Where a conversation stands that goes on from another entry than the last one.

What no call saw, what was said since the last answer before a prompt, and what the last compaction
kept, is said anew behind the call before it: so the nodes are those that a session has which never
left that way. Of a place
within a turn, long ago, the blocks are not held any more; it is named by the next call that saw it,
and how many blocks of that call stay.
"""

from collections.abc import Iterator, Sequence

from opentraces.adapters.pi.context.marks import Mark
from opentraces.adapters.pi.context.rows import Row
from opentraces.adapters.pi.context.standing import Due, Standing
from opentraces.adapters.pi.tree import Tree
from opentraces.domain.context.growing import Point

NO_PARENT, NO_PLACE, NO_RESULTS = "unknown_parent", "unknown_place", "unknown_results"
"""Limitations of calls that go on from an entry that is not there; from one whose blocks are not
known any more; from one of which it is not known any more whether all calls before it have a
result."""

FAR = 4096
"""Entries that are walked up to find a call, or an entry."""


def upward(tree: Tree, at: int) -> Iterator[int]:
    """Yield an entry and those above it, so far as anybody walks."""
    for _ in range(FAR):
        if at < 0:
            return
        yield at
        over = tree.above(at)
        at = over if over < at else -1


def way(tree: Tree, at: int, to: int) -> list[int] | None:
    """Return the entries from one down to another below it. None: there is no way, or it is far."""
    found = []
    for each in upward(tree, at):
        found.append(each)
        if each <= to:
            return found[::-1] if each == to else None
    return None


def go_back(standing: Standing, tree: Tree, at: int, is_orphan: bool) -> None:
    """Let the conversation go on from an entry. -1: from the beginning."""
    standing.pin()
    passed = trail(standing, tree, at)
    standing.since = passed
    standing.mark_again(_mark(standing, passed))
    if is_orphan:
        standing.mark = standing.mark.lacking(NO_PARENT)
    is_begun = not passed or _is_call(standing, passed) or tree.above(passed[0]) < 0
    base = standing.calls.point(passed[0]) if _is_call(standing, passed) else Point()
    rows = _rows(standing, passed) if is_begun else None
    if rows is None:
        _go_within(standing, tree, at, passed, base)
        return
    if standing.summed is not None and standing.summed[0] in passed:
        standing.growing.go_to(base, "compaction_fork", 0 if base.node else None)
    else:
        standing.growing.go_to(base, "rewind_branch" if base.node else "root")
    standing.growing.waiting = standing.replay(rows, standing.mark.api)


def trail(standing: Standing, tree: Tree, at: int) -> list[int]:
    """Return the entries from the last answer above an entry on, itself included."""
    found = []
    for each in upward(tree, at):
        found.append(each)
        if standing.calls.is_at(each):
            break
    return found[::-1]


def _is_call(standing: Standing, passed: Sequence[int]) -> bool:
    return bool(passed) and standing.calls.is_at(passed[0])


def _mark(standing: Standing, passed: Sequence[int]) -> Mark:
    marks = map(standing.calls.marked, reversed(passed))
    return next((mark for mark in marks if mark is not None), Mark())


def _rows(standing: Standing, passed: Sequence[int]) -> list[Row] | None:
    """Return the blocks of entries. None: they are not all held, or not all there is to it."""
    before: list[Row] = []
    if standing.summed is not None and standing.summed[0] in passed:
        at, before = standing.summed
        passed = passed[passed.index(at) + 1 :]
    if not standing.breaks.isdisjoint(passed):
        return None
    rows = held(standing, passed)
    return None if rows is None else [*before, *rows]


def held(standing: Standing, places: Sequence[int], after: Sequence[int] = ()) -> list[Row] | None:
    """Return the blocks of entries, as they were changed by those among them, and by others after.

    None: not all are held.
    """
    changed = dict(standing.edits[at] for at in (*places, *after) if at in standing.edits)
    rows: list[Row] = []
    for at in places:
        row = changed.get(at) or standing.rows.get(at)
        if row is not None:
            rows.append(row)
        elif standing.own[at] > 0 and at not in standing.breaks:
            return None
    return rows


def _go_within(standing: Standing, tree: Tree, at: int, passed: Sequence[int], base: Point) -> None:
    """Go on from among the blocks of the next call that saw an entry."""
    standing.due = Due()
    seen = standing.calls.after(at)
    over = tree.above(seen) if seen is not None else -1
    since = way(tree, over, at) if seen is not None else None
    if seen is None or since is None or not standing.breaks.isdisjoint(since[1:]):
        standing.growing.go_to(Point(), "root")
        standing.mark = standing.mark.lacking(NO_PLACE)
        return
    point = standing.calls.point(seen)
    mark = standing.calls.marked(seen)
    standing.mark = standing.mark.lacking(NO_RESULTS, *(mark.lacks if mark else ()))
    kept = _depth(standing, passed, base)
    standing.growing.go_to(point, "rewind_branch", kept if kept < point.blocks else None)


def _depth(standing: Standing, passed: Sequence[int], base: Point) -> int:
    """Return how many blocks there are up to the last of some entries."""
    depth = base.blocks
    for at in passed:
        is_anew = at in standing.breaks and at not in standing.edits
        depth = standing.own[at] if is_anew else depth + standing.own[at]
    return max(depth, 0)
