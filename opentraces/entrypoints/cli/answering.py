"""What of an answer is wanted, as options: in which order, from where on, how much, counted how."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from opentraces.application.query_traces import QueryRequest
from opentraces.domain.cursors import cursor_text, parse_cursor
from opentraces.domain.query import Query
from opentraces.domain.query_text import query_text
from opentraces.domain.reach import order_of
from opentraces.domain.search import Cursor, Facet, Order

Decorated = Callable[..., Any]

_OPTIONS = (
    click.option(
        "--sort",
        type=click.Choice([order.value for order in Order]),
        default=Order.RELEVANCE.value,
        help="What comes first: the best, the newest or the dearest.",
    ),
    click.option(
        "--facet",
        "facets",
        multiple=True,
        type=click.Choice([facet.value for facet in Facet]),
        help="Also count the traces by this; may be given several times.",
    ),
    click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Show so many traces."),
    click.option("--after", metavar="CURSOR", help="Go on behind the trace of this cursor."),
)


def answer_options(command: Decorated) -> Decorated:
    """Give a command the options of what is wanted of an answer."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def request_of(asked: Query, options: Mapping[str, Any], usual_limit: int) -> QueryRequest:
    """Return what is searched for. Raises BadRequest: a cursor is none, or of another order."""
    order = order_of(asked, Order(options["sort"]))
    after, limit = options["after"], options["limit"]
    return QueryRequest(
        query=asked,
        limit=usual_limit if limit is None else limit,
        order=order,
        after=None if after is None else parse_cursor(after, order),
        facets=tuple(Facet(name) for name in dict.fromkeys(options["facets"])),
    )


def next_command(request: QueryRequest, cursor: Cursor) -> str:
    """Return the command that goes on with an answer, ready to be pasted into a shell."""
    text = query_text(request.query).replace("'", "'\\''")
    sort = f" --sort {request.order.value}" if request.order is not Order.RELEVANCE else ""
    rest = f"--limit {request.limit} --after {cursor_text(cursor)}"
    quoted = f" -- '{text}'" if text else ""
    return f"opentraces trace query{sort} {rest}{quoted}"
