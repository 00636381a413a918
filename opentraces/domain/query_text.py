"""Queries as people type and paste them; docs/query.md tells the grammar.

Nothing is a syntax error: what is no phrase, field, time or negation is a text to be found.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from opentraces.domain.asked_times import time_text
from opentraces.domain.query import Clause, Is, Not, Phrase, Query, Term
from opentraces.domain.query_fields import is_bare, is_name, read_field, read_time
from opentraces.domain.words import has_words

MOST_CLAUSES = 256
"""Of a longer text only so much, from its beginning, is asked for."""

SHORTEST_NEGATED = 3
"""Characters; a shorter word behind a dash is text, as in `rm -rf`."""

_LONGEST_NAME = len("project:")
_SPACE = re.compile(r"\s")


class _Time(NamedTuple):
    """A `since:` or `until:`."""

    name: str
    moment: int


_Part = Clause | _Time


def parse_query(text: str, *, now: datetime) -> Query:
    """Return what a text asks for; `now`, with its zone, is what times are counted from."""
    parts = list(islice(_parts(text, now), MOST_CLAUSES))
    if any(_says_something(part) for part in parts):
        parts = [part for part in parts if _says_something(part)]
    if all(isinstance(part, Not) and not isinstance(part.clause, Is) for part in parts):
        parts = [part.clause if isinstance(part, Not) else part for part in parts]
    times = [part for part in parts if isinstance(part, _Time)]
    return Query(
        clauses=tuple(part for part in parts if not isinstance(part, _Time)),
        since=max((time.moment for time in times if time.name == "since"), default=None),
        until=min((time.moment for time in times if time.name == "until"), default=None),
    )


def query_text(query: Query) -> str:
    """Return a text that `parse_query` reads as this query."""
    since = [] if query.since is None else [f"since:{time_text(query.since)}"]
    until = [] if query.until is None else [f"until:{time_text(query.until)}"]
    return " ".join([*since, *until, *(_clause_text(clause) for clause in query.clauses)])


def _clause_text(clause: Clause) -> str:
    if isinstance(clause, Not):
        return f"-{_clause_text(clause.clause)}"
    if isinstance(clause, Term):
        return clause.text
    if isinstance(clause, Phrase):
        return f'"{clause.text}"'
    value = clause.value if is_bare(clause.field, clause.value) else f'"{clause.value}"'
    return f"{clause.field.value}:{value}"


def _parts(text: str, now: datetime) -> Iterator[_Part]:
    """Read a text from left to right. In one of several lines, which was pasted, a dash is text."""
    is_pasted = "\n" in text.strip()
    at = len(text) - len(text.lstrip())
    while at < len(text):
        part, at = (
            (None if is_pasted else _negation(text, at, now))
            or _phrase(text, at)
            or _field(text, at, now)
            or _plain(text, at)
        )
        yield part
        at += len(text[at:]) - len(text[at:].lstrip())


def _negation(text: str, at: int, now: datetime) -> tuple[Not, int] | None:
    if not text.startswith("-", at):
        return None
    part, end = _phrase(text, at + 1) or _field(text, at + 1, now) or _plain(text, at + 1)
    if isinstance(part, _Time | Not) or not _says_something(part):
        return None
    is_word = end - at > SHORTEST_NEGATED and text[at + 1] != "-"
    is_marked = isinstance(part, Is) or text[at + 1] == '"'
    return (Not(part), end) if is_word or is_marked else None


def _phrase(text: str, at: int) -> tuple[Phrase, int] | None:
    """Read a text in quotes; a quote that is never closed is an ordinary character."""
    end = text.find('"', at + 1) if text.startswith('"', at) else -1
    return (_folded(text[at + 1 : end]), end + 1) if end > 0 else None


def _field(text: str, at: int, now: datetime) -> tuple[Is | _Time, int] | None:
    name, colon, _ = text[at : at + _LONGEST_NAME].partition(":")
    if not colon or not is_name(name):
        return None
    start = at + len(name) + 1
    quoted = _phrase(text, start)
    value = quoted[0].text if quoted else _run(text, start)
    end = quoted[1] if quoted else start + len(value)
    if not value:
        return None
    moment = read_time(name, value, now)
    part = read_field(name, value, quoted=bool(quoted)) if moment is None else _Time(name, moment)
    return (part, end) if part else None


def _plain(text: str, at: int) -> tuple[Term | Phrase, int]:
    """Read up to the next space; a phrase when, elsewhere, it would not be read as one term."""
    run = _run(text, at)
    name, _, value = run.removeprefix("-").partition(":")
    is_term = not (run.startswith(("-", '"')) or (is_name(name) and value))
    return (Term(run) if is_term else _folded(run.replace('"', " "))), at + len(run)


def _run(text: str, at: int) -> str:
    space = _SPACE.search(text, at)
    return text[at : space.start() if space else len(text)]


def _folded(text: str) -> Phrase:
    return Phrase(" ".join(text.split()))


def _says_something(part: _Part) -> bool:
    """Whether it can make a difference: a text without words is nowhere."""
    if isinstance(part, Term | Phrase):
        return has_words(part.text)
    return not isinstance(part, Not) or _says_something(part.clause)
