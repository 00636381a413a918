"""What a text and options of a command line ask for together. Imports no click."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from opentraces.application.query_traces import QueryRequest
from opentraces.domain.asked_times import parse_since
from opentraces.domain.cursors import cursor_text, parse_cursor
from opentraces.domain.errors import BadRequest
from opentraces.domain.query import Clause, Field, Query
from opentraces.domain.query_fields import read_field
from opentraces.domain.query_text import parse_query, query_text
from opentraces.domain.reach import order_of
from opentraces.domain.search import Cursor, Facet, Order

TIMES = ("since", "until")
"""Options that bound the time."""


def query_of(text: str, options: Mapping[str, str | bool | None], now: datetime) -> Query:
    """Return what a text and options ask for together. Raises BadRequest."""
    asked = parse_query(text, now=now)
    bounds = {name: _bound(options, name, now) for name in TIMES}
    since = [moment for moment in (asked.since, bounds["since"]) if moment is not None]
    until = [moment for moment in (asked.until, bounds["until"]) if moment is not None]
    return Query(
        clauses=(*asked.clauses, *_clauses(options)),
        since=max(since, default=None),
        until=min(until, default=None),
    )


def _bound(options: Mapping[str, str | bool | None], name: str, now: datetime) -> int | None:
    value = options.get(name)
    return parse_since(value, now) if isinstance(value, str) else None


def _clauses(options: Mapping[str, str | bool | None]) -> Iterator[Clause]:
    for field in Field:
        value = options.get(field.value)
        if value is None:
            continue
        said = str(value).lower() if isinstance(value, bool) else value
        clause = read_field(field.value, said, quoted=True)
        if clause is None:
            raise BadRequest(f"--{field.value} {said!r} names nothing")
        yield clause


def request_of(asked: Query, options: Mapping[str, Any], usual_limit: int) -> QueryRequest:
    """Return what is searched for. Raises BadRequest: a cursor is none, or of another order."""
    order = order_of(asked, Order(options.get("sort", Order.RELEVANCE)))
    after, limit = options.get("after"), options.get("limit")
    return QueryRequest(
        query=asked,
        limit=usual_limit if limit is None else limit,
        order=order,
        after=None if after is None else parse_cursor(after, order),
        facets=tuple(Facet(name) for name in dict.fromkeys(options.get("facets", ()))),
    )


def next_command(request: QueryRequest, cursor: Cursor) -> str:
    """Return the command that goes on with an answer, ready to be pasted into a shell."""
    text = query_text(request.query).replace("'", "'\\''")
    sort = f" --sort {request.order.value}" if request.order is not Order.RELEVANCE else ""
    rest = f"--limit {request.limit} --after {cursor_text(cursor)}"
    quoted = f" -- '{text}'" if text else ""
    return f"opentraces trace query{sort} {rest}{quoted}"
