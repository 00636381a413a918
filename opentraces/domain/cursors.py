"""Where an answer goes on, as a text that can be given back."""

import re

from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import TraceId
from opentraces.domain.search import Cursor, Order

_FORM = (  # compiled where one is given
    r"([rtc])\.(-?\d{1,17}(?:p\d{1,40})?(?:e-?\d{1,3})?)\.(-?\d{1,17})\.([0-9a-f-]{36})"
)
_LETTERS = {Order.RELEVANCE: "r", Order.TIME: "t", Order.COST: "c"}


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as a text of letters, digits, `.` and `-`."""
    rank = repr(cursor.rank).removesuffix(".0").replace(".", "p").replace("+", "")
    return f"{_LETTERS[cursor.order]}.{rank}.{cursor.moment}.{cursor.trace}"


def parse_cursor(text: str, order: Order) -> Cursor:
    """Read a cursor of an answer in that order. Raises BadRequest."""
    found = re.fullmatch(_FORM, text)
    if found is None:
        raise BadRequest(f"{text!r} is no cursor: take one from the answer that it goes on with")
    letter, rank, moment, trace = found.groups()
    if letter != _LETTERS[order]:
        meant = next(order for order, each in _LETTERS.items() if each == letter)
        raise BadRequest(f"{text!r} is of an answer in the order of {meant.value}")
    return Cursor(order, float(rank.replace("p", ".")), int(moment), TraceId(trace))
