import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.cursors import cursor_text, parse_cursor
from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import SessionId, trace_id
from opentraces.domain.search import Cursor, Order

TRACE = trace_id("pi", SessionId("1"))
RANKS = st.floats(0, 1e9) | st.integers(0, 2**53) | st.floats(0, 1e-9)


@given(st.sampled_from(list(Order)), RANKS, st.integers(-(2**53), 2**53))
def test_the_text_of_a_cursor_is_read_as_that_cursor(
    order: Order, rank: float, moment: int
) -> None:
    cursor = Cursor(order, rank, moment, TRACE)

    assert parse_cursor(cursor_text(cursor), order) == cursor


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        parse_cursor(text, Order.TIME)


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(BadRequest, match="in the order of cost"):
        parse_cursor(cursor_text(Cursor(Order.COST, 1, 2, TRACE)), Order.TIME)
