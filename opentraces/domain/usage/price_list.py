"""The prices that makers of models publish, in US dollars for a million tokens.

The makers' pages are `SOURCES`. On the day `CHECKED` the rows were compared with the public package
genai-prices 0.2.3, those of Claude's mythos with a stored copy of the page, and four of Codex's
models, which neither has, with what ccusage 20.0.24 brings along. In none of these are
`claude-sonnet-5-5` before October, which is from notes of releases, and the long prompts of
`claude-sonnet-4`, which were compared with nothing. A row of a model that stood at another price
before has the day from which on it holds; the first row holds before it, too. Prices of one's own
contract, batches, searches of the web and where a model runs are not in it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from opentraces.domain.usage.prices import Price, PriceTable, Rates

CHECKED = "2026-11-27"
"""The day on which the table was last compared."""

SOURCES = (
    "https://platform.claude.com/docs/en/about-claude/pricing",
    "https://developers.openai.com/api/docs/pricing",
)
"""Where the makers say what they ask."""


def _day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


class _Terms(NamedTuple):
    """What a price depends on, beside the tokens."""

    since: str = ""
    """The day from which on it holds; empty: from the first."""

    long: tuple[int, float, float] | None = None
    """The length of a prompt beyond which prompt and output cost so many times as much."""

    fast: float = 1.0
    """How many times as much the higher speed costs."""


def _claude(put: float, out: float, read: float = 0.1, **terms: Any) -> Price:
    """A cache write costs 1.25 times the input, one for an hour twice, a read `read` times."""
    return _price(Rates(put, out, put * read, put * 1.25, put * 2), _Terms(**terms))


def _gpt(put: float, out: float, read: float = 0.1, write: float = 1.0, **terms: Any) -> Price:
    """A cache read costs `read` times the input, a write `write` times, for however long."""
    return _price(Rates(put, out, put * read, put * write, put * write), _Terms(**terms))


def _price(rates: Rates, terms: _Terms) -> Price:
    return Price(
        rates=rates,
        since=_day(terms.since) if terms.since else 0,
        long_over=terms.long[0] if terms.long else None,
        long_rates=rates.times(*terms.long[1:]) if terms.long else None,
        fast=terms.fast,
    )


_MILLION = (200_000, 2.0, 1.5)
"""Claude with a window of a million tokens: beyond 200,000 the prompt costs twice, the rest 1.5."""

_LONG = (272_000, 2.0, 1.5)
"""The same of OpenAI's."""

_CLAUDE: dict[str, tuple[Price, ...]] = {
    "claude-3-haiku": (Price(Rates(0.25, 1.25, 0.03, 0.3, 0.5)),),
    "claude-3-opus": (_claude(15, 75),),
    "claude-3-sonnet": (_claude(3, 15),),
    "claude-3-5-haiku": (_claude(0.8, 4),),
    "claude-3-5-sonnet": (_claude(3, 15),),
    "claude-3-7-sonnet": (_claude(3, 15),),
    "claude-opus-4": (_claude(15, 75),),
    "claude-opus-4-1": (_claude(15, 75),),
    "claude-opus-4-5": (_claude(5, 25),),
    "claude-opus-4-6": (
        _claude(5, 25, long=_MILLION, fast=6),
        _claude(5, 25, fast=6, since="2026-03-13"),
    ),
    "claude-opus-4-7": (_claude(5, 25, fast=6),),
    "claude-opus-4-8": (_claude(5, 25, fast=2),),
    "claude-opus-5": (_claude(5, 25, fast=2),),
    "claude-opus-5-5": (_claude(4, 20, read=0.05, fast=2),),
    "claude-sonnet-4": (_claude(3, 15, long=_MILLION),),
    "claude-sonnet-4-5": (_claude(3, 15, long=_MILLION),),
    "claude-sonnet-4-6": (
        _claude(3, 15, long=_MILLION),
        _claude(3, 15, since="2026-03-13"),
    ),
    "claude-sonnet-5": (_claude(2, 10),),
    "claude-sonnet-5-5": (_claude(2, 10), _claude(2, 10, read=0.05, since="2026-10-07")),
    "claude-haiku-4-5": (_claude(1, 5),),
    "claude-haiku-5-5": (_claude(0.1, 0.5, long=(100_000, 5.0, 5.0)),),
    "claude-fable-5": (_claude(10, 50),),
    "claude-fable-5-1": (_claude(10, 50, read=0.025),),
    "claude-fable-5-2": (_claude(8, 40, read=0.025, fast=2),),
    "claude-mythos-5": (_claude(10, 50),),
    "claude-mythos-5-1": (_claude(10, 50, read=0.025),),
    "claude-mythos-5-2": (_claude(8, 40, read=0.025, fast=2),),
}

