"""What was used: a table for each kind, most used first."""

from collections.abc import Iterator, Mapping, Sequence

from opentraces.application.list_skills import SkillsAnswer, shown
from opentraces.domain.amounts import count
from opentraces.domain.skills.asking import Used
from opentraces.domain.skills.use import Kind
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line

_TITLES: Mapping[Kind, str] = {
    Kind.SKILL: "skill",
    Kind.COMMAND: "command",
    Kind.MCP: "MCP server",
    Kind.TOOL: "tool",
}
_COLUMNS = ("used", "sessions", "folders", "failed", "after", "edits kept")
_WIDEST = 48


def skills_lines(answer: SkillsAnswer, limit: int | None) -> Iterator[Line]:
    """Show how much was used, then what; `limit`: so many of each kind. None: all."""
    groups: dict[Kind, list[Used]] = {kind: [] for kind in _TITLES}
    for used in answer.skills:
        groups[used.kind].append(used)
    told = [count(len(group), _TITLES[kind]) for kind, group in groups.items() if group]
    yield (f"{count(answer.sessions, 'session')} · {', '.join(told) or 'nothing was used'}",)
    rows = list(shown(answer.skills, limit))
    widths = _widths(rows)
    for kind, group in groups.items():
        listed = [used for used in rows if used.kind is kind]
        if listed:
            yield ()
            yield from _table(kind, listed, widths)
        if listed and len(listed) < len(group):
            yield (Dim(f"… {len(group) - len(listed):,} more"),)


def uncounted_notes(answer: SkillsAnswer) -> Iterator[str]:
    """Say what is not counted, and what to do."""
    if answer.damaged:
        named = ", ".join(trace[:8] for trace in answer.damaged)
        yield f"opentraces: damaged, not counted: {named} → opentraces bucket verify"
    if answer.later:
        named = ", ".join(trace[:8] for trace in answer.later)
        yield f"opentraces: of a later release, not counted: {named} → upgrade opentraces"
    if answer.unsaved is not None:
        yield f"opentraces: it will be counted again next time: {answer.unsaved}"


def _table(kind: Kind, rows: Sequence[Used], widths: Sequence[int]) -> Iterator[Line]:
    first, *rest = widths
    yield (Bold(f"{_TITLES[kind]:<{first}}"), Dim(_numbers(_COLUMNS, rest)))
    for used in rows:
        yield (f"{one_line(used.name):<{first}}{_numbers(_cells(used), rest)}",)


def _numbers(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _widths(rows: Sequence[Used]) -> list[int]:
    """Return how wide the names are, of all kinds, and then each column."""
    titles = max(map(len, _TITLES.values()))
    names = max((len(one_line(used.name)) for used in rows), default=0)
    columns = zip(_COLUMNS, *map(_cells, rows), strict=True)
    return [max(titles, min(names, _WIDEST)), *(max(map(len, column)) for column in columns)]


def _cells(used: Used) -> tuple[str, ...]:
    counts = used.counts
    edits = f"{counts.edits_kept:,} of {counts.edits:,}" if counts.edits else "-"
    places = (used.traces, len(used.folders))
    numbers = (counts.invocations, *places, counts.errors, counts.errors_after)
    return (*(f"{number:,}" if number else "-" for number in numbers), edits)
