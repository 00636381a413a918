"""What tokens cost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.usage.price_list import CHECKED, price_table
from opentraces.domain.usage.prices import Price, PriceTable, Rates
from opentraces.domain.usage.spent import Tokens

MILLION = 1_000_000
RATES = Rates(input=2, output=10, cache_read=0.2, cache_write_5m=2.5, cache_write_1h=4)
TABLE = price_table({})


def at(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("tokens", "dollars"),
    [
        (Tokens(input=MILLION), 2),
        (Tokens(output=MILLION), 10),
        (Tokens(cache_read=MILLION), 0.2),
        (Tokens(cache_write_5m=MILLION), 2.5),
        (Tokens(cache_write_1h=MILLION), 4),
        (Tokens(10, 20, 30, 40, 50), (20 + 200 + 6 + 100 + 200) / MILLION),
    ],
)
def test_each_class_has_its_price(tokens: Tokens, dollars: float) -> None:
    assert Price(RATES).cost(tokens, is_long=False, is_fast=False) == pytest.approx(dollars)


def test_a_long_prompt_and_the_higher_speed_cost_more() -> None:
    price = Price(RATES, long_over=10, long_rates=RATES.times(2, 1.5), fast=3)
    tokens = Tokens(input=MILLION, output=MILLION)

    costs = [
        price.cost(tokens, is_long=is_long, is_fast=is_fast)
        for is_long in (False, True)
        for is_fast in (False, True)
    ]

    assert costs == [12, 36, 19, 57]


def test_a_price_holds_from_its_day_on() -> None:
    first, second = Price(RATES), Price(RATES.times(2, 2), since=at("2026-03-01"))
    table = PriceTable({"m": (first, second)})

    assert table.price("m", at("2026-02-28")) is first
    assert table.price("m", at("2026-03-01")) is second
    assert table.price("m", None) is second


def test_before_the_first_day_the_first_price_holds() -> None:
    first = Price(RATES, since=at("2026-03-01"))

    assert PriceTable({"m": (first,)}).price("m", 0) is first


@pytest.mark.parametrize(
    "name",
    [
        "claude-opus-4-8",
        "Claude-Opus-4-8",
        "anthropic/claude-opus-4-8",
        "anthropic/claude-opus-4.8",
        "openrouter/anthropic/claude-opus-4.8",
        "claude-opus-4-8[1m]",
        "claude-opus-4-8-20260528",
        "claude-opus-4-8@20260528",
        "us.anthropic.claude-opus-4-8-20260528-v1:0",
        "anthropic.claude-opus-4-8-20260528-v1:0",
    ],
)
def test_a_model_is_found_without_who_serves_it_and_its_date(name: str) -> None:
    assert TABLE.price(name, None) == TABLE.price("claude-opus-4-8", None)
    assert TABLE.price(name, None) is not None


@pytest.mark.parametrize("name", ["openai/gpt-5-2025-08-07", "gpt-5-latest", "gpt-5"])
def test_so_is_one_of_another_maker(name: str) -> None:
    found = TABLE.price(name, None)

    assert found is not None
    assert found.rates.input == 1.25


@pytest.mark.parametrize("name", ["", "mock-1", "gpt-5-foo", "gpt", "claude-opus-4-80", "/", "\n"])
def test_another_name_is_another_model(name: str) -> None:
    assert TABLE.price(name, None) is None


@pytest.mark.parametrize("name", ["gpt-5.5", "openai/gpt-5.5", "OpenAI/GPT-5.5"])
def test_the_users_prices_go_before(name: str) -> None:
    own = Price(RATES)

    assert price_table({"gpt-5.5": own}).price(name, None) is own
    assert price_table({"openai/gpt-5.5": own}).price("openai/gpt-5.5", None) is own
    assert price_table({"azure/gpt-5.5": own}).price(name, None) is not own


@given(
    name=st.text(st.characters(exclude_characters="@[:")),
    seconds=st.none() | st.integers(-(2**70), 2**70),
)
def test_of_a_name_that_nobody_gave_no_price_is_known(name: str, seconds: int | None) -> None:
    assert TABLE.price(f"{name}?", seconds) is None


@given(
    served=st.sampled_from(["", "anthropic/", "a/b/", "us.anthropic."]),
    model=st.sampled_from(["claude-opus-4-8", "claude-haiku-5-5"]),
    dated=st.sampled_from(["", "-20260528", "-2026-05-28", "-latest"]),
    more=st.sampled_from(["", "@1", "[1m]", "-v1:0", ":batch"]),
)
def test_what_stands_around_a_name_changes_no_price(
    served: str, model: str, dated: str, more: str
) -> None:
    if more == "-v1:0" and not dated:
        return
    assert TABLE.price(f"{served}{model}{dated}{more}", None) == TABLE.price(model, None)


def test_lengths_are_those_at_which_a_price_changes() -> None:
    assert TABLE.lengths == (100_000, 200_000, 272_000)


CASES = [
    ("claude-sonnet-4-5", "2026-11-01", False, (3, 15, 0.3, 3.75, 6)),
    ("claude-sonnet-4-5", "2026-11-01", True, (6, 22.5, 0.6, 7.5, 12)),
    ("claude-opus-4-6", "2026-03-12", True, (10, 37.5, 1, 12.5, 20)),
    ("claude-opus-4-6", "2026-03-13", True, (5, 25, 0.5, 6.25, 10)),
    ("claude-haiku-5-5", "2026-11-01", True, (0.5, 2.5, 0.05, 0.625, 1)),
    ("claude-sonnet-5-5", "2026-10-06", False, (2, 10, 0.2, 2.5, 4)),
    ("claude-sonnet-5-5", "2026-10-07", False, (2, 10, 0.1, 2.5, 4)),
    ("claude-fable-5-1", "2026-11-01", False, (10, 50, 0.25, 12.5, 20)),
    ("gpt-5.6-luna", "2026-07-29", False, (1, 6, 0.1, 1.25, 1.25)),
    ("gpt-5.6-luna", "2026-07-30", True, (0.4, 1.8, 0.04, 0.5, 0.5)),
    ("gpt-6.1-sol", "2026-11-01", False, (2, 10, 0.1, 2.5, 2.5)),
    ("gpt-5.3-codex", "2026-11-01", False, (1.75, 14, 0.175, 1.75, 1.75)),
]


@pytest.mark.parametrize(("model", "day", "is_long", "rates"), CASES)
def test_the_table_says_what_the_makers_say(
    model: str, day: str, is_long: bool, rates: tuple[float, ...]
) -> None:
    price = TABLE.price(model, at(day))

    assert price is not None
    found = price.long_rates if is_long and price.long_rates else price.rates
    assert found == pytest.approx(rates)


def test_the_table_says_its_day() -> None:
    assert datetime.fromisoformat(CHECKED).year >= 2026
