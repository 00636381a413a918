"""Queries as people type and paste them; docs/query.md tells the grammar.

Nothing is a syntax error: what is no phrase, field, time, negation or group is a text to be found.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from opentraces.domain.asked_times import time_text
from opentraces.domain.escapes import without_escapes
from opentraces.domain.query import (
    All,
    Any,
    Clause,
    Fuzzy,
    Is,
    Leaf,
    Not,
    Phrase,
    Prefix,
    Query,
    Term,
)
from opentraces.domain.query_fields import is_bare
from opentraces.domain.query_parts import (
    Mark,
    Part,
    Time,
    as_phrase,
    is_of_a_command,
    parts_of,
    says_something,
)

MOST_CLAUSES = 256
"""Of a longer text only so much, from its beginning, is asked for."""


class _Group(NamedTuple):
    """What stood between `(` and `)`."""

    clauses: tuple[Clause, ...]
    is_denied: bool


_Item = Clause | _Group | Mark


def parse_query(text: str, *, now: datetime) -> Query:
    """Return what a text asks for; `now`, with its zone, is what times are counted from."""
    read = _read(without_escapes(text), now)
    times = [part for part in read if isinstance(part, Time)]
    clauses = _clauses(_heard(read))
    while clauses and not times and all(_is_denial(clause) for clause in clauses):
        clauses = [each for clause in clauses for each in _undone(clause)]
    return Query(
        clauses=tuple(clauses),
        since=max((time.moment for time in times if time.name == "since"), default=None),
        until=min((time.moment for time in times if time.name == "until"), default=None),
    )


def _read(text: str, now: datetime) -> list[Part]:
    """Return the first parts of a text; in a command, a dash belongs to the word behind it."""
    parts = list(islice(parts_of(text, now), MOST_CLAUSES))
    if any(isinstance(part, Not) for part in parts) and any(map(is_of_a_command, parts)):
        return list(islice(parts_of(text, now, is_command=True), MOST_CLAUSES))
    return parts


def query_text(query: Query) -> str:
    """Return a text that `parse_query` reads as this query."""
    since = [] if query.since is None else [f"since:{time_text(query.since)}"]
    until = [] if query.until is None else [f"until:{time_text(query.until)}"]
    return " ".join([*since, *until, *(_clause_text(clause) for clause in query.clauses)])


def _clause_text(clause: Clause) -> str:
    if isinstance(clause, Any):
        return " OR ".join(_clause_text(each) for each in clause.clauses)
    if isinstance(clause, All):
        return f"({' '.join(_clause_text(each) for each in clause.clauses)})"
    if isinstance(clause, Not):
        denied = _clause_text(clause.clause)
        return f"-({denied})" if isinstance(clause.clause, Any) else f"-{denied}"
    return _leaf_text(clause)


def _leaf_text(leaf: Leaf) -> str:
    match leaf:
        case Term():
            return leaf.text
        case Phrase():
            return f'"{leaf.text}"'
        case Prefix():
            return f"{leaf.text}*"
        case Fuzzy():
            return f"{leaf.text}~" if leaf.distance == 1 else f"{leaf.text}~{leaf.distance}"
        case Is():
            value = leaf.value if is_bare(leaf.field, leaf.value) else f'"{leaf.value}"'
            return f"{leaf.field.value}:{value}"


def _heard(parts: Iterable[Part]) -> Iterator[Leaf | Not | Mark]:
    """Leave out times, and what says nothing; where nothing does, all of it is a text."""
    parts = list(parts)
    is_heard = any(isinstance(each, Time) or _is_heard(each) for each in parts)
    for part in parts:
        if isinstance(part, Mark):
            yield part if is_heard else as_phrase(part.value)
        elif not isinstance(part, Time) and (not is_heard or says_something(part)):
            yield part


def _is_heard(part: Part) -> bool:
    if isinstance(part, Mark):
        return part is Mark.OR
    return not isinstance(part, Time) and says_something(part)


def _clauses(parts: Iterable[Leaf | Not | Mark]) -> list[Clause]:
    """Put groups together; a `(` that nothing closes, and a `)` that closes nothing, are text."""
    open_groups: list[tuple[bool, list[_Item]]] = [(False, [])]
    for part in parts:
        if part in (Mark.OPEN, Mark.DENY):
            open_groups.append((part is Mark.DENY, []))
        elif part is not Mark.CLOSE:
            open_groups[-1][1].append(part)
        elif len(open_groups) > 1:
            is_denied, items = open_groups.pop()
            if items:
                open_groups[-1][1].append(_Group(tuple(_joined(items)), is_denied))
    return _joined([item for _, items in open_groups for item in items])


def _joined(items: Sequence[_Item]) -> list[Clause]:
    """Bind what stands on both sides of each `OR`; one without two sides is a word."""
    clauses: list[Clause] = []
    choices: list[_Item] = []
    is_binding = False
    for at, item in enumerate(items):
        has_sides = choices and at + 1 < len(items) and items[at + 1] is not Mark.OR
        if item is Mark.OR and has_sides and not is_binding:
            is_binding = True
            continue
        if not is_binding:
            clauses += _bound(choices)
            choices = []
        choices.append(as_phrase(item.value) if isinstance(item, Mark) else item)
        is_binding = False
    return [*clauses, *_bound(choices)]


def _bound(choices: Sequence[_Item]) -> Iterator[Clause]:
    """Yield one of several as an `Any`; one alone as it is, a group alone as what is in it."""
    if len(choices) > 1:
        yield Any(tuple(each for choice in choices for each in _choices(choice)))
    for only in choices if len(choices) == 1 else ():
        if isinstance(only, _Group):
            is_told = only.is_denied and any(isinstance(each, Any) for each in only.clauses)
            yield from [_denied(only.clauses)] if is_told else only.clauses
        elif not isinstance(only, Mark):
            yield only


def _choices(choice: _Item) -> Iterator[Clause]:
    if isinstance(choice, _Group):
        choice = _denied(choice.clauses) if choice.is_denied else _whole(choice.clauses)
    if isinstance(choice, Any):
        yield from choice.clauses
    elif not isinstance(choice, Mark | _Group):
        yield choice


def _whole(clauses: tuple[Clause, ...]) -> Clause:
    return All(clauses) if len(clauses) > 1 else clauses[0]


def _denied(clauses: tuple[Clause, ...]) -> Clause:
    whole = _whole(clauses)
    if isinstance(whole, Not):
        return whole.clause
    return Not(as_phrase(whole.text) if isinstance(whole, Term) else whole)


def _is_denial(clause: Clause) -> bool:
    """Whether it only says what text must not be there."""
    if isinstance(clause, Any):
        return all(_is_denial(each) for each in clause.clauses)
    return isinstance(clause, Not) and not _has_field(clause.clause)


def _has_field(clause: Clause) -> bool:
    if isinstance(clause, Any | All):
        return any(_has_field(each) for each in clause.clauses)
    return isinstance(clause, Is) or (isinstance(clause, Not) and _has_field(clause.clause))


def _undone(clause: Clause) -> Iterator[Clause]:
    """Yield what a denial denies."""
    if isinstance(clause, Any):
        undone = (_whole(tuple(_undone(each))) for each in clause.clauses)
        yield Any(tuple(part for each in undone for part in _choices(each)))
    elif isinstance(clause, Not) and isinstance(clause.clause, All):
        yield from clause.clause.clauses
    elif isinstance(clause, Not):
        yield clause.clause
