"""What tokens cost: prices of a model through time, and which of them holds for a response."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from opentraces.domain.usage.spent import Spent, Tokens

PER = 1_000_000
"""Prices are in US dollars for so many tokens."""


class Rates(NamedTuple):
    """US dollars for a million tokens of each class."""

    input: float
    """Prompt tokens computed anew."""

    output: float
    """Tokens the model wrote."""

    cache_read: float
    """Prompt tokens found in the cache."""

    cache_write_5m: float
    """Prompt tokens written to the cache, for five minutes or for how long is not said."""

    cache_write_1h: float
    """Prompt tokens written to the cache for an hour."""

    def cost(self, tokens: Tokens) -> float:
        """Return what tokens cost, in US dollars."""
        new, out, read, minutes, hour = tokens
        prompt = self.input * new + self.cache_read * read
        written = self.cache_write_5m * minutes + self.cache_write_1h * hour
        return (prompt + written + self.output * out) / PER

    def times(self, prompt: float, output: float) -> "Rates":
        """Return the rates with the prompt, and the output, so many times as dear."""
        return Rates(
            self.input * prompt,
            self.output * output,
            self.cache_read * prompt,
            self.cache_write_5m * prompt,
            self.cache_write_1h * prompt,
        )


class Price(NamedTuple):
    """What a model costs from a day on."""

    rates: Rates
    """What a response costs."""

    since: int = 0
    """From when on, in seconds since 1970."""

    long_over: int | None = None
    """A prompt of more tokens, those of the cache included, makes the whole response cost
    `long_rates`. None: the length of the prompt changes nothing."""

    long_rates: Rates | None = None
    """See `long_over`."""

    fast: float = 1.0
    """How many times as much it costs at the higher speed."""

    def cost(self, tokens: Tokens, *, is_long: bool, is_fast: bool) -> float:
        """Return what responses cost together, all of them of this speed and length."""
        rates = self.long_rates if is_long and self.long_rates is not None else self.rates
        return rates.cost(tokens) * (self.fast if is_fast else 1.0)


class PriceTable:
    """Prices by model."""

    def __init__(
        self, prices: Mapping[str, tuple[Price, ...]], own: Mapping[str, Price] | None = None
    ) -> None:
        """`prices`: of each model, ascending by day. `own`: the user's, which go before."""
        self._prices = prices
        self._own = {name.lower(): price for name, price in (own or {}).items()}
        self._found: dict[str, tuple[Price, ...]] = {}
        every = [*(each for some in prices.values() for each in some), *self._own.values()]
        self.lengths = tuple(sorted({each.long_over for each in every if each.long_over}))
        """Every length of a prompt, in tokens, beyond which some model costs another price."""

    def price(self, model: str, seconds: int | None) -> Price | None:
        """Return what a model cost then, in seconds since 1970; None: at an unknown time.

        Of a time before the first price, the first; at no known time, the last. None: no price.
        """
        prices = self._found.get(model)
        if prices is None:
            prices = self._found[model] = self._prices_of(model)
        if not prices or seconds is None:
            return prices[-1] if prices else None
        return next((each for each in reversed(prices) if each.since <= seconds), prices[0])

    def cost_of(self, spent: Spent) -> float | None:
        """Return what a response cost: what the agent wrote goes before every price.

        None: it is not known.
        """
        if spent.cost_usd is not None or spent.model is None:
            return spent.cost_usd
        seconds = None if spent.moment is None else spent.moment // 1000
        price = self.price(spent.model, seconds)
        if price is None:
            return None
        prompt = spent.tokens.total - spent.tokens.output
        is_long = price.long_over is not None and prompt > price.long_over
        return price.cost(spent.tokens, is_long=is_long, is_fast=spent.is_fast)

    def _prices_of(self, model: str) -> tuple[Price, ...]:
        for name in _names(model):
            if name in self._own:
                return (self._own[name],)
        return next((self._prices[name] for name in _names(model) if name in self._prices), ())


_DATED = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)(?:-v\d+)?$")
_AFTER = re.compile(r"[@\[:].*$", re.DOTALL)
_HOST = re.compile(r"^(?:[a-z]+\.)?anthropic\.")


def _names(model: str) -> Iterable[str]:
    """Yield the names under which a price may stand: as it is, then without who serves it and when.

    `us.anthropic.claude-opus-4-8-20260528-v1:0`, `anthropic/claude-opus-4.8` and
    `claude-opus-4-8[1m]` are one model, at the price of its maker.
    """
    whole = model.lower()
    yield whole
    short = whole.rpartition("/")[2]
    yield short
    short = _HOST.sub("", _AFTER.sub("", short))
    yield short
    short = _DATED.sub("", short)
    yield short
    if short.startswith("claude"):
        yield short.replace(".", "-")