_GPT: dict[str, tuple[Price, ...]] = {
    "gpt-4.1": (_gpt(2, 8, read=0.25, fast=1.75),),
    "gpt-4.1-mini": (_gpt(0.4, 1.6, read=0.25, fast=1.75),),
    "o3": (_gpt(10, 40, read=0.25), _gpt(2, 8, read=0.25, fast=1.75, since="2025-06-10")),
    "o4-mini": (_gpt(1.1, 4.4, read=0.25, fast=2 / 1.1),),
    "gpt-5": (_gpt(1.25, 10, fast=2),),
    "gpt-5-codex": (_gpt(1.25, 10, fast=2),),
    "gpt-5-mini": (_gpt(0.25, 2, fast=1.8),),
    "gpt-5-nano": (_gpt(0.05, 0.4),),
    "gpt-5.1": (_gpt(1.25, 10, fast=2),),
    "gpt-5.1-codex": (_gpt(1.25, 10, fast=2),),
    "gpt-5.1-codex-max": (_gpt(1.25, 10, fast=2),),
    "gpt-5.1-codex-mini": (_gpt(0.25, 2),),
    "gpt-5.2": (_gpt(1.75, 14, fast=2),),
    "gpt-5.2-codex": (_gpt(1.75, 14, fast=2),),
    "gpt-5.3-codex": (_gpt(1.75, 14, fast=2),),
    "gpt-5.4": (_gpt(2.5, 15, long=_LONG, fast=2),),
    "gpt-5.4-mini": (_gpt(0.75, 4.5, fast=2),),
    "gpt-5.4-nano": (_gpt(0.2, 1.25),),
    "gpt-5.5": (_gpt(5, 30, long=_LONG, fast=2.5),),
    "gpt-5.6-sol": (
        _gpt(5, 30, write=1.25, long=_LONG, fast=2),
        _gpt(4, 20, write=1.25, long=_LONG, fast=2, since="2026-08-21"),
    ),
    "gpt-5.6-terra": (
        _gpt(2.5, 15, write=1.25, long=_LONG, fast=2),
        _gpt(2, 12, write=1.25, long=_LONG, fast=2, since="2026-07-30"),
    ),
    "gpt-5.6-luna": (
        _gpt(1, 6, write=1.25, long=_LONG, fast=2),
        _gpt(0.2, 1.2, write=1.25, long=_LONG, fast=2, since="2026-07-30"),
    ),
    "gpt-6-astra": (_gpt(10, 50, write=1.25, long=_LONG, fast=2),),
    "gpt-6-sol": (_gpt(2, 10, write=1.25, long=_LONG, fast=2),),
    "gpt-6-luna": (_gpt(0.1, 0.5, write=1.25, long=_LONG, fast=2),),
    "gpt-6.1-sol": (_gpt(2, 10, read=0.05, write=1.25, long=_LONG, fast=2),),
    "gpt-6.1-terra": (_gpt(1, 5, read=0.05, write=1.25, long=_LONG, fast=2),),
}


def price_table(own: Mapping[str, Price]) -> PriceTable:
    """Return the table, with the user's own prices before it."""
    return PriceTable({**_CLAUDE, **_GPT}, own)
