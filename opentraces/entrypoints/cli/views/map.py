"""What happened in a trace: its requests, and below each what was done."""

from collections.abc import Iterator

from opentraces.application.map_trace import Mapped
from opentraces.domain.activity.deed import Deed
from opentraces.domain.activity.rows import Row, rows_of
from opentraces.domain.activity.turns import Turn
from opentraces.domain.amounts import count
from opentraces.entrypoints.cli.output import Bold, Dim, Good, Line, Odd, has_style
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.map_words import (
    KINDS,
    base,
    changed,
    heading,
    run_words,
    tokens,
)
from opentraces.entrypoints.cli.views.trail_words import cut, short

_NAMED = 4
"""So many files or commands of a row are named."""

_MOST = 120
"""Characters of a line where there is no terminal whose width it has to fit."""


def map_lines(mapped: Mapped, width: int | None) -> Iterator[Line]:
    """Show the sums, then each request with what was done for it."""
    yield heading(mapped)
    for turn in mapped.turns:
        told = list(_turn_lines(turn, mapped, width))
        if told:
            yield ()
        yield from told


def _turn_lines(turn: Turn, mapped: Mapped, width: int | None) -> Iterator[Line]:
    if turn.request is not None:
        room = _MOST if width is None else max(width - 16, 20)
        said = cut(turn.request.words, min(room, _MOST)) or "(nothing)"
        yield (Bold(f":{turn.first:<7}"), Bold(f"{KINDS[Deed.REQUEST]:<8}"), Bold(said))
    for row in rows_of(turn.steps, mapped.course):
        if row.deed is not Deed.REQUEST:
            yield from _row_lines(row, mapped, width, 0)


def _row_lines(row: Row, mapped: Mapped, width: int | None, depth: int) -> Iterator[Line]:
    indent = ("│ " if has_style() else "  ") * depth
    where = _steps(row.steps)
    facts = _facts(row, mapped)
    room = _MOST if width is None else max(width - 17 - 2 * depth - len(facts), 16)
    yield (
        f"{where:<8}",
        Dim(indent),
        f"{KINDS[row.deed]:<8}",
        cut(_what(row, mapped), room),
        _styled(row, facts),
        Dim(" · on a branch that was left" if row.is_left else ""),
    )
    for each in row.below:
        yield from _row_lines(each, mapped, width, depth + 1)


def _steps(steps: tuple[int, ...]) -> str:
    if not steps:
        return ""
    return f":{steps[0]}" if len(steps) == 1 else f":{steps[0]}-{steps[-1]}"


def _what(row: Row, mapped: Mapped) -> str:
    if row.deed is Deed.EDIT:
        numbers = set(row.steps)
        mine = [each for each in mapped.patches if each.made.step_index in numbers]
        if mine:
            return changed(mine)
    if row.deed in (Deed.READ, Deed.EDIT):
        return _some([base(path) for doing in row.doings for path in doing.files] or _whats(row))
    if row.deed is Deed.TEST:
        run = row.doings[0].test
        return run_words(run) if run else _whats(row)[0]
    if row.deed is Deed.COMMIT:
        made = next((doing.commit for doing in row.doings if doing.commit), "")
        return f"{short(made)}  {_whats(row)[0]}" if made else _whats(row)[0]
    if row.deed is Deed.SUBAGENT:
        helper = row.helper
        said = (helper and helper.description) or next(iter(_whats(row)), "a helper")
        kind = f" ({one_line(helper.agent_type)})" if helper and helper.agent_type else ""
        return f"{one_line(said)}{kind}"
    return _some(_whats(row))


def _whats(row: Row) -> list[str]:
    return [one_line(doing.what) for doing in row.doings]


def _some(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _NAMED
    shown = ", ".join(distinct[:_NAMED])
    return f"{shown}, {more:,} more" if more > 0 else shown


def _facts(row: Row, mapped: Mapped) -> str:
    facts = []
    if row.failed and row.deed not in (Deed.TEST, Deed.FAILURE):
        facts.append("failed" if len(row.doings) == 1 else f"{row.failed:,} failed")
    if row.helper is not None:
        number = sum(step.helper == row.helper.agent_id for step in mapped.course.steps)
        facts += [count(number, "step"), tokens(row.tokens)]
    return "".join(f" · {fact}" for fact in facts if fact)


def _styled(row: Row, facts: str) -> str:
    if row.failed:
        return Odd(facts)
    return Good(facts) if row.deed is Deed.COMMIT else Dim(facts)
