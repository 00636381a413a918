import pytest

from opentraces.domain.bounds import MOST, bounds, is_amount
from opentraces.domain.query import Field


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field.COST, ">1", (1_000_001, MOST)),
        (Field.COST, ">=1", (1_000_000, MOST)),
        (Field.COST, "<0.5", (0, 499_999)),
        (Field.COST, "<=0.5", (0, 500_000)),
        (Field.COST, ">0.0000015", (2, MOST)),
        (Field.COST, ">=0.0000015", (2, MOST)),
        (Field.COST, "<0.0000015", (0, 1)),
        (Field.COST, "<=0.0000015", (0, 1)),
        (Field.COST, "<0", (0, -1)),
        (Field.TOKENS, ">=10k", (10_000, MOST)),
        (Field.TOKENS, ">1.5K", (1501, MOST)),
        (Field.TOKENS, "<2m", (0, 1_999_999)),
        (Field.TOKENS, "<=0.5", (0, 0)),
        (Field.TOKENS, "many", (1, 0)),
    ],
)
def test_an_amount_is_a_range_of_whole_numbers(
    field: Field, value: str, expected: tuple[int, int]
) -> None:
    assert bounds(field, value) == expected


@pytest.mark.parametrize("value", ["1", ">", ">a", ">1x", "> 1", ">=1,5", ">-1", "=1", ">1.", ">٣"])
def test_what_is_no_amount(value: str) -> None:
    assert not is_amount(value)
