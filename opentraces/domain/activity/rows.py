"""What happens in a turn, as rows: what is of one kind and follows on itself is one row."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from opentraces.domain.activity.course import Course, Passed
from opentraces.domain.activity.deed import Deed, Doing
from opentraces.domain.subagents import Helper

_ALONE = (Deed.SUBAGENT, Deed.TEST, Deed.COMMIT, Deed.COMPACTION, Deed.REQUEST, Deed.FAILURE)
"""Each of these is a row of its own."""


class Row(NamedTuple):
    """Something that happens."""

    deed: Deed
    """What kind of thing."""

    steps: tuple[int, ...]
    """The steps, ascending; empty: only the steps of helpers tell of it."""

    doings: tuple[Doing, ...]
    """What exactly, in its order."""

    is_left: bool = False
    """Whether it is on a branch that was left."""

    helper: Helper | None = None
    """Of SUBAGENT: whose work stands below. None: the session does not hold it."""

    below: tuple["Row", ...] = ()
    """What that helper did."""

    tokens: int = 0
    """Tokens of the helper's responses, those from a cache and into it included."""

    @property
    def failed(self) -> int:
        """How much of it failed."""
        return sum(doing.is_failed for doing in self.doings)


def rows_of(steps: Sequence[Passed], course: Course) -> tuple[Row, ...]:
    """Return what the session itself does in some of its steps, with its helpers below."""
    rows = list(_rows([step for step in steps if step.is_own], course))
    known = {row.helper.agent_id for row in rows if row.helper is not None}
    for helper in course.helpers.values():
        is_here = any(step.helper == helper.agent_id for step in steps)
        if is_here and helper.parent_step is None and helper.agent_id not in known:
            rows.append(_helped(Row(Deed.SUBAGENT, (), ()), helper, course))
    return tuple(rows)


def _rows(steps: Sequence[Passed], course: Course) -> Iterator[Row]:
    row: Row | None = None
    for step in steps:
        for doing in step.doings:
            is_same = row is not None and (row.deed, row.is_left) == (doing.deed, step.is_left)
            if row is not None and is_same and doing.deed not in _ALONE:
                row = _with(row, step, doing)
                continue
            if row is not None:
                yield from _told(row, course)
            row = Row(doing.deed, (step.number,), (doing,), step.is_left)
    if row is not None:
        yield from _told(row, course)


def _with(row: Row, step: Passed, doing: Doing) -> Row:
    steps = row.steps if row.steps[-1] == step.number else (*row.steps, step.number)
    return row._replace(steps=steps, doings=(*row.doings, doing))


def _told(row: Row, course: Course) -> Iterator[Row]:
    if row.deed is not Deed.SUBAGENT:
        yield row
        return
    call = row.doings[0].call
    helpers = [each for each in course.helpers.values() if each.tool_call_id == call]
    yield _helped(row, helpers[0], course) if helpers else row
    yield from (_helped(Row(Deed.SUBAGENT, (), ()), each, course) for each in helpers[1:])


def _helped(row: Row, helper: Helper, course: Course) -> Row:
    own = [step for step in course.steps if step.helper == helper.agent_id]
    return row._replace(
        helper=helper,
        below=tuple(_rows(own, Course((), {}))),
        tokens=sum(step.tokens for step in own),
    )
